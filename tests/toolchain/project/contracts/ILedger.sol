// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The ledger's functions and events.
interface ILedger {
    /// @notice `amount` was added.
    event Added(uint256 amount);

    /// @notice Adds half of `amount`.
    function add(uint256 amount) external;
}

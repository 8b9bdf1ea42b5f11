// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Halves, in a library that is deployed on its own.
library Halving {
    /// @notice Half of `amount`, rounded down.
    function half(uint256 amount) external pure returns (uint256) {
        return amount / 2;
    }
}

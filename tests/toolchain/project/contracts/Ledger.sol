// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ILedger} from "./ILedger.sol";
import {Halving} from "./libraries/Halving.sol";

/// @notice What the build must cope with in one contract: an immutable, constructor arguments, an import from a
/// package and a library that is deployed on its own.
contract Ledger is ILedger, EIP712 {
    /// @notice Who made this ledger.
    address public immutable keeper;

    /// @notice Sum of all halves.
    uint256 public total;

    constructor(address keeper_) EIP712("Ledger", "1") {
        keeper = keeper_;
    }

    /// @inheritdoc ILedger
    function add(uint256 amount) external {
        total += Halving.half(amount);
        emit Added(amount);
    }
}

/// @notice Makes ledgers, so that one contract's creation code lies within another's.
contract LedgerFactory {
    /// @notice The ledger that was made last.
    Ledger public last;

    /// @notice Makes a ledger kept by `keeper`.
    function make(address keeper) external {
        last = new Ledger(keeper);
    }
}

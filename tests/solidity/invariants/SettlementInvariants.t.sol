// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Steps} from "./Steps.sol";

/// @title What always holds (rules, section 6), over random histories of every step that changes anything
/// @notice A step that the contract refuses reverts: the table that forge prints says which share of the calls succeeded.
contract SettlementInvariants is Test {
    Steps internal steps;

    function setUp() public {
        steps = new Steps();
        steps.setUp();
        targetContract(address(steps));
        targetSelector(FuzzSelector(address(steps), steps.selectors()));
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: default.invariant.depth = 128
    /// forge-config: quick.invariant.runs = 4
    /// forge-config: deep.invariant.runs = 512
    /// forge-config: deep.invariant.depth = 256
    function invariant_whatAlwaysHolds() public view {
        steps.check();
    }

    /// @dev At the end of every history nothing stays in escrow, and all holds still.
    function afterInvariant() public {
        steps.emptyEscrow();
        steps.check();
    }
}

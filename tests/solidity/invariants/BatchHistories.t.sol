// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Steps} from "./Steps.sol";

/// @title A call for many equals the same calls one by one, in its order (rules, section 6.6), after any history
contract BatchHistories is Test {
    Steps internal steps;

    function setUp() public {
        vm.pauseGasMetering();
        steps = new Steps();
        steps.setUp();
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_record(uint256 seed) public {
        steps.live(seed);
        steps.compareRecording(seed);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_deliver(uint256 seed) public {
        steps.live(seed);
        steps.compareDelivery(seed);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_settle(uint256 seed) public {
        steps.live(seed);
        steps.compareSettlement(seed);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_voidOrders(uint256 seed) public {
        steps.live(seed);
        steps.compareVoiding(seed);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_claimSupport(uint256 seed) public {
        steps.live(seed);
        steps.compareClaims(seed);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_pushWithdrawals(uint256 seed) public {
        steps.live(seed);
        steps.comparePushes(seed);
    }
}

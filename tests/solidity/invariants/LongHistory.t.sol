// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {console} from "forge-std/console.sol";
import {Steps} from "./Steps.sol";

/// @title One long history in which every step succeeds
/// @notice The random histories of the invariants are short, and say nothing if their calls fail. This one is long enough for
/// years to close and for debts to be made and paid. It prints what share of each step's calls succeeded, and wants one of each.
contract LongHistory is Test {
    function test_everyStepSucceeds() public {
        vm.pauseGasMetering();
        Steps steps = new Steps();
        steps.setUp();
        Steps.Step[] memory all = steps.steps();
        uint256[] memory calls = new uint256[](all.length);
        uint256[] memory successes = new uint256[](all.length);
        uint256 length = vm.envOr("HISTORY_STEPS", _deep() ? uint256(20_000) : 2000);
        for (uint256 i = 0; i < length; ++i) {
            uint256 which = uint256(keccak256(abi.encode("step", i))) % all.length;
            (uint256 a, uint256 b) = (uint256(keccak256(abi.encode("a", i))), uint256(keccak256(abi.encode("b", i))));
            (bool success, bytes memory why) = address(steps).call(abi.encodeWithSelector(all[which].selector, a, b));
            ++calls[which];
            if (success) ++successes[which];
            else _checkRefusal(all[which].name, why);
            if (i % 100 == 99) steps.check();
        }
        console.log("calls that succeeded, of calls made:");
        for (uint256 i = 0; i < all.length; ++i) {
            uint256 share = calls[i] == 0 ? 0 : successes[i] * 100 / calls[i];
            console.log(string.concat(_left(all[i].name), _right(successes[i]), _right(calls[i]), _right(share), " %"));
        }
        for (uint256 i = 0; i < all.length; ++i) {
            assertGt(successes[i], 0, string.concat("never succeeded: ", all[i].name));
        }
        steps.emptyEscrow();
        steps.check();
    }

    /// @dev A refusal names its error; a panic is a fault of the contract's (or of a step's) own.
    function _checkRefusal(string memory step, bytes memory why) private pure {
        if (why.length < 4) revert(string.concat("refused without an error: ", step));
        bool named = bytes4(why) != bytes4(keccak256("Panic(uint256)")) && bytes4(why) != bytes4(keccak256("Error(string)"));
        assertTrue(named, string.concat("refused by a panic: ", step, " ", vm.toString(why)));
    }

    function _deep() private view returns (bool) {
        return keccak256(bytes(vm.envOr("FOUNDRY_PROFILE", string("default")))) == keccak256("deep");
    }

    function _left(string memory text) private pure returns (string memory) {
        while (bytes(text).length < 28) text = string.concat(text, " ");
        return text;
    }

    function _right(uint256 number) private pure returns (string memory text) {
        text = vm.toString(number);
        while (bytes(text).length < 7) text = string.concat(" ", text);
    }
}

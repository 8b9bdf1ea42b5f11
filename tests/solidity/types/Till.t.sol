// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ISettlementErrors} from "../../../contracts/interfaces/ISettlementErrors.sol";
import {Till} from "../../../contracts/types/Till.sol";

/// @notice The word of the brand's accounts
/// ├── what is added to or taken from one account is seen there and nowhere else
/// ├── a debt is noted of one account, leaves the amounts alone, and can be taken off again
/// └── AmountTooLarge past 56 bits
contract TillTest is Test {
    function testFuzz_AnAccountIsWrittenWithoutTheOthers(uint56[4] memory amounts, uint8 which, uint56 taken) public pure {
        uint256 id = which % 4 + 1;
        Till t = Till.wrap(0);
        for (uint256 i = 1; i <= 4; ++i) {
            t = t.plus(i, amounts[i - 1]);
        }
        taken = uint56(bound(taken, 0, amounts[id - 1]));
        t = t.withDebt(id, true).minus(id, taken);
        assertFalse(t.owesNothing());
        for (uint256 i = 1; i <= 4; ++i) {
            assertEq(t.available(i), amounts[i - 1] - (i == id ? taken : 0));
            assertEq(t.owes(i), i == id);
        }
        assertTrue(t.withDebt(id, false).owesNothing());
        uint256 left = amounts[id - 1] - taken;
        (bool enough, Till rest) = t.tryMinus(id, left);
        assertTrue(enough);
        assertEq(Till.unwrap(rest), Till.unwrap(t.minus(id, left)));
        (enough,) = t.tryMinus(id, left + 1);
        assertFalse(enough);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenASumDoesNotFit_RevertsWithAmountTooLarge() public {
        Till t = Till.wrap(0).plus(4, type(uint56).max);
        assertEq(t.available(4), type(uint56).max);
        assertTrue(t.owesNothing());
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 56, 2 ** 56 - 1));
        t.plus(4, 1);
    }
}

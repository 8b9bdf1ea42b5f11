// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ISettlementErrors} from "../../../contracts/interfaces/ISettlementErrors.sol";
import {OpenPools, OpenPoolsWord} from "../../../contracts/types/OpenPools.sol";

/// @notice The word of the open month and year
/// ├── whatever fits is read back
/// └── AmountTooLarge where the fund, the dividend or the weights do not fit
contract OpenPoolsTest is Test {
    function testFuzz_WhatFitsIsReadBack(uint16 month, uint16 year, uint64 fund, uint64 dividend, uint96 weight)
        public
        pure
    {
        OpenPools p = OpenPoolsWord.pack(month, year, fund, dividend, weight);
        assertEq(p.month(), month);
        assertEq(p.year(), year);
        assertEq(p.fund(), fund);
        assertEq(p.dividend(), dividend);
        assertEq(p.supportWeight(), weight);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheFundDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 64, 2 ** 64 - 1));
        OpenPoolsWord.pack(1, 1, 2 ** 64, 0, 0);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheDividendDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 64 + 1, 2 ** 64 - 1));
        OpenPoolsWord.pack(1, 1, 5, 2 ** 64 + 1, 0);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheWeightsDoNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 96, 2 ** 96 - 1));
        OpenPoolsWord.pack(1, 1, 5, 5, 2 ** 96);
    }
}

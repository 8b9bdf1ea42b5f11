// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ISettlementErrors} from "../../../contracts/interfaces/ISettlementErrors.sol";
import {OpenPools} from "../../../contracts/types/OpenPools.sol";

/// @notice The word of the open month and year
/// ├── whatever fits is read back, whatever was there before
/// ├── AmountTooLarge where the fund, the dividend, the weights, the month or the year do not fit
/// └── closing a month or a year counts it, and changes nothing else; the current one cannot be closed
contract OpenPoolsTest is Test {
    function testFuzz_WhatFitsIsReadBack(
        uint256 before,
        uint16 month,
        uint16 year,
        uint64 fund,
        uint64 dividend,
        uint256 weight
    ) public pure {
        OpenPools was = OpenPools.wrap(before);
        (month, year, weight) = (month % 4096, year % 512, weight % 2 ** 86);
        OpenPools p = was.holding(fund, dividend, weight);
        _assertEpochs(p, was.month(), was.year(), was.monthsClosed(), was.yearsClosed());
        p = p.movedTo(month, year);
        _assertEpochs(p, month, year, was.monthsClosed(), was.yearsClosed());
        assertEq(p.fund(), fund);
        assertEq(p.dividend(), dividend);
        assertEq(p.supportWeight(), weight);
    }

    function testFuzz_ClosingCountsIt_AndChangesNothingElse(uint256 before) public pure {
        OpenPools p = OpenPools.wrap(before);
        if (p.monthsClosed() < p.month()) {
            OpenPools q = p.withMonthClosed();
            _assertEpochs(q, p.month(), p.year(), p.monthsClosed() + 1, p.yearsClosed());
            _assertSameContents(p, q);
        }
        if (p.yearsClosed() < p.year()) {
            OpenPools q = p.withYearClosed();
            _assertEpochs(q, p.month(), p.year(), p.monthsClosed(), p.yearsClosed() + 1);
            _assertSameContents(p, q);
        }
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_TheCurrentMonthOrYearCannotBeClosed() public {
        OpenPools p = OpenPools.wrap(0).movedTo(1, 1).withMonthClosed().withYearClosed();
        vm.expectRevert();
        p.withMonthClosed();
        vm.expectRevert();
        p.withYearClosed();
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheFundDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 64, 2 ** 64 - 1));
        OpenPools.wrap(0).holding(2 ** 64, 0, 0);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheDividendDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 64 + 1, 2 ** 64 - 1));
        OpenPools.wrap(0).holding(5, 2 ** 64 + 1, 0);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheWeightsDoNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 2 ** 86, 2 ** 86 - 1));
        OpenPools.wrap(0).holding(5, 5, 2 ** 86);
    }

    /// forge-config: default.allow_internal_expect_revert = true
    function test_WhenTheMonthOrTheYearDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 4096, 4095));
        OpenPools.wrap(0).movedTo(4096, 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 512, 511));
        OpenPools.wrap(0).movedTo(0, 512);
    }

    function _assertEpochs(OpenPools p, uint256 month, uint256 year, uint256 monthsClosed, uint256 yearsClosed)
        private
        pure
    {
        assertEq(p.month(), month);
        assertEq(p.year(), year);
        assertEq(p.monthsClosed(), monthsClosed);
        assertEq(p.yearsClosed(), yearsClosed);
    }

    function _assertSameContents(OpenPools p, OpenPools q) private pure {
        assertEq(q.fund(), p.fund());
        assertEq(q.dividend(), p.dividend());
        assertEq(q.supportWeight(), p.supportWeight());
    }
}

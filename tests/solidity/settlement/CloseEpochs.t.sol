// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice closeMonth, closeYear
/// ├── when it is not the next one → EpochOutOfOrder, also where it is not over
/// ├── when 15 days have not passed since its end → EpochOpen
/// ├── when 15 days have not passed since the closing before → EpochOpen
/// ├── else → its pool is what it gathered and what was not claimed of the one before; MonthClosed, YearClosed
/// └── the dividend's cap is that of the plan in force at closing
contract CloseEpochsTest is SettlementFixture {
    function test_WhenItIsNotTheNext_RevertsWithEpochOutOfOrder() public {
        _refuseMonth(1, abi.encodeWithSelector(EpochOutOfOrder.selector, 1, 0));
        _refuseYear(1, abi.encodeWithSelector(EpochOutOfOrder.selector, 1, 0));
        _refuseMonth(type(uint256).max, abi.encodeWithSelector(EpochOutOfOrder.selector, type(uint256).max, 0));
        _refuseYear(type(uint256).max, abi.encodeWithSelector(EpochOutOfOrder.selector, type(uint256).max, 0));
        _advance(400);
        settlement.closeMonth(0);
        settlement.closeYear(0);
        _refuseMonth(0, abi.encodeWithSelector(EpochOutOfOrder.selector, 0, 1));
        _refuseYear(0, abi.encodeWithSelector(EpochOutOfOrder.selector, 0, 1));
    }

    function test_When15DaysHaveNotPassedSinceItsEnd_RevertsWithEpochOpen() public {
        bytes memory error_ = abi.encodeWithSelector(EpochOpen.selector, 0);
        _refuseMonth(0, error_);
        _advance(44);
        _refuseMonth(0, error_);
        _advance(1);
        settlement.closeMonth(0);
        _advance(29);
        _refuseMonth(1, abi.encodeWithSelector(EpochOpen.selector, 1));
        _advance(1);
        settlement.closeMonth(1);
    }

    function test_When15DaysHaveNotPassedSinceTheYearsEnd_RevertsWithEpochOpen() public {
        _advance(379);
        _refuseYear(0, abi.encodeWithSelector(EpochOpen.selector, 0));
        _advance(1);
        settlement.closeYear(0);
        _advance(364);
        _refuseYear(1, abi.encodeWithSelector(EpochOpen.selector, 1));
        _advance(1);
        settlement.closeYear(1);
    }

    function test_When15DaysHaveNotPassedSinceTheClosingBefore_RevertsWithEpochOpen() public {
        _advance(800);
        settlement.closeMonth(0);
        settlement.closeYear(0);
        _advance(14);
        _refuseMonth(1, abi.encodeWithSelector(EpochOpen.selector, 1));
        _refuseYear(1, abi.encodeWithSelector(EpochOpen.selector, 1));
        _advance(1);
        settlement.closeMonth(1);
        settlement.closeYear(1);
    }

    function test_WhenAMonthIsClosed_ItsPoolIsWhatItGatheredAndWhatWasNotClaimed() public {
        _sell(_retail(amy, 12_800));
        uint256 ben = _member(boss, 0);
        _sell(_retail(ben, 6_400));
        _advance(29);
        assertEq(settlement.today(), 45);
        vm.expectEmit(address(settlement));
        emit MonthClosed(0, 1_488, 3_840, 0);
        settlement.closeMonth(0);
        // amy alone claims its two thirds of 1 488
        settlement.claimSupport(0, _list(amy));
        _sell(_retail(ben, 12_800));
        _advance(22);
        vm.expectEmit(address(settlement));
        emit MonthClosed(1, 992 + 496, 2_560, 496);
        settlement.closeMonth(1);
        (uint256 closed, uint256 weight, uint256 pool) = _epochOfMonth(1);
        assertEq(closed, 2);
        assertEq(weight, 2_560);
        assertEq(pool, 1_488);
        _assertBalanced();
    }

    function test_WhenAnEmptyMonthIsClosed_WhatWasNotClaimedMovesOn() public {
        _sell(_retail(boss, 12_800));
        _advance(100);
        settlement.closeMonth(0);
        _advance(15);
        vm.expectEmit(address(settlement));
        emit MonthClosed(1, 1_248, 0, 1_248);
        settlement.closeMonth(1);
        _advance(15);
        vm.expectEmit(address(settlement));
        emit MonthClosed(2, 1_248, 0, 1_248);
        settlement.closeMonth(2);
        _assertBalanced();
    }

    function test_WhenAYearIsClosed_ItsCapIsThatOfThePlanInForce() public {
        _sell(_retail(boss, 12_800));
        PlanParameters memory p = _seed();
        p.dividendShareCapBps = 1_234;
        _publish(p);
        _advance(372);
        vm.expectEmit(address(settlement));
        emit YearClosed(0, 187, 0, 0, 1_234);
        settlement.closeYear(0);
        _sell(_retail(boss, 12_800));
        _advance(365);
        vm.expectEmit(address(settlement));
        emit YearClosed(1, 374, 0, 187, 1_234);
        settlement.closeYear(1);
        _assertBalanced();
    }

    function _refuseMonth(uint256 month, bytes memory error_) private {
        vm.expectRevert(error_);
        settlement.closeMonth(month);
    }

    function _refuseYear(uint256 year, bytes memory error_) private {
        vm.expectRevert(error_);
        settlement.closeYear(year);
    }
}

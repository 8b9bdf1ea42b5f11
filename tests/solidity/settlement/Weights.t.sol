// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PLATFORM} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice settle and refund: weights and what the pools gather (rules, section 5)
/// ├── a seller whose terms name a leader gets direct + guide as support weight of the month of settling; a boss none
/// ├── a diamond seller gets P − refunded as dividend weight of the year of settling; who is none then gets none
/// ├── weights of several months live side by side, also where months are skipped and where closing is late
/// ├── fund and dividend are gathered in the month and year of settling, not of recording or delivery
/// └── a refund after settlement
///     ├── debits fund and dividend out of the oldest open epoch, then the current one, then the platform
///     └── takes weight from the oldest open epoch, then the current one, no more than is there
contract WeightsTest is SettlementFixture {
    // ---- at settlement ----

    function test_WhenAMemberSells_DirectAndGuideAreItsSupportWeight() public {
        _sell(_retail(amy, 12_800));
        assertEq(_support(0, amy), 2_560);
        _sell(_inStore(amy, 12_800));
        assertEq(_support(0, amy), 2_560 + 1_792);
        assertEq(_support(0, boss) + _support(0, store) + _support(0, supplier), 0);
        _assertMonth(0, 2_560 + 1_792, 992 * 2);
    }

    function test_WhenABossSells_ThereIsNoSupportWeight() public {
        _sell(_retail(boss, 12_800));
        assertEq(_support(0, boss), 0);
        _assertMonth(0, 0, 1_248);
    }

    function test_WhenServiceIsPaid_ItIsNoWeight() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        _sell(_crossBorder(amy, 12_800));
        assertEq(_support(0, amy), 2_560);
    }

    function test_WhenTheSellerLeftSinceRecording_TheTermsLeaderStillCounts() public {
        uint256 order = _record(_retail(amy, 12_800));
        PlanParameters memory p = _seed();
        p.promotionDirects = 1;
        _publish(p);
        _sell(_retail(_member(amy, 0), 10_000));
        assertTrue(lens.participant(amy).boss);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_support(0, amy), 2_560);
    }

    function test_WhatIsGathered_BelongsToTheMonthOfSettling() public {
        uint256 order = _record(_retail(amy, 12_800));
        _deliver(order);
        _advance(29);
        uint256 other = _record(_retail(amy, 12_800));
        _deliver(other);
        _settle(order);
        _assertMonth(0, 2_560, 992);
        _advance(8);
        _settle(other);
        _assertMonth(0, 2_560, 992);
        _assertMonth(1, 2_560, 992);
        assertEq(_support(0, amy), 2_560);
        assertEq(_support(1, amy), 2_560);
        _assertYear(0, 0, 296);
    }

    function test_WhenTheMonthTurnsBetweenTwoSeconds_TheNextMonthGathers() public {
        uint256 order = _record(_retail(amy, 12_800));
        uint256 other = _record(_retail(amy, 12_800));
        _deliver(_list(order, other));
        vm.warp(20_029 days + 16 hours - 1);
        _settle(order);
        vm.warp(20_029 days + 16 hours);
        _settle(other);
        _assertMonth(0, 2_560, 992);
        _assertMonth(1, 2_560, 992);
    }

    function test_WhenMonthsAreSkippedAndNothingIsClosed_EveryWeightIsKept() public {
        uint256[4] memory months = [uint256(0), 1, 3, 9];
        for (uint256 i = 0; i < 4; ++i) {
            vm.warp(START + months[i] * 30 days);
            _sell(_retail(amy, 1_000 * (i + 1)));
        }
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(_support(months[i], amy), 200 * (i + 1));
        }
        assertEq(_support(2, amy) + _support(4, amy) + _support(8, amy) + _support(10, amy), 0);
    }

    function test_WhenADiamondSells_TheNetPriceIsItsDividendWeight() public {
        _diamond(boss);
        uint256 order = _record(_retail(boss, 12_800));
        _refund(order, 2_800);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_dividend(0, boss), 10_000);
        (, uint256 weight,) = _epochOfYear(0);
        assertEq(weight, 10_000);
        _sell(_retail(amy, 12_800));
        assertEq(_dividend(0, amy), 0);
    }

    function test_WhenADiamondSellsForTheLeastPrice_ThatIsWeightToo() public {
        _diamond(boss);
        _sell(_retail(boss, 1));
        assertEq(_dividend(0, boss), 1);
        (, uint256 weight,) = _epochOfYear(0);
        assertEq(weight, 1);
    }

    function test_WhenADiamondHostsLeadsOrHolds_ThereIsNoDividendWeight() public {
        _diamond(boss);
        _sell(_retail(amy, 12_800));
        _sell(_inStore(0, 12_800));
        assertEq(_dividend(0, boss), 0);
    }

    function test_WhenTheOrderMadeItsIntroducerADiamond_WeightsWereCountedBefore() public {
        PlanParameters memory p = _seed();
        p.diamondTeam = 1;
        _publish(p);
        uint256 bosses = _record(_retail(boss, 10_000));
        uint256 order = _record(_retail(amy, 10_000));
        uint256 second = _record(_retail(boss, 10_000));
        _deliver(_list(bosses, order, second));
        _advance(8);
        _settle(_list(bosses, order, second));
        assertEq(lens.participant(boss).tier, "diamond");
        assertEq(_dividend(0, boss), 10_000, "the second sale alone");
    }

    function test_TheDividendYearHas365Days() public {
        _diamond(boss);
        vm.warp(START + 364 days);
        uint256 order = _record(_retail(boss, 10_000));
        uint256 other = _record(_retail(boss, 10_000));
        _deliver(_list(order, other));
        vm.warp(START + 364 days + 8 days);
        _settle(_list(order, other));
        assertEq(_dividend(1, boss), 20_000);
        assertEq(_dividend(0, boss), 0);
    }

    // ---- at a refund ----

    function test_WhenRefunded_WeightAndFundAreTakenFromTheOldestOpenMonthFirst() public {
        _sell(_retail(amy, 6_400));
        vm.warp(START + 40 days);
        uint256 order = _sell(_retail(amy, 12_800));
        _assertMonth(0, 1_280, 496);
        _assertMonth(1, 2_560, 992);
        _refund(order, 12_800);
        // 992 and 2 560 are lost: month 0 first, then month 1
        _assertMonth(0, 0, 0);
        _assertMonth(1, 1_280, 496);
        assertEq(_support(0, amy), 0);
        assertEq(_support(1, amy), 1_280);
        _assertBalanced();
    }

    function test_WhenTheMonthIsClosed_WeightAndFundAreTakenFromTheCurrentOne() public {
        uint256 order = _sell(_retail(amy, 12_800));
        _advance(40);
        settlement.closeMonth(0);
        _sell(_retail(amy, 6_400));
        assertEq(settlement.today(), 56);
        _refund(order, 6_400);
        assertEq(_support(0, amy), 2_560, "closed weights stay");
        assertEq(_support(1, amy), 0);
        _assertMonth(0, 2_560, 992);
        _assertMonth(1, 0, 0);
        _assertBalanced();
    }

    function test_WhenThePoolsLackIt_ThePlatformPaysTheRest() public {
        uint256 order = _sell(_retail(amy, 12_800));
        _advance(40);
        settlement.closeMonth(0);
        _sell(_retail(amy, 1_280));
        assertEq(_available(PLATFORM), 2_828 + 285);
        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 2_828, 992, 148);
        vm.expectEmit(address(settlement));
        emit PoolsLacked(order, 893);
        vm.expectEmit(address(settlement));
        emit DebtIncurred(order, PLATFORM, 608);
        _refund(order, 12_800);
        assertEq(_available(PLATFORM), 0);
        assertEq(lens.account(PLATFORM).debt, 608);
        _assertBalanced();
    }

    function test_WhenOnlyTwoMonthsAreOpenButNotNeighbours_OldestThenCurrentAreTaken() public {
        _sell(_retail(amy, 1_000));
        vm.warp(START + 35 days);
        _sell(_retail(amy, 2_000));
        vm.warp(START + 95 days);
        uint256 order = _sell(_retail(amy, 4_000));
        // months 0, 1 and 3 are open: 0 gives its 200, 3 the rest, 1 keeps its 400
        _refund(order, 4_000);
        assertEq(_support(0, amy), 0);
        assertEq(_support(1, amy), 400);
        assertEq(_support(3, amy), 200);
        _assertBalanced();
    }

    function test_WhenThereIsLessWeight_NoMoreIsTakenThanIsThere() public {
        uint256 order = _sell(_retail(boss, 12_800));
        _sell(_retail(amy, 12_800));
        _refund(order, 12_800);
        _assertMonth(0, 2_560, 1_248 + 992 - 1_248);
        assertEq(_support(0, amy), 2_560);
    }

    function test_WhenADiamondsOrderIsRefunded_TheAmountIsTakenFromItsDividendWeight() public {
        uint256 early = _sell(_retail(boss, 5_000));
        _diamond(boss);
        uint256 order = _sell(_retail(boss, 12_800));
        _refund(order, 2_800);
        assertEq(_dividend(0, boss), 10_000);
        // sold before it was a diamond: still taken from whatever weight it has there
        _refund(early, 4_000);
        assertEq(_dividend(0, boss), 6_000);
        _refund(order, 10_000);
        assertEq(_dividend(0, boss), 0, "no more than is there");
        (, uint256 weight,) = _epochOfYear(0);
        assertEq(weight, 0);
        _assertBalanced();
    }

    function test_WhenTheYearTurned_DividendWeightIsTakenFromTheOldestOpenYearFirst() public {
        _diamond(boss);
        vm.warp(START + 340 days);
        _sell(_retail(boss, 6_000));
        vm.warp(START + 366 days);
        uint256 order = _sell(_retail(boss, 10_000));
        _refund(order, 10_000);
        assertEq(_dividend(0, boss), 0);
        assertEq(_dividend(1, boss), 6_000);
        _assertBalanced();
    }

    /// @dev Makes a boss a diamond by one active direct of its own.
    function _diamond(uint256 agent) private {
        PlanParameters memory p = _seed();
        p.diamondTeam = 1;
        _publish(p);
        _sell(_retail(_member(agent, 0), 5_000));
        assertEq(lens.participant(agent).tier, "diamond");
        _publish(_seed());
    }

    function _support(uint256 month, uint256 agent) private view returns (uint256 weight) {
        (weight,) = settlement.supportWeight(month, agent);
    }

    function _dividend(uint256 year, uint256 agent) private view returns (uint256 weight) {
        (weight,) = settlement.dividendWeight(year, agent);
    }

    function _assertMonth(uint256 month, uint256 weight, uint256 gathered) private view {
        (, uint256 w, uint256 g) = _epochOfMonth(month);
        assertEq(w, weight, "all weights");
        assertEq(g, gathered, "gathered");
    }

    function _assertYear(uint256 year, uint256 weight, uint256 gathered) private view {
        (, uint256 w, uint256 g) = _epochOfYear(year);
        assertEq(w, weight, "all weights");
        assertEq(g, gathered, "gathered");
    }
}

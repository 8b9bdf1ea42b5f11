// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ParticipantView} from "../../../contracts/SettlementLens.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice settle: activity, tiers and leaving with the team staying (rules, section 1)
/// ├── when the net price reaches activity_price of the order's plan → active, AgentActivated; one less → not
/// ├── when it becomes active → introducer's active_directs + 1; team_active + 1 of up to three above; ProgressMade
/// ├── when it is active already → nothing is counted again; a refund takes nothing back
/// ├── a guide becomes active; a host, a holder and a store do not
/// ├── tier: the highest whose condition holds under the plan in force, TierReached; never a lower one
/// └── when a member's active_directs reach promotion_directs → a boss with no leader, BecameBoss; its team stays
contract ActivityTest is SettlementFixture {
    function test_WhenTheNetPriceReachesActivityPrice_IsActive() public {
        uint256 order = _due(amy, 5_000);
        vm.expectEmit(address(settlement));
        emit AgentActivated(amy, order);
        vm.expectEmit(address(settlement));
        emit ProgressMade(boss, 1, 1);
        _settle(order);
        assertTrue(lens.participant(amy).active);
        assertFalse(lens.participant(boss).active);
        _assertProgress(boss, 1, 1);
        _assertProgress(amy, 0, 0);
    }

    function test_WhenTheNetPriceIsBelowActivityPrice_IsNotActive() public {
        _settle(_due(amy, 4_999));
        assertFalse(lens.participant(amy).active);
        uint256 order = _record(_retail(amy, 5_001));
        _refund(order, 2);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertFalse(lens.participant(amy).active);
        _assertProgress(boss, 0, 0);
    }

    function test_TheActivityPriceIsThatOfTheOrdersPlan() public {
        uint256 order = _record(_retail(amy, 5_000));
        PlanParameters memory p = _seed();
        p.activityPrice = 6_000;
        _publish(p);
        uint256 later = _record(_retail(boss, 5_999));
        _deliver(_list(order, later));
        _advance(8);
        _settle(_list(order, later));
        assertTrue(lens.participant(amy).active);
        assertFalse(lens.participant(boss).active);
    }

    function test_WhenItBecomesActive_ThreeIntroducersAboveAreTold() public {
        // boss ← amy ← b ← c ← d: as deep as this only because amy and b became bosses
        PlanParameters memory p = _seed();
        p.promotionDirects = 1;
        _publish(p);
        uint256 b = _activeMember(amy);
        uint256 c = _activeMember(b);
        _assertProgress(boss, 0, 2);
        _assertProgress(amy, 1, 2);
        uint256 order = _due(_member(c, 0), 10_000);
        vm.expectEmit(address(settlement));
        emit ProgressMade(c, 1, 1);
        vm.expectEmit(address(settlement));
        emit ProgressMade(b, 1, 2);
        vm.expectEmit(address(settlement));
        emit ProgressMade(amy, 1, 3);
        _settle(order);
        _assertProgress(amy, 1, 3);
        _assertProgress(boss, 0, 2);
    }

    function test_WhenItIsActiveAlready_NothingIsCountedAgain() public {
        _sell(_retail(amy, 10_000));
        uint256 order = _sell(_retail(amy, 10_000));
        _assertProgress(boss, 1, 1);
        _refund(order, 10_000);
        assertTrue(lens.participant(amy).active, "refunds take nothing back");
        _assertProgress(boss, 1, 1);
    }

    function test_OfAnOrdersPeopleOnlyTheSellerBecomesActive() public {
        uint256 host = _founder(0);
        vm.prank(operator);
        settlement.openGroupBuy(1, 1, 50);
        _sell(_campaign(amy, host, 1, 10_000));
        assertTrue(lens.participant(amy).active);
        assertFalse(lens.participant(host).active || lens.participant(boss).active);
        _sell(_inStore(0, 10_000));
        _sell(_inStore(host, 10_000));
        assertTrue(lens.participant(host).active, "a guide is a seller");
    }

    function test_WhenABronzeConditionHolds_TierIsReachedOnce() public {
        PlanParameters memory p = _seed();
        p.bronzeDirects = 2;
        _publish(p);
        _activeMember(boss);
        assertEq(lens.participant(boss).tier, "starter");
        uint256 member = _member(boss, 0);
        uint256 order = _due(member, 10_000);
        vm.expectEmit(address(settlement));
        emit ProgressMade(boss, 2, 2);
        vm.expectEmit(address(settlement));
        emit TierReached(boss, 1, "bronze");
        _settle(order);
        assertEq(lens.participant(boss).tier, "bronze");
    }

    function test_EveryTierHasItsName() public {
        string[4] memory names = ["bronze", "silver", "gold", "diamond"];
        for (uint256 i = 0; i < 4; ++i) {
            PlanParameters memory p = _seed();
            if (i == 0) p.bronzeDirects = 1;
            else if (i == 1) p.silverTeam = 1;
            else if (i == 2) p.goldTeam = 1;
            else p.diamondTeam = 1;
            _publish(p);
            uint256 founder = _founder(0);
            uint256 order = _due(_member(founder, 0), 10_000);
            vm.expectEmit(address(settlement));
            emit TierReached(founder, i + 1, names[i]);
            _settle(order);
            assertEq(lens.participant(founder).tier, names[i]);
        }
    }

    function test_WhenSeveralConditionsHold_TheHighestIsReached() public {
        PlanParameters memory p = _seed();
        (p.bronzeDirects, p.silverTeam, p.goldTeam) = (1, 1, 1);
        _publish(p);
        _activeMember(boss);
        assertEq(lens.participant(boss).tier, "gold");
    }

    function test_WhenTheConditionsRise_NobodyFalls() public {
        PlanParameters memory p = _seed();
        p.goldTeam = 1;
        _publish(p);
        _activeMember(boss);
        _publish(_seed());
        _activeMember(boss);
        assertEq(lens.participant(boss).tier, "gold");
    }

    function test_TierConditionsAreThoseOfThePlanInForce() public {
        uint256 order = _record(_retail(amy, 10_000));
        PlanParameters memory p = _seed();
        p.goldTeam = 1;
        _publish(p);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(lens.participant(boss).tier, "gold");
    }

    function test_TeamActiveAloneMakesNoBronze_AndDirectsNoSilver() public {
        PlanParameters memory p = _seed();
        (p.bronzeDirects, p.silverTeam) = (2, 4);
        _publish(p);
        _activeMember(amy);
        _sell(_retail(amy, 10_000));
        _assertProgress(boss, 1, 2);
        assertEq(lens.participant(boss).tier, "starter");
        _activeMember(boss);
        _assertProgress(boss, 2, 3);
        assertEq(lens.participant(boss).tier, "bronze");
        _activeMember(amy);
        assertEq(lens.participant(boss).tier, "silver");
    }

    function test_WhenDirectsReachPromotionDirects_LeavesWithTheTeamStaying() public {
        uint256 first = _activeMember(amy);
        assertFalse(lens.participant(amy).boss);
        uint256 second = _member(amy, 0);
        uint256 order = _due(second, 10_000);
        vm.expectEmit(address(settlement));
        emit ProgressMade(amy, 2, 2);
        vm.expectEmit(address(settlement));
        emit BecameBoss(amy, boss);
        vm.expectEmit(address(settlement));
        emit ProgressMade(boss, 0, 2);
        _settle(order);
        ParticipantView memory a = lens.participant(amy);
        assertTrue(a.boss);
        assertEq(a.introducer, boss, "introducer never changes");
        assertEq(lens.participant(first).leader, boss, "whoever joined before keeps its leader");
        assertEq(lens.participant(second).leader, boss);
        assertEq(lens.participant(second).level, 3);
    }

    function test_WhenItsActiveDirectsExceedALoweredPromotionDirects_LeavesWhenTheyRiseNext() public {
        PlanParameters memory p = _seed();
        p.promotionDirects = 9;
        _publish(p);
        _activeMember(amy);
        uint256 deep = _member(amy, 0);
        p.promotionDirects = 1;
        _publish(p);
        _sell(_retail(amy, 10_000));
        assertFalse(lens.participant(amy).boss);
        _sell(_retail(deep, 10_000));
        assertTrue(lens.participant(amy).boss);
    }

    function test_WhenABossReachesPromotionDirects_NothingIsTold() public {
        _activeMember(boss);
        uint256 order = _due(_member(boss, 0), 10_000);
        vm.recordLogs();
        _settle(order);
        // SupplyPaid, TeamPaid, DirectPaid, AgentActivated, ProgressMade, OrdersSettled, BrandLinesPaid
        assertEq(vm.getRecordedLogs().length, 7);
    }

    function _activeMember(uint256 introducer) private returns (uint256 member) {
        member = _member(introducer, 0);
        _sell(_retail(member, 10_000));
    }

    function _due(uint256 seller, uint256 price) private returns (uint256 order) {
        order = _record(_retail(seller, price));
        _deliver(order);
        _advance(8);
    }

    function _assertProgress(uint256 agent, uint256 directs, uint256 team) private view {
        ParticipantView memory p = lens.participant(agent);
        assertEq(p.activeDirects, directs, "active directs");
        assertEq(p.teamActive, team, "team active");
    }
}

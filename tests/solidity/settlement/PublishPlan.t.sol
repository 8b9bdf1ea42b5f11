// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Settlement} from "../../../contracts/Settlement.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice publishPlan
/// ├── when the caller is the plan administrator
/// │   ├── when nothing was scheduled → AccessManagerNotScheduled
/// │   ├── when the delay is not over → AccessManagerNotReady
/// │   ├── when the delay is over → the version is in force, PlanPublished; a second time → AccessManagerNotScheduled
/// │   ├── when the week after the delay is over, too → AccessManagerExpired
/// │   └── when the plan guardian cancelled it → AccessManagerNotScheduled; when anybody tries to → refused
/// ├── when a rate is above 10 000 → InvalidPlan(its name); at 10 000 it is taken
/// ├── when tier_bps fall → InvalidPlan; when they are equal they are taken
/// ├── when return_days < 7 → InvalidPlan; promotion_directs < 1 → InvalidPlan
/// ├── when a parameter does not fit its field → AmountTooLarge
/// └── when the plan is valid → a new version, every parameter read back as given, older versions and orders unchanged
contract PublishPlanTest is SettlementFixture {
    address private immutable planner = makeAddr("planner without delay");

    function setUp() public override {
        super.setUp();
        vm.prank(admin);
        manager.grantRole(PLAN_ADMIN, planner, 0);
    }

    // ---- the delay ----

    function test_WhenNothingWasScheduled_IsRefused() public {
        bytes32 id = manager.hashOperation(planAdmin, address(settlement), _publishCall());
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, id));
        vm.prank(planAdmin);
        settlement.publishPlan(_seed());
    }

    function test_WhenTheDelayIsNotOver_IsRefused() public {
        bytes32 id = _schedule();
        vm.warp(START + PLAN_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, id));
        vm.prank(planAdmin);
        settlement.publishPlan(_seed());
    }

    function test_WhenTheAdministratorAsksForLessThanTheDelay_IsRefused() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector,
                planAdmin,
                address(settlement),
                Settlement.publishPlan.selector
            )
        );
        vm.prank(planAdmin);
        manager.schedule(address(settlement), _publishCall(), uint48(START + PLAN_DELAY - 1));
    }

    function test_WhenTheDelayIsOver_ThePlanIsInForce_Once() public {
        bytes32 id = _schedule();
        vm.warp(START + PLAN_DELAY);
        vm.expectEmit(address(settlement));
        emit PlanPublished(2, _seed());
        vm.prank(planAdmin);
        settlement.publishPlan(_seed());
        assertEq(settlement.book().plan, 2);

        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, id));
        vm.prank(planAdmin);
        settlement.publishPlan(_seed());
    }

    function test_WhenAnotherPlanThanTheScheduledOneIsPublished_IsRefused() public {
        _schedule();
        vm.warp(START + PLAN_DELAY);
        PlanParameters memory other = _seed();
        other.teamBps = 801;
        bytes32 id =
            manager.hashOperation(planAdmin, address(settlement), abi.encodeCall(Settlement.publishPlan, (other)));
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, id));
        vm.prank(planAdmin);
        settlement.publishPlan(other);
    }

    function test_WhenTheWeekAfterTheDelayIsOver_IsRefused() public {
        bytes32 id = _schedule();
        vm.warp(START + PLAN_DELAY + 1 weeks);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerExpired.selector, id));
        vm.prank(planAdmin);
        settlement.publishPlan(_seed());
    }

    function test_WhenThePlanGuardianCancels_IsRefused() public {
        bytes32 id = _schedule();
        vm.prank(planGuardian);
        manager.cancel(planAdmin, address(settlement), _publishCall());
        vm.warp(START + PLAN_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, id));
        vm.prank(planAdmin);
        settlement.publishPlan(_seed());
        assertEq(settlement.book().plan, 1);
    }

    function test_WhenAnybodyCancels_IsRefused() public {
        _schedule();
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCancel.selector,
                anybody,
                planAdmin,
                address(settlement),
                Settlement.publishPlan.selector
            )
        );
        vm.prank(anybody);
        manager.cancel(planAdmin, address(settlement), _publishCall());
    }

    function test_WhenTheAdministratorOfRolesPublishes_IsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, admin));
        vm.prank(admin);
        settlement.publishPlan(_seed());
    }

    // ---- ranges ----

    function test_WhenARateIsAbove10000_RevertsWithInvalidPlan() public {
        for (uint256 i = 0; i < 11; ++i) {
            (PlanParameters memory p, string memory name) = _withRate(i, 10_001);
            _refuse(p, abi.encodeWithSelector(InvalidPlan.selector, name));
        }
    }

    function test_WhenEveryRateIs10000_IsTaken() public {
        PlanParameters memory p = _seed();
        p.tierBps = [uint256(10_000), 10_000, 10_000, 10_000, 10_000];
        (p.teamBps, p.capBps, p.fundBps, p.dividendBps) = (10_000, 10_000, 10_000, 10_000);
        (p.regionBps, p.hostBps, p.guideBps) = (10_000, 10_000, 10_000);
        (p.serviceBps, p.holdbackBps, p.insuranceBps, p.dividendShareCapBps) = (10_000, 10_000, 10_000, 10_000);
        _take(p);
    }

    function test_WhenATierRateIsAbove10000_RevertsWithInvalidPlan() public {
        PlanParameters memory p = _seed();
        p.tierBps[4] = 10_001;
        _refuse(p, abi.encodeWithSelector(InvalidPlan.selector, "tier_bps"));
    }

    function test_WhenTierRatesFall_RevertsWithInvalidPlan() public {
        for (uint256 i = 1; i < 5; ++i) {
            PlanParameters memory p = _seed();
            p.tierBps[i] = p.tierBps[i - 1] - 1;
            _refuse(p, abi.encodeWithSelector(InvalidPlan.selector, "tier_bps"));
        }
    }

    function test_WhenTierRatesAreEqual_IsTaken() public {
        PlanParameters memory p = _seed();
        p.tierBps = [uint256(2500), 2500, 2500, 2500, 2500];
        _take(p);
    }

    function test_WhenReturnDaysAreBelow7_RevertsWithInvalidPlan() public {
        PlanParameters memory p = _seed();
        p.returnDays = 6;
        _refuse(p, abi.encodeWithSelector(InvalidPlan.selector, "return_days"));
        p.returnDays = 7;
        _take(p);
    }

    function test_WhenPromotionDirectsAreBelow1_RevertsWithInvalidPlan() public {
        PlanParameters memory p = _seed();
        p.promotionDirects = 0;
        _refuse(p, abi.encodeWithSelector(InvalidPlan.selector, "promotion_directs"));
        p.promotionDirects = 1;
        _take(p);
    }

    function test_WhenTheFirstPlanIsInvalid_NothingIsDeployed() public {
        PlanParameters memory p = _seed();
        p.returnDays = 6;
        vm.expectRevert(abi.encodeWithSelector(InvalidPlan.selector, "return_days"));
        new Settlement(token, address(manager), UTC_OFFSET, p);
    }

    function test_WhenAParameterDoesNotFitItsField_RevertsWithAmountTooLarge() public {
        for (uint256 i = 0; i < 9; ++i) {
            uint256 limit = i < 3 ? type(uint16).max : i == 3 ? type(uint48).max : type(uint32).max;
            _refuse(_withNumber(i, limit + 1), abi.encodeWithSelector(AmountTooLarge.selector, limit + 1, limit));
            _take(_withNumber(i, limit));
        }
    }

    // ---- effects ----

    function test_WhenPublished_EarlierVersionsStayAsTheyWere() public {
        PlanParameters memory p = _seed();
        p.teamBps = 1000;
        _take(p);
        assertEq(keccak256(abi.encode(settlement.plan(1))), keccak256(abi.encode(_seed())));
    }

    function test_WhenPublished_AnOrderKeepsTheVersionThatItWasRecordedUnder() public {
        uint256 order = _record(_retail(amy, 10_000));
        PlanParameters memory p = _seed();
        (p.teamBps, p.returnDays) = (0, 30);
        vm.prank(planner);
        settlement.publishPlan(p);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_available(boss), 800, "team line under the plan of recording");
        uint256 later = _record(_retail(amy, 10_000));
        assertEq(lens.decode(termsOf[later].amounts, termsOf[later].parties).plan, 2);
        assertEq(lens.split(termsOf[later].amounts, termsOf[later].parties, 10_000).team, 0);
    }

    function testFuzz_EveryParameterIsReadBackAsGiven(PlanParameters memory p) public {
        uint256 floor;
        for (uint256 i = 0; i < 5; ++i) {
            floor = p.tierBps[i] = bound(p.tierBps[i], floor, 10_000);
        }
        (p.bronzeDirects, p.silverTeam) = (uint32(p.bronzeDirects), uint32(p.silverTeam));
        (p.goldTeam, p.diamondTeam) = (uint32(p.goldTeam), uint32(p.diamondTeam));
        (p.teamBps, p.capBps) = (p.teamBps % 10_001, p.capBps % 10_001);
        (p.fundBps, p.dividendBps) = (p.fundBps % 10_001, p.dividendBps % 10_001);
        (p.regionBps, p.hostBps, p.guideBps) = (p.regionBps % 10_001, p.hostBps % 10_001, p.guideBps % 10_001);
        (p.serviceBps, p.holdbackBps) = (p.serviceBps % 10_001, p.holdbackBps % 10_001);
        (p.insuranceBps, p.dividendShareCapBps) = (p.insuranceBps % 10_001, p.dividendShareCapBps % 10_001);
        p.returnDays = bound(p.returnDays, 7, type(uint16).max);
        p.promotionDirects = bound(p.promotionDirects, 1, type(uint32).max);
        p.activityPrice = uint48(p.activityPrice);
        (p.refundDays, p.depositLockDays) = (uint16(p.refundDays), uint16(p.depositLockDays));
        _take(p);
    }

    // ---- ways in ----

    function _publishCall() private pure returns (bytes memory) {
        return abi.encodeCall(Settlement.publishPlan, (_seed()));
    }

    function _schedule() private returns (bytes32 id) {
        vm.prank(planAdmin);
        (id,) = manager.schedule(address(settlement), _publishCall(), 0);
    }

    function _refuse(PlanParameters memory p, bytes memory error_) private {
        vm.expectRevert(error_);
        vm.prank(planner);
        settlement.publishPlan(p);
    }

    /// @dev Publishes and compares with what is read back.
    function _take(PlanParameters memory p) private {
        uint256 version = uint256(settlement.book().plan) + 1;
        vm.expectEmit(address(settlement));
        emit PlanPublished(version, p);
        vm.prank(planner);
        settlement.publishPlan(p);
        assertEq(settlement.book().plan, version);
        assertEq(keccak256(abi.encode(settlement.plan(version))), keccak256(abi.encode(p)), "read back");
    }

    function _withRate(uint256 i, uint256 bps) private pure returns (PlanParameters memory p, string memory name) {
        p = _seed();
        if (i == 0) (p.teamBps, name) = (bps, "team_bps");
        else if (i == 1) (p.capBps, name) = (bps, "cap_bps");
        else if (i == 2) (p.fundBps, name) = (bps, "fund_bps");
        else if (i == 3) (p.dividendBps, name) = (bps, "dividend_bps");
        else if (i == 4) (p.regionBps, name) = (bps, "region_bps");
        else if (i == 5) (p.hostBps, name) = (bps, "host_bps");
        else if (i == 6) (p.guideBps, name) = (bps, "guide_bps");
        else if (i == 7) (p.serviceBps, name) = (bps, "service_bps");
        else if (i == 8) (p.holdbackBps, name) = (bps, "holdback_bps");
        else if (i == 9) (p.insuranceBps, name) = (bps, "insurance_bps");
        else (p.dividendShareCapBps, name) = (bps, "dividend_share_cap_bps");
    }

    function _withNumber(uint256 i, uint256 value) private pure returns (PlanParameters memory p) {
        p = _seed();
        if (i == 0) p.returnDays = value;
        else if (i == 1) p.refundDays = value;
        else if (i == 2) p.depositLockDays = value;
        else if (i == 3) p.activityPrice = value;
        else if (i == 4) p.bronzeDirects = value;
        else if (i == 5) p.silverTeam = value;
        else if (i == 6) p.goldTeam = value;
        else if (i == 7) p.diamondTeam = value;
        else p.promotionDirects = value;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Selection} from "../../../contracts/logic/Batches.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice settle: what is refused, in the order of the rules' table (section 4); effects are in SettleLines.t.sol,
/// Activity.t.sol and Weights.t.sol
/// ├── when there is no such order → UnknownOrder
/// ├── when it is settled, also refunded in full since → passed over, nothing told
/// ├── when it is void or refunded in full → OrderClosed, also where it is held
/// ├── when it is held → OrderHeld, before campaign, delivery and window
/// ├── campaign
/// │   ├── when it is neither won nor past its deadline → CampaignPending, delivered or not
/// │   ├── when it failed and the order is not delivered → CampaignFailed
/// │   └── when it failed and the order is delivered → settles as if won
/// ├── when another day of delivery is given than that on record → TermsMismatch
/// ├── when it is not delivered → NotDelivered
/// ├── when the return window is open → ReturnWindowOpen, up to and not including day of delivery + return_days + 1,
/// │   which may be another for each order of a batch
/// └── several: all or none, in the order given; the first that is refused is named
contract SettleTest is SettlementFixture {
    function setUp() public override {
        super.setUp();
        vm.startPrank(operator);
        settlement.openGroupBuy(1, 2, 20);
        settlement.openPresale(2, 20);
        vm.stopPrank();
    }

    function test_WhenThereIsNoSuchOrder_RevertsWithUnknownOrder() public {
        _record(_retail(amy, 10_000));
        _refuse(2, abi.encodeWithSelector(UnknownOrder.selector, 2));
        _refuse(0, abi.encodeWithSelector(UnknownOrder.selector, 0));
    }

    function test_WhenSettled_IsPassedOver() public {
        uint256 order = _sell(_retail(amy, 10_000));
        uint256 other = _record(_retail(amy, 10_000));
        _deliver(other);
        _advance(8);
        vm.recordLogs();
        _settle(order);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 0);
        assertEq(_available(amy), 2000);

        _settle(_list(order, other));
        assertEq(_available(amy), 4000);
        _refund(order, 10_000);
        _settle(order);
        assertEq(_available(amy), 2000);
        _assertBalanced();
    }

    function test_WhenAnOrderIsGivenTwice_IsPaidOnce() public {
        uint256 order = _record(_retail(amy, 10_000));
        _deliver(order);
        _advance(8);
        _settle(_list(order, order));
        assertEq(_available(amy), 2000);
        assertEq(_escrow(), 0);
    }

    function test_WhenVoid_RevertsWithOrderClosed_BeforeOrderHeld() public {
        uint256 order = _record(_retail(amy, 10_000));
        _advance(89);
        _hold(order);
        _advance(1);
        _void(order);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenRefundedInFull_RevertsWithOrderClosed_DeliveredOrNot() public {
        uint256 order = _record(_retail(amy, 10_000));
        uint256 delivered = _record(_retail(amy, 10_000));
        _deliver(delivered);
        _hold(delivered);
        _refund(order, 10_000);
        _refund(delivered, 10_000);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
        _refuse(delivered, abi.encodeWithSelector(OrderClosed.selector, delivered));
    }

    function test_WhenRefundedInFullAfterDelivery_RevertsWithOrderClosed_HeldOrNot() public {
        uint256 order = _record(_retail(amy, 10_000));
        _deliver(order);
        _refund(order, 10_000);
        _advance(30);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
        assertEq(_available(amy), 0);
    }

    function test_WhenHeld_RevertsWithOrderHeld_BeforeCampaignDeliveryAndWindow() public {
        uint256 pending = _record(_campaign(amy, boss, 1, 10_000));
        uint256 undelivered = _record(_retail(amy, 10_000));
        uint256 inWindow = _record(_retail(amy, 10_000));
        _deliver(inWindow);
        _hold(pending);
        _hold(undelivered);
        _hold(inWindow);
        _refuse(pending, abi.encodeWithSelector(OrderHeld.selector, pending, 60));
        _refuse(undelivered, abi.encodeWithSelector(OrderHeld.selector, undelivered, 60));
        _refuse(inWindow, abi.encodeWithSelector(OrderHeld.selector, inWindow, 60));
    }

    function test_WhenTheHoldLapsed_TheOtherChecksFollow() public {
        uint256 order = _record(_retail(amy, 10_000));
        _hold(order);
        _advance(60);
        _refuse(order, abi.encodeWithSelector(NotDelivered.selector, order));
    }

    function test_WhenItsGroupBuyIsPending_RevertsWithCampaignPending_BeforeNotDeliveredAndWindow() public {
        uint256 order = _record(_campaign(amy, boss, 1, 10_000));
        _refuse(order, abi.encodeWithSelector(CampaignPending.selector, order, 1));
        _deliver(order);
        _refuse(order, abi.encodeWithSelector(CampaignPending.selector, order, 1));
        _advance(20);
        _refuse(order, abi.encodeWithSelector(CampaignPending.selector, order, 1));
    }

    function test_WhenItsGroupBuyIsWon_DeliveryAndWindowFollow() public {
        uint256 order = _record(_campaign(amy, boss, 1, 10_000));
        _record(_campaign(amy, boss, 1, 10_000));
        _refuse(order, abi.encodeWithSelector(NotDelivered.selector, order));
        _deliver(order);
        _refuse(order, abi.encodeWithSelector(ReturnWindowOpen.selector, order, 8));
        _advance(8);
        _settle(order);
        assertEq(_available(amy), 800);
    }

    function test_WhenItsGroupBuyWasWonByAnOrderRefundedSince_StaysWon() public {
        uint256 order = _record(_campaign(amy, boss, 1, 10_000));
        _refund(_record(_campaign(amy, boss, 1, 10_000)), 10_000);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_available(amy), 800);
    }

    function test_WhenItsGroupBuyFailed_RevertsWithCampaignFailed_UnlessDelivered() public {
        uint256 order = _record(_campaign(amy, boss, 1, 10_000));
        _advance(21);
        _refuse(order, abi.encodeWithSelector(CampaignFailed.selector, order, 1));
        _deliver(order);
        _refuse(order, abi.encodeWithSelector(ReturnWindowOpen.selector, order, 29));
        _advance(8);
        _settle(order);
        assertEq(_available(amy), 800, "as if won");
    }

    function test_WhenItsPresaleBalanceIsNotPaid_IsPendingThenFailed() public {
        uint256 order = _record(_campaign(amy, boss, 2, 10_000));
        uint256 paid = _record(_campaign(amy, boss, 2, 10_000));
        _payBalance(paid);
        _refuse(order, abi.encodeWithSelector(CampaignPending.selector, order, 2));
        _refuse(paid, abi.encodeWithSelector(NotDelivered.selector, paid));
        _advance(21);
        _refuse(order, abi.encodeWithSelector(CampaignFailed.selector, order, 2));
        _refuse(paid, abi.encodeWithSelector(NotDelivered.selector, paid));
    }

    function test_WhenNotDelivered_RevertsWithNotDelivered() public {
        uint256 order = _recordMany(3);
        _deliver(_list(order, order + 2));
        _advance(50);
        _refuse(order + 1, abi.encodeWithSelector(NotDelivered.selector, order + 1));
        _deliver(order + 1);
        _advance(8);
        _settle(order + 1);
    }

    function test_WhenAnotherDayOfDeliveryIsGiven_RevertsWithTermsMismatch() public {
        uint256 order = _recordMany(2);
        _deliver(order + 1);
        _advance(3);
        _deliver(order);
        _advance(5);
        Selection[] memory sels = _select(_list(order));
        for (uint256 day = 0; day < 3; ++day) {
            sels[0].deliveries[1] = (day << 240) | 1;
            vm.expectRevert(abi.encodeWithSelector(TermsMismatch.selector, order));
            settlement.settle(sels);
        }
        _refuse(order, abi.encodeWithSelector(ReturnWindowOpen.selector, order, 11));
    }

    function test_WhenOrdersOfABatchWereDeliveredOnSeveralDays_EachHasItsOwnWindow() public {
        uint256 order = _recordMany(3);
        for (uint256 i = 0; i < 3; ++i) {
            _deliver(order + i);
            _advance(i < 2 ? 1 : 5);
        }
        assertEq(settlement.today(), 7);
        _refuse(order, abi.encodeWithSelector(ReturnWindowOpen.selector, order, 8));
        _advance(1);
        _refuseTogether(order, 7, abi.encodeWithSelector(ReturnWindowOpen.selector, order + 1, 9));
        _settle(order);
        _refuseTogether(order, 6, abi.encodeWithSelector(ReturnWindowOpen.selector, order + 1, 9));
        _advance(1);
        _refuseTogether(order, 7, abi.encodeWithSelector(ReturnWindowOpen.selector, order + 2, 10));
        _advance(1);
        Selection[] memory sels = new Selection[](1);
        sels[0] = _selectMembers(order, 7);
        settlement.settle(sels);
        assertEq(_available(amy), 6000);
    }

    function test_WhenTheReturnWindowIsOpen_RevertsWithReturnWindowOpen_ToTheLastSecond() public {
        _advance(2);
        uint256 order = _record(_retail(amy, 10_000));
        _deliver(order);
        bytes memory error_ = abi.encodeWithSelector(ReturnWindowOpen.selector, order, 10);
        _refuse(order, error_);
        // local midnight of day 10 is 16:00 UTC
        vm.warp(20_009 days + 16 hours - 1);
        _refuse(order, error_);
        vm.warp(20_009 days + 16 hours);
        _settle(order);
        assertEq(_available(amy), 2000);
    }

    function test_TheReturnWindowIsThatOfTheOrdersPlan() public {
        uint256 before = _record(_retail(amy, 10_000));
        PlanParameters memory p = _seed();
        p.returnDays = 15;
        _publish(p);
        uint256 order = _record(_retail(amy, 10_000));
        _deliver(_list(before, order));
        _advance(8);
        _refuse(order, abi.encodeWithSelector(ReturnWindowOpen.selector, order, 16));
        _refuse(_list(before, order), abi.encodeWithSelector(ReturnWindowOpen.selector, order, 16));
        _settle(before);
        _advance(7);
        _refuse(order, abi.encodeWithSelector(ReturnWindowOpen.selector, order, 16));
        _advance(1);
        _settle(order);
        assertEq(_available(amy), 4000);
    }

    function test_WhenOneOfSeveralIsRefused_NoneIsSettled_AndTheFirstInTheOrderGivenIsNamed() public {
        uint256 due = _record(_retail(amy, 10_000));
        uint256 undelivered = _record(_retail(amy, 10_000));
        uint256 held = _record(_retail(amy, 10_000));
        _deliver(_list(due, held));
        _hold(held);
        _advance(8);
        _refuse(_list(due, undelivered, held), abi.encodeWithSelector(NotDelivered.selector, undelivered));
        _refuse(_list(due, held, undelivered), abi.encodeWithSelector(OrderHeld.selector, held, 60));
        assertEq(_available(amy), 0);
        assertEq(_escrow(), 30_000);
        _settle(due);
    }

    function test_WhenOneOfABatchIsRefused_TheLowestIsNamed() public {
        _recordMany(4);
        _deliver(_list(1, 2, 4));
        _hold(4);
        _advance(8);
        _refuseTogether(1, 15, abi.encodeWithSelector(NotDelivered.selector, 3));
    }

    function test_WhenNothingIsGiven_NothingHappens() public {
        uint256 treasury = _treasury();
        settlement.settle(new Selection[](0));
        assertEq(_treasury(), treasury);
    }

    function _refuse(uint256 order, bytes memory error_) private {
        _refuse(_list(order), error_);
    }

    function _refuse(uint256[] memory orders, bytes memory error_) private {
        vm.expectRevert(error_);
        settlement.settle(_select(orders));
    }

    /// @dev Members of one batch, in one selection.
    function _refuseTogether(uint256 first, uint256 members, bytes memory error_) private {
        Selection[] memory sels = new Selection[](1);
        sels[0] = _selectMembers(first, members);
        vm.expectRevert(error_);
        settlement.settle(sels);
    }

    function _recordMany(uint256 count) private returns (uint256) {
        OrderInput[] memory orders = new OrderInput[](count);
        for (uint256 i = 0; i < count; ++i) {
            orders[i] = _retail(amy, 10_000);
        }
        return _record(orders);
    }
}

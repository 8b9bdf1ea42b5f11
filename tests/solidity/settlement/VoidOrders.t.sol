// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Selection} from "../../../contracts/logic/Batches.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice voidOrders
/// ├── when there is no such order → UnknownOrder
/// ├── when it is settled, void or refunded in full → OrderClosed, also where it is delivered
/// ├── when it is delivered → AlreadyDelivered, also where its campaign failed
/// ├── when its campaign has not failed and 90 days have not passed → NotVoidable
/// │   ├── pending, won, or of no campaign: from day of recording + 90
/// │   └── failed: from the day after the deadline
/// ├── when it can be voided → its escrow goes back to the treasury, held or not; OrderVoided
/// ├── when it was refunded in part → what is left goes back
/// └── several: all or none, in the order given
contract VoidOrdersTest is SettlementFixture {
    function setUp() public override {
        super.setUp();
        vm.startPrank(operator);
        settlement.openGroupBuy(1, 2, 10);
        settlement.openPresale(2, 10);
        vm.stopPrank();
    }

    function test_WhenThereIsNoSuchOrder_RevertsWithUnknownOrder() public {
        _refuse(1, abi.encodeWithSelector(UnknownOrder.selector, 1));
    }

    function test_WhenSettled_RevertsWithOrderClosed_BeforeAlreadyDelivered() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
        _refund(order, 10_000);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenVoid_RevertsWithOrderClosed() public {
        uint256 order = _record(_retail(amy, 10_000));
        _advance(90);
        _void(order);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenRefundedInFull_RevertsWithOrderClosed_BeforeAlreadyDeliveredAndNotVoidable() public {
        uint256 order = _record(_retail(amy, 10_000));
        uint256 delivered = _record(_retail(amy, 10_000));
        _deliver(delivered);
        _refund(order, 10_000);
        _refund(delivered, 10_000);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
        _refuse(delivered, abi.encodeWithSelector(OrderClosed.selector, delivered));
    }

    function test_WhenDelivered_RevertsWithAlreadyDelivered() public {
        uint256 order = _record(_retail(amy, 10_000));
        uint256 failed = _record(_campaign(amy, boss, 1, 10_000));
        _deliver(_list(order, failed));
        _refuse(order, abi.encodeWithSelector(AlreadyDelivered.selector, order));
        _advance(100);
        _refuse(order, abi.encodeWithSelector(AlreadyDelivered.selector, order));
        _refuse(failed, abi.encodeWithSelector(AlreadyDelivered.selector, failed));
    }

    function test_WhenNot90DaysOld_RevertsWithNotVoidable() public {
        _advance(3);
        uint256 order = _record(_retail(amy, 10_000));
        bytes memory error_ = abi.encodeWithSelector(NotVoidable.selector, order, 93);
        _refuse(order, error_);
        _advance(89);
        _refuse(order, error_);
        _advance(1);
        _void(order);
    }

    function test_WhenItsGroupBuyIsPending_RevertsWithNotVoidable_UntilItFails() public {
        uint256 order = _record(_campaign(amy, boss, 1, 10_000));
        _advance(10);
        _refuse(order, abi.encodeWithSelector(NotVoidable.selector, order, 90));
        _advance(1);
        _void(order);
        assertEq(_treasury(), FUNDS);
    }

    function test_WhenItsGroupBuyIsWon_RevertsWithNotVoidable() public {
        uint256 order = _record(_campaign(amy, boss, 1, 10_000));
        _record(_campaign(amy, boss, 1, 10_000));
        _advance(11);
        _refuse(order, abi.encodeWithSelector(NotVoidable.selector, order, 90));
        _advance(79);
        _void(order);
    }

    function test_WhenItsPresaleBalanceIsPaid_RevertsWithNotVoidable_AndTheUnpaidCanBeVoided() public {
        uint256 paid = _record(_campaign(amy, boss, 2, 10_000));
        uint256 unpaid = _record(_campaign(amy, boss, 2, 10_000));
        _payBalance(paid);
        _refuse(unpaid, abi.encodeWithSelector(NotVoidable.selector, unpaid, 90));
        _advance(11);
        _refuse(paid, abi.encodeWithSelector(NotVoidable.selector, paid, 90));
        _void(unpaid);
    }

    function test_WhenVoided_WhatIsLeftGoesBackToTheTreasury_HeldOrNot() public {
        uint256 order = _record(_retail(amy, 10_000));
        uint256 other = _record(_retail(amy, 5_000));
        _refund(order, 3_000);
        _hold(order);
        _advance(90);
        vm.expectEmit(address(settlement));
        emit OrderVoided(order, 7_000);
        vm.prank(anybody);
        settlement.voidOrders(_select(_list(order)));
        assertEq(_treasury(), FUNDS - 5_000);
        assertEq(_escrow(), 5_000);
        (, uint256 dropped,,,) = settlement.orderPage(0);
        assertEq(dropped, 1 << order);
        _assertBalanced();
        _void(other);
        assertEq(_treasury(), FUNDS);
    }

    function test_WhenSeveralOfABatchAreVoided_AllGoBack() public {
        OrderInput[] memory orders = new OrderInput[](5);
        for (uint256 i = 0; i < 5; ++i) {
            orders[i] = _retail(amy, 100 * (i + 1));
        }
        _record(orders);
        _advance(90);
        settlement.voidOrders(_select(_list(2, 5, 1)));
        assertEq(_escrow(), 700);
        assertEq(_treasury(), FUNDS - 700);
    }

    function test_WhenOfABatchOverSeveralPages_TheyAndNoOthersAreVoided() public {
        OrderInput[] memory orders = new OrderInput[](240);
        for (uint256 i = 0; i < 240; ++i) {
            orders[i] = _retail(amy, 100);
        }
        _record(_retail(amy, 100));
        uint256 first = _record(orders);
        _record(orders);
        _advance(90);
        Selection[] memory sels = new Selection[](2);
        uint256 members = 1 | (3 << (127 - first)) | (1 << 239);
        sels[0] = _selectMembers(first, members);
        sels[1] = _selectMembers(first + 240, (1 << 239) | (1 << (256 - first - 240)));
        settlement.voidOrders(sels);
        (, uint256 dropped,,,) = settlement.orderPage(0);
        assertEq(dropped, members << first);
        (, dropped,,,) = settlement.orderPage(1);
        assertEq(dropped, 1 | (1 << (first + 479 - 256)));
        assertEq(_escrow(), (481 - 6) * 100);
    }

    function test_WhenOneOfSeveralIsRefused_NoneIsVoided_AndTheFirstInTheOrderGivenIsNamed() public {
        uint256 old = _record(_retail(amy, 10_000));
        _advance(90);
        uint256 fresh = _record(_retail(amy, 10_000));
        uint256 delivered = _record(_retail(amy, 10_000));
        _deliver(delivered);
        _refuse(_list(old, fresh, delivered), abi.encodeWithSelector(NotVoidable.selector, fresh, 180));
        _refuse(_list(old, delivered, fresh), abi.encodeWithSelector(AlreadyDelivered.selector, delivered));
        assertEq(_escrow(), 30_000);
        _void(old);
    }

    function test_WhenAnOrderIsGivenTwice_RevertsWithOrderClosed() public {
        uint256 order = _record(_retail(amy, 10_000));
        _advance(90);
        _refuse(_list(order, order), abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function _refuse(uint256 order, bytes memory error_) private {
        _refuse(_list(order), error_);
    }

    function _refuse(uint256[] memory orders, bytes memory error_) private {
        vm.expectRevert(error_);
        settlement.voidOrders(_select(orders));
    }
}

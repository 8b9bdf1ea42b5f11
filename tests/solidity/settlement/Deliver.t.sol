// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Page} from "../../../contracts/logic/OrderCare.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice deliver
/// ├── when an order is not recorded (0, the next, another page) → UnknownOrder(the lowest)
/// ├── when an order is void or refunded in full → OrderClosed; settled → OrderClosed
/// ├── when an order is delivered → AlreadyDelivered
/// ├── when several are refused → the first in the order given
/// ├── when one of several is refused → none is delivered
/// └── else today is on record for all; OrdersDelivered a page
contract DeliverTest is SettlementFixture {
    function test_WhenAnOrderIsNotRecorded_RevertsWithUnknownOrder() public {
        _recordMany(3);
        _refuse(_list(0), abi.encodeWithSelector(UnknownOrder.selector, 0));
        _refuse(_list(4), abi.encodeWithSelector(UnknownOrder.selector, 4));
        _refuse(_list(255), abi.encodeWithSelector(UnknownOrder.selector, 255));
        _refuse(_list(256), abi.encodeWithSelector(UnknownOrder.selector, 256));
        _refuse(_list(1, 5, 7), abi.encodeWithSelector(UnknownOrder.selector, 5));
        _refuse(_list(3, 4), abi.encodeWithSelector(UnknownOrder.selector, 4));
    }

    function test_WhenThereIsNoOrderYet_RevertsWithUnknownOrder() public {
        _refuse(_list(1), abi.encodeWithSelector(UnknownOrder.selector, 1));
    }

    function test_WhenAnOrderIsVoid_RevertsWithOrderClosed() public {
        uint256 order = _recordMany(2);
        _advance(90);
        _void(order);
        _refuse(_list(order), abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenAnOrderIsRefundedInFull_RevertsWithOrderClosed() public {
        uint256 order = _recordMany(1);
        _refund(order, 10_000);
        _refuse(_list(order), abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenAnOrderIsDeliveredAndRefundedInFull_RevertsWithOrderClosed() public {
        uint256 order = _recordMany(1);
        _deliver(order);
        _refund(order, 10_000);
        _refuse(_list(order), abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenAnOrderIsSettled_RevertsWithOrderClosed() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _refuse(_list(order), abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenAnOrderIsDelivered_RevertsWithAlreadyDelivered() public {
        uint256 order = _recordMany(2);
        _deliver(order);
        _refuse(_list(order), abi.encodeWithSelector(AlreadyDelivered.selector, order));
        _advance(1);
        _refuse(_list(order, order + 1), abi.encodeWithSelector(AlreadyDelivered.selector, order));
    }

    function test_WhenAnOrderIsGivenTwice_RevertsWithAlreadyDelivered() public {
        _recordMany(2);
        Page[] memory pages = new Page[](2);
        (pages[0], pages[1]) = (Page(0, 6), Page(0, 4));
        vm.expectRevert(abi.encodeWithSelector(AlreadyDelivered.selector, 2));
        vm.prank(operator);
        settlement.deliver(pages);
    }

    function test_WhenSeveralAreRefused_NamesTheFirstInTheOrderGiven() public {
        _recordMany(4);
        _deliver(2);
        _refund(3, 10_000);
        _refuse(_list(2, 3), abi.encodeWithSelector(AlreadyDelivered.selector, 2));
        _refuse(_list(3, 2), abi.encodeWithSelector(OrderClosed.selector, 3));
        _refuse(_list(9, 2), abi.encodeWithSelector(UnknownOrder.selector, 9));
        _refuse(_list(1, 2, 9), abi.encodeWithSelector(AlreadyDelivered.selector, 2));
    }

    function test_WhenOneOfSeveralIsRefused_NoneIsDelivered() public {
        _recordMany(3);
        _refuse(_list(1, 2, 4), abi.encodeWithSelector(UnknownOrder.selector, 4));
        (uint256 delivered,,,,,) = settlement.orderPage(0);
        assertEq(delivered, 0);
        assertEq(settlement.deliveredOn(0, 0), 0);
    }

    function test_WhenDelivered_TheDayIsOnRecord() public {
        _recordMany(6);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(0, 0, (1 << 2) | (1 << 5));
        _deliver(_list(2, 5));
        _advance(3);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(0, 3, 1 << 3);
        _deliver(3);
        (uint256 delivered,,,,,) = settlement.orderPage(0);
        assertEq(delivered, (1 << 2) | (1 << 3) | (1 << 5));
        assertEq(settlement.deliveredOn(0, 0), (1 << 2) | (1 << 5));
        assertEq(settlement.deliveredOn(3, 0), 1 << 3);
        assertEq(settlement.deliveredOn(1, 0), 0);
    }

    function test_WhenOrdersAreOfSeveralPages_AllAreDelivered() public {
        _recordMany(200);
        _recordMany(200);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(0, 0, 1 << 255);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(1, 0, 3);
        _deliver(_list(255, 256, 257));
        _refuse(_list(255), abi.encodeWithSelector(AlreadyDelivered.selector, 255));
        _refuse(_list(401), abi.encodeWithSelector(UnknownOrder.selector, 401));
    }

    /// @dev The last order at every place of its page.
    function testFuzz_TheLastOrderCanBeDelivered_AndNoneAfterIt(uint256 count) public {
        count = bound(count, 1, 256);
        _assertLastCanBeDelivered(count);
    }

    function test_TheLastOrderOfAPageCanBeDelivered() public {
        _assertLastCanBeDelivered(255);
    }

    function test_WhenNothingIsGiven_NothingHappens() public {
        vm.startPrank(operator);
        settlement.deliver(new Page[](0));
        Page[] memory empty = new Page[](1);
        settlement.deliver(empty);
        (uint256 delivered,,,,,) = settlement.orderPage(0);
        assertEq(delivered, 0);
    }

    function test_TheDayChangesAtMidnightOfTheDeployment() public {
        _recordMany(2);
        vm.warp(20_000 days + 16 hours - 1);
        _deliver(1);
        vm.warp(20_000 days + 16 hours);
        _deliver(2);
        assertEq(settlement.deliveredOn(0, 0), 1 << 1);
        assertEq(settlement.deliveredOn(1, 0), 1 << 2);
    }

    function _assertLastCanBeDelivered(uint256 count) private {
        _recordMany(count);
        _refuse(_list(count + 1), abi.encodeWithSelector(UnknownOrder.selector, count + 1));
        _deliver(count);
        (uint256 delivered,,,,,) = settlement.orderPage(count >> 8);
        assertEq(delivered, 1 << (count & 0xff));
    }

    function _recordMany(uint256 count) private returns (uint256) {
        OrderInput[] memory orders = new OrderInput[](count);
        for (uint256 i = 0; i < count; ++i) {
            orders[i] = _retail(amy, 10_000);
        }
        return _record(orders);
    }

    function _refuse(uint256[] memory orders, bytes memory error_) private {
        Page[] memory pages = _pages(orders);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.deliver(pages);
    }
}

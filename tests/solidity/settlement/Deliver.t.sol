// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Delivery} from "../../../contracts/logic/OrderCare.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice deliver
/// ├── when there is no such batch → UnknownOrder(the lowest member)
/// ├── when root, width or deliveries are not those on record → TermsMismatch(first of the batch)
/// │   ├── the root from before a refund
/// │   ├── the deliveries from before another delivery, in an entry before or in a call before
/// │   └── the first order of no batch
/// ├── when a member is beyond the width → TermsMismatch
/// ├── when an order is void, refunded in full or settled → OrderClosed, also where it is delivered
/// ├── when an order is delivered → AlreadyDelivered
/// ├── when several are refused → the first in the order given; in one batch the lowest
/// ├── when one of several is refused → none is delivered
/// ├── when nothing is selected → nothing happens
/// ├── when today is beyond the last day that a word can name → AmountTooLarge
/// └── else today is on record for all; OrdersDelivered a batch
///     ├── on the day of the batch's last delivery → in the same word
///     └── on a later day → in a new word
contract DeliverTest is SettlementFixture {
    uint256 private constant LAST_DAY = type(uint16).max;

    function test_WhenThereIsNoSuchBatch_RevertsWithUnknownOrder() public {
        _refuse(_list(1), abi.encodeWithSelector(UnknownOrder.selector, 1));
        _recordMany(3);
        _refuse(_list(0), abi.encodeWithSelector(UnknownOrder.selector, 0));
        _refuse(_list(4), abi.encodeWithSelector(UnknownOrder.selector, 4));
        _refuse(_list(3, 4), abi.encodeWithSelector(UnknownOrder.selector, 4));
        _refuse(_list(256), abi.encodeWithSelector(UnknownOrder.selector, 256));
        Delivery memory d = _delivery(1, 7);
        (d.first, d.members) = (4, 12);
        _refuse(d, abi.encodeWithSelector(UnknownOrder.selector, 6));
    }

    function test_WhenTheFirstIsThatOfNoBatch_RevertsWithTermsMismatch() public {
        _recordMany(3);
        Delivery memory d = _delivery(1, 1);
        d.first = 2;
        _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 2));
    }

    function test_WhenTheRootIsAnother_RevertsWithTermsMismatch() public {
        _recordMany(3);
        Delivery memory d = _delivery(1, 2);
        d.root ^= bytes32(uint256(1));
        _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 1));
        d.root = 0;
        _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 1));
    }

    function test_WhenTheRootIsFromBeforeARefund_RevertsWithTermsMismatch() public {
        _recordMany(3);
        Delivery memory d = _delivery(1, 2);
        _refund(3, 100);
        _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 1));
        _deliver(2);
    }

    function test_WhenTheWidthIsAnother_RevertsWithTermsMismatch() public {
        _recordMany(3);
        uint256[5] memory wrong = [uint256(0), 2, 4, 240, type(uint256).max];
        for (uint256 i = 0; i < 5; ++i) {
            Delivery memory d = _delivery(1, 1);
            d.width = wrong[i];
            _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 1));
        }
    }

    function test_WhenTheDeliveriesAreOthers_RevertsWithTermsMismatch() public {
        _recordMany(4);
        bytes memory error_ = abi.encodeWithSelector(TermsMismatch.selector, 1);
        Delivery memory d = _delivery(1, 8);
        d.deliveries = _list(0);
        _refuse(d, error_);
        _deliver(1);
        _advance(1);
        _deliver(2);
        (uint256 first, uint256 second) = (deliveriesOf[1][0], deliveriesOf[1][1]);
        uint256[][6] memory wrong = [
            new uint256[](0),
            _list(first),
            _list(second, first),
            _list(first, second, 0),
            _list(first, second ^ 4),
            _list(first, second + (1 << 240))
        ];
        for (uint256 i = 0; i < 6; ++i) {
            d.deliveries = wrong[i];
            _refuse(d, error_);
        }
        _deliver(4);
    }

    /// @dev What is stored hashes root, width and words in a row: what is one must not pass for another.
    function test_WhenTheWidthIsGivenAsAWordOrAWordAsTheWidth_RevertsWithTermsMismatch() public {
        _recordMany(3);
        _deliver(1);
        Delivery memory d = _delivery(1, 4);
        d.width = deliveriesOf[1][0];
        d.deliveries = new uint256[](0);
        _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 1));
        d.deliveries = _list(3);
        _refuse(d, abi.encodeWithSelector(TermsMismatch.selector, 1));
    }

    function test_WhenAMemberIsBeyondTheWidth_RevertsWithTermsMismatch() public {
        _recordMany(3);
        _recordMany(3);
        uint256[4] memory beyond = [uint256(8), 1 << 239, 1 << 240, 1 << 255];
        for (uint256 i = 0; i < 4; ++i) {
            _refuse(_delivery(1, beyond[i]), abi.encodeWithSelector(TermsMismatch.selector, 1));
            _refuse(_delivery(1, beyond[i] | 1), abi.encodeWithSelector(TermsMismatch.selector, 1));
        }
        _recordMany(240);
        _refuse(_delivery(7, 1 << 240), abi.encodeWithSelector(TermsMismatch.selector, 7));
        _refuse(_delivery(7, type(uint256).max), abi.encodeWithSelector(TermsMismatch.selector, 7));
    }

    function test_WhenAnOrderIsVoid_RevertsWithOrderClosed() public {
        uint256 order = _recordMany(2);
        _advance(90);
        _void(order);
        _refuse(_list(order), abi.encodeWithSelector(OrderClosed.selector, order));
        _refuse(_list(order, order + 1), abi.encodeWithSelector(OrderClosed.selector, order));
        _deliver(order + 1);
    }

    function test_WhenAnOrderIsRefundedInFull_RevertsWithOrderClosed_DeliveredOrNot() public {
        uint256 order = _recordMany(2);
        _deliver(order + 1);
        _refund(order, 10_000);
        _refund(order + 1, 10_000);
        _refuse(_list(order), abi.encodeWithSelector(OrderClosed.selector, order));
        _refuse(_list(order + 1), abi.encodeWithSelector(OrderClosed.selector, order + 1));
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
        _deliver(order + 1);
        _refuse(_list(order, order + 1), abi.encodeWithSelector(AlreadyDelivered.selector, order));
    }

    function test_WhenAnOrderIsGivenTwice_RevertsWithAlreadyDelivered() public {
        _recordMany(2);
        _refuse(_list(1, 2, 2), abi.encodeWithSelector(AlreadyDelivered.selector, 2));
    }

    function test_WhenSeveralAreRefused_NamesTheFirstInTheOrderGiven() public {
        _recordMany(4);
        _deliver(_list(2, 4));
        _refund(3, 10_000);
        _refuse(_list(2, 3), abi.encodeWithSelector(AlreadyDelivered.selector, 2));
        _refuse(_list(1, 3, 4), abi.encodeWithSelector(OrderClosed.selector, 3));
        _refuse(_list(3, 2), abi.encodeWithSelector(OrderClosed.selector, 3));
        _refuse(_list(9, 2), abi.encodeWithSelector(UnknownOrder.selector, 9));
        _refuse(_list(1, 2, 9), abi.encodeWithSelector(AlreadyDelivered.selector, 2));
    }

    function test_WhenOneOfSeveralIsRefused_NoneIsDelivered() public {
        _recordMany(3);
        _recordMany(3);
        _refuse(_list(1, 4, 7), abi.encodeWithSelector(UnknownOrder.selector, 7));
        _assertStored(1);
        _assertStored(4);
    }

    function test_WhenNothingIsSelected_NothingHappens() public {
        uint256 first = _recordMany(2);
        Delivery[] memory batches = new Delivery[](3);
        batches[0] = _delivery(first, 0);
        // of no order nothing is asked
        (batches[1].first, batches[1].root) = (first, "another");
        vm.recordLogs();
        vm.startPrank(operator);
        settlement.deliver(new Delivery[](0));
        settlement.deliver(batches);
        assertEq(vm.getRecordedLogs().length, 0);
        _assertStored(first);
    }

    function test_WhenDelivered_TheDayIsOnRecord() public {
        _recordMany(2);
        uint256 first = _recordMany(6);
        _advance(2);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(first, 2, 9);
        _deliver(_list(first, first + 3));
        assertEq(deliveriesOf[first], _list((2 << 240) | 9));
        _assertStored(first);
    }

    function test_WhenMoreIsDeliveredOnTheSameDay_ItIsInTheSameWord() public {
        _recordMany(6);
        _deliver(1);
        _deliver(6);
        _advance(3);
        _deliver(2);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(1, 3, 8);
        _deliver(4);
        _deliver(3);
        assertEq(deliveriesOf[1], _list(33, (3 << 240) | 14));
        _assertStored(1);
    }

    function test_WhenMoreIsDeliveredOnALaterDay_ItIsInAWordOfItsOwn() public {
        _recordMany(3);
        _deliver(2);
        _advance(3);
        _deliver(1);
        _advance(1);
        _deliver(3);
        assertEq(deliveriesOf[1], _list(2, (3 << 240) | 1, (4 << 240) | 4));
        _assertStored(1);
    }

    /// @dev On day 0 the width stands where a word of that day would.
    function test_WhenFirstDeliveredOnDay0_TheWidthIsNotTakenForAWord() public {
        uint256 first = _recordMany(1);
        _deliver(first);
        assertEq(deliveriesOf[first], _list(1));
        _assertStored(first);
    }

    function test_TheDayChangesAtMidnightOfTheDeployment() public {
        _recordMany(2);
        vm.warp(20_000 days + 16 hours - 1);
        _deliver(1);
        vm.warp(20_000 days + 16 hours);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(1, 1, 2);
        _deliver(2);
        assertEq(deliveriesOf[1], _list(1, (1 << 240) | 2));
        _assertStored(1);
    }

    function test_WhenOrdersAreOfSeveralBatches_EachIsTold() public {
        _recordMany(3);
        _recordMany(2);
        _refund(2, 100);
        _deliver(4);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(1, 0, 5);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(4, 0, 2);
        _deliver(_list(1, 3, 5));
        _assertStored(1);
        _assertStored(4);
    }

    function test_WhenABatchComesTwice_ItComesWithItsStateAfterTheFirstEntry() public {
        _recordMany(3);
        _recordMany(2);
        Delivery[] memory batches = new Delivery[](3);
        (batches[0], batches[1], batches[2]) = (_delivery(1, 1), _delivery(4, 1), _delivery(1, 4));
        vm.expectRevert(abi.encodeWithSelector(TermsMismatch.selector, 1));
        vm.prank(operator);
        settlement.deliver(batches);
        _deliver(_list(1, 4, 3));
        assertEq(deliveriesOf[1], _list(5));
        _assertStored(1);
        _assertStored(4);
    }

    function test_WhenRefundedBetweenDeliveries_BothAreOnRecord() public {
        _recordMany(4);
        _deliver(1);
        _refund(1, 100);
        _refund(3, 10_000);
        _advance(1);
        _deliver(_list(2, 4));
        _refund(2, 300);
        _assertStored(1);
        _refuse(_list(3), abi.encodeWithSelector(OrderClosed.selector, 3));
    }

    function test_WhenABatchHas240Orders_AllAreDelivered() public {
        _recordMany(100);
        uint256 first = _recordMany(240);
        vm.expectEmit(address(settlement));
        emit OrdersDelivered(first, 0, 2 ** 240 - 1);
        _deliver(_range(first, first + 239));
        assertEq(deliveriesOf[first], _list(2 ** 240 - 1));
        _assertStored(first);
        _advance(8);
        _settle(_range(first, first + 239));
        assertEq(_escrow(), 100 * 10_000);
    }

    /// @dev Which orders are dropped is looked up in pages of 128: an order on either side of each border, and the ends.
    function test_WhenADroppedOrderIsAtABorderOfAPage_IsFound() public {
        _recordMany(100);
        uint256 first = _recordMany(240);
        uint256[7] memory orders = [first, 126, 127, 128, 255, 256, first + 239];
        for (uint256 i = 0; i < 7; ++i) {
            uint256 snapshot = vm.snapshotState();
            _refund(orders[i], 10_000);
            _refuse(_list(orders[i]), abi.encodeWithSelector(OrderClosed.selector, orders[i]));
            _refuse(_range(first, first + 239), abi.encodeWithSelector(OrderClosed.selector, orders[i]));
            if (orders[i] != first) _deliver(orders[i] - 1);
            if (orders[i] != first + 239) _deliver(orders[i] + 1);
            _assertStored(first);
            vm.revertToState(snapshot);
        }
    }

    /// @dev Batches of any width, from any order number on.
    function testFuzz_AnyMembersAreDelivered_AndNoOthers(uint256 before, uint256 width, uint256 members) public {
        before = bound(before, 1, 240);
        width = bound(width, 1, 60);
        members = bound(members, 1, 2 ** width - 1);
        _recordMany(before);
        uint256 first = _recordMany(width);
        Delivery[] memory batches = new Delivery[](1);
        batches[0] = _delivery(first, members);
        vm.prank(operator);
        settlement.deliver(batches);
        _keepDeliveries(batches, 0);
        _assertStored(first);
        for (uint256 i = 0; i < width; ++i) {
            assertEq(_isDelivered(first + i), members & (1 << i) != 0);
        }
        bytes memory error_ = abi.encodeWithSelector(AlreadyDelivered.selector, _lowest(first, members));
        _refuse(_delivery(first, 2 ** width - 1), error_);
        if (members != 2 ** width - 1) {
            batches[0] = _delivery(first, (2 ** width - 1) ^ members);
            vm.prank(operator);
            settlement.deliver(batches);
            _keepDeliveries(batches, 0);
        }
        assertEq(deliveriesOf[first], _list(2 ** width - 1));
        _assertStored(first);
    }

    function test_UpToTheLastDayThatAWordCanName_AndNoLonger() public {
        _recordMany(3);
        _deliver(3);
        vm.warp(START + LAST_DAY * 1 days);
        _deliver(1);
        assertEq(deliveriesOf[1], _list(4, (LAST_DAY << 240) | 1));
        _assertStored(1);
        _advance(1);
        _refuse(_list(2), abi.encodeWithSelector(AmountTooLarge.selector, LAST_DAY + 1, LAST_DAY));
    }

    /// @dev That the stored word of a batch is that of its terms and the deliveries kept.
    function _assertStored(uint256 first) private view {
        assertEq(settlement.batch(first), _commitment(first));
    }

    function _lowest(uint256 first, uint256 members) private pure returns (uint256 order) {
        for (order = first; members & 1 == 0; members >>= 1) {
            ++order;
        }
    }

    function _range(uint256 from, uint256 to) private pure returns (uint256[] memory list) {
        list = new uint256[](to - from + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = from + i;
        }
    }

    function _recordMany(uint256 count) private returns (uint256) {
        OrderInput[] memory orders = new OrderInput[](count);
        for (uint256 i = 0; i < count; ++i) {
            orders[i] = _retail(amy, 10_000);
        }
        return _record(orders);
    }

    function _refuse(uint256[] memory orders, bytes memory error_) private {
        Delivery[] memory batches = _deliveries(orders, settlement.today());
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.deliver(batches);
    }

    function _refuse(Delivery memory d, bytes memory error_) private {
        Delivery[] memory batches = new Delivery[](1);
        batches[0] = d;
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.deliver(batches);
    }
}

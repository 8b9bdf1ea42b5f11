// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice refund before settlement (after it: RefundSettled.t.sol)
/// ├── when there is no such order → UnknownOrder
/// ├── when it is void → OrderClosed, also where the amount is too large
/// ├── when the amount is 0 or above what is left → RefundExceedsPrice
/// ├── when it is refunded in full → RefundExceedsPrice (nothing is left)
/// ├── when it is recorded, delivered or not, held or not → escrow to treasury, the leaf tells the sum, OrderRefunded
/// ├── when it is refunded in full → it is closed
/// └── when another order of the batch is refunded → earlier proofs of the batch no longer hold, new ones do
contract RefundTest is SettlementFixture {
    function test_WhenThereIsNoSuchOrder_RevertsWithUnknownOrder() public {
        _refuse(1, 1, abi.encodeWithSelector(UnknownOrder.selector, 1));
    }

    function test_WhenVoid_RevertsWithOrderClosed_BeforeRefundExceedsPrice() public {
        uint256 order = _record(_retail(amy, 10_000));
        _advance(90);
        _void(order);
        _refuse(order, 1, abi.encodeWithSelector(OrderClosed.selector, order));
        _refuse(order, 0, abi.encodeWithSelector(OrderClosed.selector, order));
        _refuse(order, 10_001, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenTheAmountIs0OrAboveWhatIsLeft_RevertsWithRefundExceedsPrice() public {
        uint256 order = _record(_retail(amy, 10_000));
        _refuse(order, 0, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 0, 10_000));
        _refuse(order, 10_001, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 10_001, 10_000));
        _refund(order, 4_000);
        _refuse(order, 6_001, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 6_001, 6_000));
        uint256 huge = type(uint256).max;
        _refuse(order, huge, abi.encodeWithSelector(RefundExceedsPrice.selector, order, huge, 6_000));
        _refund(order, 6_000);
        _refuse(order, 1, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 1, 0));
    }

    function test_WhenRefundedInPart_EscrowGoesToTheTreasury() public {
        uint256 order = _record(_retail(amy, 10_000));
        ProvedOrder memory proved = _prove(order);
        vm.expectEmit(address(settlement));
        emit OrderRefunded(order, 4_000, "receipt");
        vm.prank(operator);
        settlement.refund(proved.order, "receipt", 4_000, proved.deliveries, proved.proof);
        termsOf[order].parties += 4_000 << 160;
        assertEq(_escrow(), 6_000);
        assertEq(_treasury(), FUNDS - 6_000);
        assertEq(settlement.batch(order), _commitment(order));
        (, bool dropped,,,) = lens.orderState(order);
        assertFalse(dropped);

        vm.expectEmit(address(settlement));
        emit OrderRefunded(order, 1_000, 0);
        _refund(order, 1_000);
        assertEq(lens.decode(termsOf[order].amounts, termsOf[order].parties).refunded, 5_000);
        assertEq(settlement.batch(order), _commitment(order));
        _assertBalanced();
    }

    function test_WhenRefundedInFull_IsClosed() public {
        uint256 order = _record(_retail(amy, 10_000));
        _refund(order, 9_999);
        _refund(order, 1);
        assertEq(_escrow(), 0);
        assertEq(_treasury(), FUNDS);
        (, bool dropped,,,) = lens.orderState(order);
        assertTrue(dropped);
        vm.expectRevert(abi.encodeWithSelector(OrderClosed.selector, order));
        _settle(order);
    }

    function test_WhenDelivered_CanBeRefundedInTheReturnWindowAndAfterIt() public {
        uint256 order = _record(_retail(amy, 10_000));
        _deliver(order);
        _refund(order, 1_000);
        _advance(300);
        _refund(order, 1_000);
        _settle(order);
        assertEq(_available(amy), 1_600);
        assertEq(_treasury(), FUNDS - 8_000);
    }

    function test_WhenHeld_CanBeRefunded() public {
        uint256 order = _record(_retail(amy, 10_000));
        _hold(order);
        _refund(order, 10_000);
        assertEq(_treasury(), FUNDS);
    }

    function test_WhenAnotherOrderOfTheBatchIsRefunded_EarlierProofsNoLongerHold() public {
        OrderInput[] memory orders = new OrderInput[](5);
        for (uint256 i = 0; i < 5; ++i) {
            orders[i] = _retail(amy, 1_000 + i);
        }
        uint256 first = _record(orders);
        ProvedOrder memory stale = _prove(first + 4);
        _refund(first + 1, 100);
        vm.expectRevert(abi.encodeWithSelector(TermsMismatch.selector, first));
        vm.prank(operator);
        settlement.refund(stale.order, 0, 1, stale.deliveries, stale.proof);
        _refund(first + 4, 1);
        _refund(first, 1);
        assertEq(settlement.batch(first), _commitment(first));
        assertEq(_escrow(), 5_010 - 102);
    }

    function test_WhenTheRefundIsReplayedWithTheOldTerms_RevertsWithTermsMismatch() public {
        uint256 order = _record(_retail(amy, 10_000));
        ProvedOrder memory proved = _prove(order);
        _refund(order, 4_000);
        vm.expectRevert(abi.encodeWithSelector(TermsMismatch.selector, order));
        vm.prank(operator);
        settlement.refund(proved.order, 0, 4_000, proved.deliveries, proved.proof);
    }

    function _refuse(uint256 order, uint256 amount, bytes memory error_) private {
        ProvedOrder memory proved = _prove(order);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.refund(proved.order, 0, amount, proved.deliveries, proved.proof);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice hold, release
/// ├── when there is no such order → UnknownOrder
/// ├── hold
/// │   ├── when it is settled, also when refunded in full since → AlreadySettled
/// │   ├── when it is void or refunded in full → OrderClosed
/// │   ├── when it is recorded → it cannot settle before the day of the first hold + 60, OrderHeldBy
/// │   └── when it is held again, or again after a release → the day of the first hold stays
/// └── release
///     ├── when it is not held, or was released → NotHeld
///     └── when it is held, also where the hold lapsed or the order is settled → OrderReleasedBy
contract HoldTest is SettlementFixture {
    function test_WhenThereIsNoSuchOrder_RevertsWithUnknownOrder() public {
        _record(_retail(amy, 10_000));
        uint256[3] memory unknown = [uint256(0), 2, type(uint256).max];
        vm.startPrank(riskOfficer);
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownOrder.selector, unknown[i]);
            vm.expectRevert(error_);
            settlement.hold(unknown[i], "reason");
            vm.expectRevert(error_);
            settlement.release(unknown[i]);
        }
    }

    function test_WhenSettled_RevertsWithAlreadySettled() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _refuseHold(order, abi.encodeWithSelector(AlreadySettled.selector, order));
        _refund(order, 10_000);
        _refuseHold(order, abi.encodeWithSelector(AlreadySettled.selector, order));
    }

    function test_WhenRefundedInFull_RevertsWithOrderClosed() public {
        uint256 order = _record(_retail(amy, 10_000));
        _refund(order, 10_000);
        _refuseHold(order, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenVoid_RevertsWithOrderClosed() public {
        uint256 order = _record(_retail(amy, 10_000));
        _advance(90);
        _void(order);
        _refuseHold(order, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenHeld_CannotSettleBeforeDay60() public {
        uint256 order = _deliveredAndDue();
        vm.expectEmit(address(settlement));
        emit OrderHeldBy(order, riskOfficer, 8, "reason");
        _hold(order);
        assertTrue(_isHeld(order));

        _refuseSettle(order, abi.encodeWithSelector(OrderHeld.selector, order, 68));
        _advance(59);
        _refuseSettle(order, abi.encodeWithSelector(OrderHeld.selector, order, 68));
        _advance(1);
        _settle(order);
        assertEq(_available(amy), 2000);
    }

    function test_WhenHeldOnDay0_TheDayOfTheFirstHoldIs0() public {
        uint256 order = _record(_retail(amy, 10_000));
        _hold(order);
        (bool held, uint256 firstHeld,) = settlement.orderNotes(order);
        assertTrue(held);
        assertEq(firstHeld, 0);
        _advance(1);
        vm.expectEmit(address(settlement));
        emit OrderHeldBy(order, operator, 0, "again");
        vm.prank(operator);
        settlement.hold(order, "again");
    }

    function test_WhenHeldAgain_TheDayOfTheFirstHoldStays() public {
        uint256 order = _deliveredAndDue();
        _hold(order);
        _advance(30);
        vm.prank(riskOfficer);
        settlement.release(order);
        _advance(20);
        vm.expectEmit(address(settlement));
        emit OrderHeldBy(order, riskOfficer, 8, "reason");
        _hold(order);
        _advance(9);
        _refuseSettle(order, abi.encodeWithSelector(OrderHeld.selector, order, 68));
        _advance(1);
        _hold(order);
        _settle(order);
    }

    function test_WhenReleased_CanSettleAtOnce() public {
        uint256 order = _deliveredAndDue();
        _hold(order);
        vm.expectEmit(address(settlement));
        emit OrderReleasedBy(order, riskOfficer);
        vm.prank(riskOfficer);
        settlement.release(order);
        assertFalse(_isHeld(order));
        _settle(order);
    }

    function test_WhenNotHeld_RevertsWithNotHeld() public {
        uint256 order = _record(_retail(amy, 10_000));
        _refuseRelease(order, abi.encodeWithSelector(NotHeld.selector, order));
        _hold(order);
        vm.prank(riskOfficer);
        settlement.release(order);
        _refuseRelease(order, abi.encodeWithSelector(NotHeld.selector, order));
    }

    function test_WhenTheHoldLapsed_CanStillBeReleased() public {
        uint256 order = _deliveredAndDue();
        _hold(order);
        _advance(60);
        _settle(order);
        assertTrue(_isHeld(order), "stays until released");
        vm.prank(riskOfficer);
        settlement.release(order);
        assertFalse(_isHeld(order));
    }

    function test_WhenHeld_CanBeRefundedAndVoided() public {
        uint256 order = _record(_retail(amy, 10_000));
        _hold(order);
        _refund(order, 4_000);
        _advance(90);
        _void(order);
        assertEq(_treasury(), FUNDS);
        assertEq(_escrow(), 0);
    }

    function test_WhenHeld_OtherOrdersOfThePageAreNot() public {
        uint256 order = _deliveredAndDue();
        uint256 other = _record(_retail(amy, 10_000));
        _hold(other);
        _settle(order);
        assertEq(_available(amy), 2000);
    }

    function _deliveredAndDue() private returns (uint256 order) {
        order = _record(_retail(amy, 10_000));
        _deliver(order);
        _advance(8);
    }

    function _isHeld(uint256 order) private view returns (bool held) {
        (,, held,,) = lens.orderState(order);
    }

    function _refuseHold(uint256 order, bytes memory error_) private {
        vm.expectRevert(error_);
        vm.prank(riskOfficer);
        settlement.hold(order, "reason");
    }

    function _refuseRelease(uint256 order, bytes memory error_) private {
        vm.expectRevert(error_);
        vm.prank(riskOfficer);
        settlement.release(order);
    }

    function _refuseSettle(uint256 order, bytes memory error_) private {
        vm.expectRevert(error_);
        _settle(order);
    }
}

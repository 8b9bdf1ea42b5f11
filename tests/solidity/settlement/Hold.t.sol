// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice hold, release
/// ├── when there is no such order → UnknownOrder
/// ├── hold
/// │   ├── when it is settled, also when refunded in full since → AlreadySettled
/// │   ├── when it is void or refunded in full → OrderClosed
/// │   ├── when it is recorded → it cannot settle before the day of the first hold + 60, OrderHeldBy
/// │   ├── when it is held again, or again after a release → the day of the first hold stays
/// │   ├── when it is closed while held → it counts as what it became: refunded, void, or settled
/// │   └── when it is the first or the last order of a page → it cannot settle, its neighbours can
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

    function test_WhenHeldAtTheBorderOfAPage_ItCannotSettle_ItsNeighboursCan() public {
        OrderInput[] memory orders = new OrderInput[](240);
        for (uint256 i = 0; i < 240; ++i) {
            orders[i] = _retail(amy, 10_000);
        }
        _record(orders);
        _deliver(_four(126));
        _advance(8);
        for (uint256 order = 127; order < 129; ++order) {
            _hold(order);
            _refuseSettle(order, abi.encodeWithSelector(OrderHeld.selector, order, 68));
            uint256 snapshot = vm.snapshotState();
            for (uint256 other = 126; other < 130; ++other) {
                if (other != order) _settle(other);
            }
            assertEq(_available(amy), 6_000);
            assertTrue(_isHeld(order));
            vm.revertToState(snapshot);
            vm.prank(riskOfficer);
            settlement.release(order);
        }
        _settle(_four(126));
        assertEq(_available(amy), 8_000);
    }

    function test_WhenClosedWhileHeld_ItIsWhatItBecame_HeldOrReleased() public {
        uint256 refunded = _record(_retail(amy, 10_000));
        uint256 voided = _record(_retail(amy, 10_000));
        uint256 settled = _record(_retail(amy, 10_000));
        _hold(refunded);
        _hold(voided);
        _hold(settled);
        _refund(refunded, 10_000);
        _deliver(settled);
        _advance(90);
        _void(voided);
        _settle(settled);
        _assertBecame(refunded, voided, settled, true);
        vm.startPrank(riskOfficer);
        settlement.release(refunded);
        settlement.release(voided);
        settlement.release(settled);
        vm.stopPrank();
        _assertBecame(refunded, voided, settled, false);
        _settle(settled);
        _refund(settled, 10_000);
        _refuseSettle(refunded, abi.encodeWithSelector(OrderClosed.selector, refunded));
        _refuseSettle(voided, abi.encodeWithSelector(OrderClosed.selector, voided));
        _refuseHold(settled, abi.encodeWithSelector(AlreadySettled.selector, settled));
    }

    function _four(uint256 from) private pure returns (uint256[] memory list) {
        list = new uint256[](4);
        (list[0], list[1], list[2], list[3]) = (from, from + 1, from + 2, from + 3);
    }

    function _assertBecame(uint256 refunded, uint256 voided, uint256 settled, bool held) private view {
        (uint256 allSettled, uint256 dropped, uint256 allHeld,,) = settlement.orderPage(0);
        assertEq(allSettled, 1 << settled);
        assertEq(dropped, 1 << refunded | 1 << voided);
        assertEq(allHeld, held ? 1 << refunded | 1 << voided | 1 << settled : 0);
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

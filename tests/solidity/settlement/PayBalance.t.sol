// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice payBalance
/// ├── when there is no such order → UnknownOrder
/// ├── when it is settled, void or refunded in full → OrderClosed, also where it is not of a presale
/// ├── when it is not of a presale → WrongChannel, also where its group buy's deadline is past
/// ├── when the presale's deadline day is past → CampaignClosed, also where it was paid before
/// ├── when it is open → on record, BalancePaid
/// └── when it was paid before → nothing changes, nothing is told
contract PayBalanceTest is SettlementFixture {
    function setUp() public override {
        super.setUp();
        vm.startPrank(operator);
        settlement.openPresale(1, 5);
        settlement.openGroupBuy(2, 1, 5);
        vm.stopPrank();
    }

    function test_WhenThereIsNoSuchOrder_RevertsWithUnknownOrder() public {
        _refuse(1, abi.encodeWithSelector(UnknownOrder.selector, 1));
    }

    function test_WhenSettled_RevertsWithOrderClosed() public {
        uint256 order = _presale();
        _payBalance(order);
        _deliver(order);
        _advance(8);
        _settle(order);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
        uint256 retail = _sell(_retail(amy, 10_000));
        _refuse(retail, abi.encodeWithSelector(OrderClosed.selector, retail));
    }

    function test_WhenRefundedInFull_RevertsWithOrderClosed() public {
        uint256 order = _presale();
        _refund(order, 10_000);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
        uint256 retail = _record(_retail(amy, 10_000));
        _refund(retail, 10_000);
        _refuse(retail, abi.encodeWithSelector(OrderClosed.selector, retail));
    }

    function test_WhenVoid_RevertsWithOrderClosed_BeforeCampaignClosed() public {
        uint256 order = _presale();
        _advance(6);
        _void(order);
        _refuse(order, abi.encodeWithSelector(OrderClosed.selector, order));
    }

    function test_WhenNotOfAPresale_RevertsWithWrongChannel_BeforeCampaignClosed() public {
        uint256 retail = _record(_retail(amy, 10_000));
        uint256 group = _record(_campaign(amy, boss, 2, 10_000));
        _refuse(retail, abi.encodeWithSelector(WrongChannel.selector, retail, 0));
        _refuse(group, abi.encodeWithSelector(WrongChannel.selector, group, 1));
        _advance(6);
        _refuse(group, abi.encodeWithSelector(WrongChannel.selector, group, 1));
    }

    function test_WhenTheDeadlineDayIsPast_RevertsWithCampaignClosed() public {
        uint256 order = _presale();
        uint256 paid = _presale();
        _advance(5);
        _payBalance(paid);
        _advance(1);
        _refuse(order, abi.encodeWithSelector(CampaignClosed.selector, 1, 5));
        _refuse(paid, abi.encodeWithSelector(CampaignClosed.selector, 1, 5));
    }

    function test_WhenOpen_IsOnRecord() public {
        uint256 other = _presale();
        uint256 order = _presale();
        vm.expectEmit(address(settlement));
        emit BalancePaid(order, 1);
        _payBalance(order);
        (,,, uint256 paid,) = settlement.orderPage(0);
        assertEq(paid, 1 << order);
        _deliver(_list(other, order));
        _advance(5);
        vm.expectRevert(abi.encodeWithSelector(CampaignPending.selector, other, 1));
        _settle(other);
        _advance(3);
        _settle(order);
    }

    function test_WhenPaidBefore_NothingChangesAndNothingIsTold() public {
        uint256 order = _presale();
        _payBalance(order);
        vm.recordLogs();
        _payBalance(order);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 0);
    }

    function test_WhenDelivered_CanStillBePaid() public {
        uint256 order = _presale();
        _deliver(order);
        _payBalance(order);
        (,,, uint256 paid,) = settlement.orderPage(0);
        assertEq(paid, 1 << order);
    }

    function _presale() private returns (uint256) {
        return _record(_campaign(amy, boss, 1, 10_000));
    }

    function _refuse(uint256 order, bytes memory error_) private {
        ProvedOrder memory proved = _prove(order);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.payBalance(proved.order, proved.deliveries, proved.proof);
    }
}

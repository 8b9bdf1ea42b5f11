// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {INSURANCE, PROTECTION} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice compensate
/// ├── when there is no such order → UnknownOrder
/// ├── when 0, or above P together with earlier compensations → RefundExceedsPrice, before InsufficientBalance
/// ├── when protection holds less → InsufficientBalance
/// └── else protection → treasury, whatever state the order is in; BuyerCompensated
/// claimInsurance
/// ├── when there is no such order → UnknownOrder
/// ├── when it is not cross-border → WrongChannel, before NotSettled
/// ├── when it is not settled, or void → NotSettled
/// ├── when it was claimed → AlreadyClaimed, before NotInsured
/// ├── when there is no insurance line now → NotInsured, before LossExceedsDuty
/// ├── when the loss is 0 or above the duty line now → LossExceedsDuty, before InsufficientBalance
/// ├── when insurance holds less → InsufficientBalance
/// └── else ⌊loss · insurance_bps⌋ of the order's plan: insurance → seller, debt first; InsurancePaid; once an order
contract IndemnityTest is SettlementFixture {
    function setUp() public override {
        super.setUp();
        vm.prank(operator);
        settlement.certify(amy, true);
    }

    // ---- compensate ----

    function test_WhenThereIsNoSuchOrder_RevertsWithUnknownOrder() public {
        ProvedOrder memory proved = _prove(1);
        vm.startPrank(operator);
        vm.expectRevert(abi.encodeWithSelector(UnknownOrder.selector, 1));
        settlement.compensate(proved.order, 1, proved.deliveries, proved.proof);
        vm.expectRevert(abi.encodeWithSelector(UnknownOrder.selector, 1));
        settlement.claimInsurance(proved.order, 1, proved.deliveries, proved.proof);
    }

    function test_WhenCompensationsExceedThePrice_RevertsWithRefundExceedsPrice_BeforeInsufficientBalance() public {
        uint256 order = _record(_retail(amy, 10_000));
        _refuseCompensation(order, 0, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 0, 10_000));
        _refuseCompensation(order, 10_001, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 10_001, 10_000));
        _protect(10_000);
        _compensate(order, 4_000);
        _refuseCompensation(order, 6_001, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 6_001, 6_000));
        _compensate(order, 6_000);
        _refuseCompensation(order, 1, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 1, 0));
    }

    function test_WhenProtectionHoldsLess_RevertsWithInsufficientBalance() public {
        uint256 order = _record(_retail(amy, 10_000));
        _refuseCompensation(order, 1, abi.encodeWithSelector(InsufficientBalance.selector, PROTECTION, 1, 0));
        _protect(99);
        _refuseCompensation(order, 100, abi.encodeWithSelector(InsufficientBalance.selector, PROTECTION, 100, 99));
        _compensate(order, 99);
    }

    function test_WhenCompensated_ProtectionPaysTheTreasury() public {
        uint256 order = _record(_retail(amy, 10_000));
        _protect(5_000);
        uint256 treasury = _treasury();
        vm.expectEmit(address(settlement));
        emit BuyerCompensated(order, 1_000, 1_000);
        _compensate(order, 1_000);
        vm.expectEmit(address(settlement));
        emit BuyerCompensated(order, 500, 1_500);
        _compensate(order, 500);
        assertEq(_treasury(), treasury + 1_500);
        assertEq(_available(PROTECTION), 3_500);
        (,, uint256 compensated) = settlement.orderNotes(order);
        assertEq(compensated, 1_500);
        _assertBalanced();
    }

    function test_WhateverStateTheOrderIsIn_CanBeCompensated() public {
        _protect(5_000);
        uint256 settled = _sell(_retail(amy, 1_000));
        uint256 refunded = _record(_retail(amy, 1_000));
        _refund(refunded, 1_000);
        uint256 voided = _record(_retail(amy, 1_000));
        _advance(90);
        _void(voided);
        _compensate(settled, 1_000);
        _compensate(refunded, 1_000);
        _compensate(voided, 1_000);
        assertEq(_available(PROTECTION), 2_000);
    }

    // ---- claimInsurance ----

    function test_WhenNotCrossBorder_RevertsWithWrongChannel_BeforeNotSettled() public {
        uint256 order = _record(_inStore(amy, 10_000));
        _refuseClaim(order, 1, abi.encodeWithSelector(WrongChannel.selector, order, 2));
    }

    function test_WhenNotSettled_RevertsWithNotSettled() public {
        uint256 order = _record(_crossBorder(amy, 12_800));
        bytes memory error_ = abi.encodeWithSelector(NotSettled.selector, order);
        _refuseClaim(order, 1, error_);
        _advance(90);
        _void(order);
        _refuseClaim(order, 1, error_);
        order = _record(_crossBorder(amy, 12_800));
        _refund(order, 12_800);
        _refuseClaim(order, 0, abi.encodeWithSelector(NotSettled.selector, order));
    }

    function test_WhenClaimed_RevertsWithAlreadyClaimed_BeforeNotInsured() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        _claim(order, 100);
        bytes memory error_ = abi.encodeWithSelector(AlreadyClaimed.selector, order);
        _refuseClaim(order, 100, error_);
        _refund(order, 12_800);
        _refuseClaim(order, 0, error_);
    }

    function test_WhenThereIsNoInsuranceLineNow_RevertsWithNotInsured_BeforeLossExceedsDuty() public {
        OrderInput memory o = _crossBorder(amy, 12_800);
        o.insurance = 0;
        uint256 bare = _sell(o);
        _refuseClaim(bare, 1, abi.encodeWithSelector(NotInsured.selector, bare));
        _refuseClaim(bare, 0, abi.encodeWithSelector(NotInsured.selector, bare));
        uint256 order = _sell(_crossBorder(amy, 12_800));
        _refund(order, 12_701);
        // 99 left: the insurance line of 128 is 0 now, the duty line 8
        _refuseClaim(order, 8, abi.encodeWithSelector(NotInsured.selector, order));
    }

    function test_WhenTheLossIs0OrAboveTheDutyLine_RevertsWithLossExceedsDuty_BeforeInsufficientBalance() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        _refuseClaim(order, 0, abi.encodeWithSelector(LossExceedsDuty.selector, order, 0, 1_152));
        _refuseClaim(order, 1_153, abi.encodeWithSelector(LossExceedsDuty.selector, order, 1_153, 1_152));
        _refund(order, 6_400);
        _refuseClaim(order, 577, abi.encodeWithSelector(LossExceedsDuty.selector, order, 577, 576));
    }

    function test_WhenInsuranceHoldsLess_RevertsWithInsufficientBalance() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        // ⌊1 152 · 80 %⌋ = 921 of 128
        _refuseClaim(order, 1_152, abi.encodeWithSelector(InsufficientBalance.selector, INSURANCE, 921, 128));
        // ⌊161 · 80 %⌋ = 128
        _claim(order, 161);
        assertEq(_available(INSURANCE), 0);
    }

    function test_WhenClaimed_InsurancePaysTheSeller() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        uint256 before = _available(amy);
        vm.expectEmit(address(settlement));
        emit InsurancePaid(order, amy, 101, 80);
        _claim(order, 101);
        assertEq(_available(amy), before + 80);
        assertEq(_available(INSURANCE), 48);
        (,,,, uint256 claimed) = settlement.orderPage(0);
        assertEq(claimed, 1 << order);
        _assertBalanced();
    }

    function test_TheShareIsThatOfTheOrdersPlan() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        PlanParameters memory p = _seed();
        p.insuranceBps = 0;
        _publish(p);
        vm.expectEmit(address(settlement));
        emit InsurancePaid(order, amy, 100, 80);
        _claim(order, 100);
    }

    function test_WhenTheSellerIsInDebt_TheClaimPaysItFirst() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        uint256 other = _sell(_retail(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 3_712 + 2_560);
        _refund(other, 12_800);
        // 2 560 less the deposit of 128
        assertEq(lens.account(amy).debt, 2_432);
        uint256 treasury = _treasury();
        _claim(order, 100);
        assertEq(lens.account(amy).debt, 2_352);
        assertEq(_treasury(), treasury + 80);
        _assertBalanced();
    }

    /// @dev Fills the protection account out of amy's deposit.
    function _protect(uint256 amount) private {
        _endow(amy, amount);
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, amount);
        vm.prank(riskOfficer);
        settlement.slash(amy, amount, "file");
    }

    function _compensate(uint256 order, uint256 amount) private {
        ProvedOrder memory proved = _prove(order);
        vm.prank(operator);
        settlement.compensate(proved.order, amount, proved.deliveries, proved.proof);
    }

    function _claim(uint256 order, uint256 loss) private {
        ProvedOrder memory proved = _prove(order);
        vm.prank(operator);
        settlement.claimInsurance(proved.order, loss, proved.deliveries, proved.proof);
    }

    function _refuseCompensation(uint256 order, uint256 amount, bytes memory error_) private {
        ProvedOrder memory proved = _prove(order);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.compensate(proved.order, amount, proved.deliveries, proved.proof);
    }

    function _refuseClaim(uint256 order, uint256 loss, bytes memory error_) private {
        ProvedOrder memory proved = _prove(order);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.claimInsurance(proved.order, loss, proved.deliveries, proved.proof);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Selection} from "../../../contracts/logic/Batches.sol";
import {Lines} from "../../../contracts/pure/Split.sol";
import {DUTY, FEES, INSURANCE, PLATFORM, TREASURY} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {BatchProofs} from "../BatchProofs.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice refund after settlement (rules, sections 4 and 5)
/// ├── when the amount is 0 or above what is left → RefundExceedsPrice, before RefundTooLate
/// ├── when today > day of delivery + refund_days of its plan → RefundTooLate
/// ├── when the day given is not that of its delivery → WrongDeliveryDay
/// ├── when withdrawals are paused → Paused
/// ├── when accounts hold enough → every line is debited to the split of what is left, the proceeds go to the treasury;
/// │   PaymentTakenBack of each payee, BrandLinesTakenBack, OrderRefunded
/// ├── when an account holds too little → its deposit pays, then it owes the rest
/// ├── when rounding gives a line more → PaymentAdded, BrandLinesAdded, out of the treasury; InsufficientTreasury if it holds less
/// └── whatever refunds, the lines are the split of what is left
contract RefundSettledTest is SettlementFixture {
    function test_WhenTheAmountIs0OrAboveWhatIsLeft_RevertsWithRefundExceedsPrice_BeforeRefundTooLate() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _refund(order, 1_000);
        _advance(500);
        _refuse(order, 0, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 0, 9_000));
        _refuse(order, 9_001, abi.encodeWithSelector(RefundExceedsPrice.selector, order, 9_001, 9_000));
    }

    function test_WhenRefundDaysArePast_RevertsWithRefundTooLate() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _advance(172);
        assertEq(settlement.today(), 180);
        _refund(order, 1);
        _advance(1);
        _refuse(order, 1, abi.encodeWithSelector(RefundTooLate.selector, order, 180));
    }

    function test_RefundDaysAreThoseOfTheOrdersPlan() public {
        uint256 order = _record(_retail(amy, 10_000));
        PlanParameters memory p = _seed();
        p.refundDays = 10;
        _publish(p);
        uint256 later = _record(_retail(amy, 10_000));
        _deliver(_list(order, later));
        _advance(8);
        _settle(_list(order, later));
        _advance(3);
        _refund(order, 1);
        _refuse(later, 1, abi.encodeWithSelector(RefundTooLate.selector, later, 10));
    }

    function test_WhenTheDayIsNotThatOfItsDelivery_RevertsWithWrongDeliveryDay() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _advance(200);
        uint256[4] memory wrong = [uint256(1), 100, 2 ** 32, type(uint256).max];
        for (uint256 i = 0; i < 4; ++i) {
            Selection memory sel = _select(order);
            sel.deliveredOn = wrong[i];
            vm.expectRevert(abi.encodeWithSelector(WrongDeliveryDay.selector, order, wrong[i]));
            vm.prank(operator);
            settlement.refund(sel, 1, 0);
        }
    }

    function test_WhenWithdrawalsArePaused_RevertsWithPaused() public {
        uint256 order = _sell(_retail(amy, 10_000));
        vm.prank(guardian);
        settlement.pause(4);
        _refuse(order, 1, abi.encodeWithSelector(Paused.selector, 4));
        vm.prank(admin);
        settlement.unpause(4);
        _refund(order, 1);
    }

    function test_WhenRefundedInFull_EveryLineIsTakenBackAndTold() public {
        uint256 order = _sell(_retail(amy, 12_800));
        Selection memory sel = _select(order);
        _expectTaken(order, supplier, 5_120, 0);
        _expectTaken(order, amy, 2_560, 0);
        _expectTaken(order, boss, 1_024, 0);
        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 0, 0, 2_828, 992, 148, 0, 0);
        vm.expectEmit(address(settlement));
        emit OrderRefunded(order, 12_800, "receipt");
        vm.prank(operator);
        settlement.refund(sel, 12_800, "receipt");
        assertEq(_treasury(), FUNDS);
        assertEq(_available(supplier) + _available(FEES) + _available(amy) + _available(boss), 0);
        assertEq(_available(PLATFORM) + _pooled(), 0);
        assertEq(lens.account(amy).debt + lens.account(boss).debt + lens.account(supplier).debt, 0);
    }

    function test_WhenRefundedInPart_TheLinesAreTheSplitOfWhatIsLeft() public {
        uint256 order = _sell(_retail(amy, 12_800));
        _refund(order, 5_000);
        _refund(order, 1_400);
        // the lines of 6 400
        assertEq(_available(supplier), 2_560);
        assertEq(_available(FEES), 64);
        assertEq(_available(amy), 1_280);
        assertEq(_available(boss), 512);
        assertEq(_available(PLATFORM), 1_414);
        assertEq(_pooled(), 496 + 74);
        assertEq(_treasury(), FUNDS - 6_400);
        assertEq(settlement.batch(order), BatchProofs.commitment(_leaves(order)));
        (, bool settled, bool dropped,,,) = lens.orderState(order);
        assertTrue(settled && !dropped);
        _assertBalanced();
    }

    function test_WhenAcrossBorders_ServiceDutyAndInsuranceAreTakenBack() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        uint256 order = _sell(_crossBorder(amy, 12_800));
        _expectTaken(order, amy, 1_280 + 2_560, 0);
        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 1_152, 128, 1_004, 352, 52, 0, 0);
        _refund(order, 12_800);
        assertEq(_available(amy) + lens.account(amy).deposit, 0, "available, then the holdback");
        assertEq(lens.account(amy).debt, 0);
        assertEq(_treasury(), FUNDS);
        _assertBalanced();
    }

    function test_WhenOfACampaignOrAStore_ThePartnerIsTakenBackFrom() public {
        vm.prank(operator);
        settlement.openGroupBuy(1, 1, 50);
        uint256 host = _founder(0);
        uint256 order = _sell(_campaign(amy, host, 1, 12_800));
        _expectTaken(order, amy, 1_024, 0);
        _expectTaken(order, host, 1_536, 0);
        _refund(order, 12_800);
        order = _sell(_inStore(amy, 12_800));
        _expectTaken(order, amy, 1_792, 0);
        _expectTaken(order, store, 768, 0);
        _refund(order, 12_800);
        order = _sell(_inStore(0, 12_800));
        _expectTaken(order, store, 2_560, 0);
        _refund(order, 12_800);
        assertEq(_treasury(), FUNDS);
        assertEq(_held(), FUNDS);
    }

    function test_WhenTheHolderOfARegionWasPaid_ItIsTakenBackFrom() public {
        uint256 holder = _holder();
        uint256 before = _available(holder);
        OrderInput memory o = _retail(amy, 12_800);
        o.shipTo = 440_300;
        uint256 order = _sell(o);
        _expectTaken(order, holder, 384, 0);
        _refund(order, 12_800);
        assertEq(_available(holder), before);
        _assertBalanced();
    }

    function test_WhenAnAccountHoldsTooLittle_ItsDepositPaysThenItOwesTheRest() public {
        uint256 order = _sell(_retail(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 2_000);
        _endow(amy, 300);
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, 300);
        vm.prank(walletOf[boss]);
        settlement.withdraw(boss, 1_024);
        _expectTaken(order, amy, 2_560, 1_700);
        _expectTaken(order, boss, 1_024, 1_024);
        _refund(order, 12_800);
        assertEq(lens.account(amy).debt, 1_700);
        assertEq(lens.account(amy).deposit, 0);
        assertEq(_available(amy), 0);
        assertEq(lens.account(boss).debt, 1_024);
        assertEq(_treasury(), FUNDS - 1_700 - 1_024);
        _assertBalanced();
    }

    function test_WhenTheDepositSuffices_NothingIsOwed() public {
        uint256 order = _sell(_retail(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 2_560);
        _endow(amy, 3_000);
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, 3_000);
        _refund(order, 12_800);
        assertEq(lens.account(amy).debt, 0);
        assertEq(lens.account(amy).deposit, 440);
        assertEq(_treasury(), FUNDS);
    }

    function test_WhenInDebtAlready_TheDebtGrows() public {
        uint256 first = _sell(_retail(amy, 12_800));
        uint256 second = _sell(_retail(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 5_120);
        _refund(first, 12_800);
        _expectTaken(second, amy, 2_560, 2_560);
        _refund(second, 12_800);
        assertEq(lens.account(amy).debt, 5_120);
    }

    function test_WhenRoundingGivesALineMore_TheTreasuryPaysIt() public {
        // 10 at rate 20 %: slot 2; 9: slot 1, so that rest and platform rise by one where cost falls by one
        uint256 order = _sell(_rounding());
        Lines memory before = _linesAt(order, 10);
        Lines memory after_ = _linesAt(order, 9);
        assertGt(after_.platform, before.platform, "no such test");
        uint256 platform = _available(PLATFORM);
        vm.expectEmit(address(settlement));
        emit BrandLinesAdded(order, 0, 0, 0, after_.platform - before.platform, 0, 0);
        _refund(order, 1);
        assertEq(_available(PLATFORM), platform + after_.platform - before.platform);
        assertEq(_treasury(), FUNDS - 9);
        _assertBalanced();
    }

    function test_WhenRoundingGivesAPoolMore_TheTreasuryPaysIt() public {
        PlanParameters memory p = _seed();
        p.fundBps = 10_000;
        _publish(p);
        uint256 order = _sell(_rounding());
        Lines memory before = _linesAt(order, 10);
        Lines memory after_ = _linesAt(order, 9);
        assertGt(after_.fund, before.fund, "no such test");
        vm.expectEmit(address(settlement));
        emit BrandLinesAdded(order, 0, 0, 0, 0, after_.fund - before.fund, 0);
        _refund(order, 1);
        assertEq(_pooled(), after_.fund);
        assertEq(_treasury(), FUNDS - 9);
        _assertBalanced();

        (p.fundBps, p.dividendBps) = (0, 10_000);
        _publish(p);
        order = _sell(_rounding());
        before = _linesAt(order, 10);
        after_ = _linesAt(order, 9);
        vm.expectEmit(address(settlement));
        emit BrandLinesAdded(order, 0, 0, 0, 0, 0, after_.dividend - before.dividend);
        _refund(order, 1);
        _assertBalanced();
    }

    function test_WhenRoundingGivesAPayeeMore_TheTreasuryPaysIt() public {
        uint256 holder = _holder();
        uint256 before = _available(holder);
        // at 34 the slot is 6 and the region's part 1; at 33 the slot is still 6, the region's part 0
        OrderInput memory o = _retail(amy, 34);
        (o.cost, o.fees, o.shipTo) = (0, 0, 440_300);
        uint256 order = _sell(o);
        assertEq(_available(amy), 5);
        vm.expectEmit(address(settlement));
        emit PaymentTakenBack(order, holder, 1, 0);
        vm.expectEmit(address(settlement));
        emit PaymentAdded(order, amy, 1);
        _refund(order, 1);
        assertEq(_available(amy), 6);
        assertEq(_available(holder), before);
        _assertBalanced();
    }

    function test_WhenTheBrandsAccountsHoldTooLittle_EachOwesItsOwnPart_AndPaysItOffItself() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        uint256 order = _sell(_crossBorder(amy, 12_800));
        vm.startPrank(treasurer);
        settlement.withdraw(PLATFORM, 1_000);
        settlement.withdraw(FEES, 128);
        settlement.withdraw(DUTY, 1_000);
        vm.stopPrank();
        Selection memory sel = _select(order);
        vm.prank(operator);
        settlement.claimInsurance(sel, 100);

        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 1_152, 128, 1_004, 352, 52, 0, 128 + 1_000 + 80 + 1_000);
        _refund(order, 12_800);
        _assertOwed(1_000, 128, 1_000, 80);
        assertEq(_available(PLATFORM) + _available(FEES) + _available(DUTY) + _available(INSURANCE), 0);

        // half of the lines: 502, 64, 576 and 64
        uint256 treasury = _treasury();
        _sell(_crossBorder(amy, 6_400));
        _assertOwed(498, 64, 424, 16);
        assertEq(_treasury(), treasury - 6_400 + 502 + 64 + 576 + 64);
        _sell(_crossBorder(amy, 12_800));
        _assertOwed(0, 0, 0, 0);
        assertEq(_available(PLATFORM), 1_004 - 498);
        assertEq(_available(FEES), 128 - 64);
        assertEq(_available(DUTY), 1_152 - 424);
        assertEq(_available(INSURANCE), 128 - 16);
        _assertBalanced();
    }

    function test_WhenTheTreasuryHoldsLessThanTheRounding_RevertsWithInsufficientTreasury() public {
        PlanParameters memory p = _seed();
        (p.fundBps, p.dividendBps) = (0, 0);
        _publish(p);
        uint256 order = _sell(_rounding());
        // everybody debited has withdrawn, so the debits bring nothing in
        vm.prank(walletOf[supplier]);
        settlement.withdraw(supplier, 4);
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 2);
        vm.prank(treasurer);
        settlement.withdraw(TREASURY, FUNDS - 10);
        assertEq(_treasury(), 0);
        uint256 more = _linesAt(order, 9).platform - _linesAt(order, 10).platform;
        _refuse(order, 1, abi.encodeWithSelector(InsufficientTreasury.selector, 0, more));
        vm.prank(anybody);
        token.approve(address(settlement), more);
        token.mint(anybody, more);
        vm.prank(anybody);
        settlement.fund(more);
        _refund(order, 1);
        assertEq(_treasury(), 0);
        _assertBalanced();
    }

    function test_WhenACreditedAccountIsInDebt_TheRoundingPaysItsDebt() public {
        uint256 order = _sell(_rounding());
        uint256 large = _sell(_retail(boss, 10_000));
        uint256 platform = _available(PLATFORM);
        vm.prank(treasurer);
        settlement.withdraw(PLATFORM, platform);
        _refund(large, 10_000);
        uint256 debt = lens.account(PLATFORM).debt;
        assertGt(debt, 0, "no such test");
        uint256 treasury = _treasury();
        vm.expectEmit(address(settlement));
        emit DebtRepaid(PLATFORM, 1, debt - 1);
        _refund(order, 1);
        assertEq(lens.account(PLATFORM).debt, debt - 1);
        assertEq(_treasury(), treasury + 2 - 1 + 1, "two debits, one credit, which came back");
        _assertBalanced();
    }

    /// @dev Any split of any order, after any two refunds, equals the split of what is left.
    function testFuzz_AfterAnyRefunds_TheLinesAreTheSplitOfWhatIsLeft(
        uint256 price,
        uint256 cost,
        uint256 fees,
        uint256 first,
        uint256 second
    ) public {
        price = bound(price, 3, 100_000);
        cost = bound(cost, 0, price);
        fees = bound(fees, 0, price - cost);
        first = bound(first, 1, price - 2);
        second = bound(second, 1, price - first);
        OrderInput memory o = _inStore(amy, price);
        (o.cost, o.fees) = (cost, fees);
        uint256 order = _sell(o);
        _refund(order, first);
        _refund(order, second);
        Lines memory l = _linesAt(order, price - first - second);
        assertEq(_available(supplier), l.supply);
        assertEq(_available(FEES), l.fees);
        assertEq(_available(amy), l.guide);
        assertEq(_available(store), l.store);
        assertEq(_available(boss), l.team);
        assertEq(_available(PLATFORM), l.platform);
        assertEq(_pooled(), l.fund + l.dividend);
        assertEq(_treasury(), FUNDS - (price - first - second));
        _assertBalanced();
    }

    /// @dev A silver founder who protects region 440 300.
    function _holder() private returns (uint256 holder) {
        PlanParameters memory p = _seed();
        p.silverTeam = 1;
        _publish(p);
        holder = _founder(440_300);
        _sell(_retail(_member(holder, 0), 12_800));
        vm.prank(operator);
        settlement.protectRegion(440_300, holder);
    }

    function _assertOwed(uint256 platform, uint256 fees, uint256 duty, uint256 insurance) private view {
        assertEq(lens.account(PLATFORM).debt, platform, "platform");
        assertEq(lens.account(FEES).debt, fees, "fees");
        assertEq(lens.account(DUTY).debt, duty, "duty");
        assertEq(lens.account(INSURANCE).debt, insurance, "insurance");
    }

    /// @dev 10 at cost 4: at 9 the cost is 3, so that the margin stays 6 while the slot falls.
    function _rounding() private view returns (OrderInput memory o) {
        o = _retail(amy, 10);
        (o.cost, o.fees) = (4, 0);
    }

    function _linesAt(uint256 order, uint256 net) private view returns (Lines memory) {
        return lens.split(termsOf[order].amounts, termsOf[order].parties, net);
    }

    function _expectTaken(uint256 order, uint256 account, uint256 amount, uint256 owed) private {
        vm.expectEmit(address(settlement));
        emit PaymentTakenBack(order, account, amount, owed);
    }

    function _refuse(uint256 order, uint256 amount, bytes memory error_) private {
        Selection memory sel = _select(order);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.refund(sel, amount, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {RefundFixture} from "./RefundFixture.sol";

/// @notice refund after settlement (rules, sections 4 and 5); lines that gain by rounding are in RefundRounding.t.sol
/// ├── when the amount is 0 or above what is left → RefundExceedsPrice, before RefundTooLate
/// ├── when today > the order's own day of delivery + refund_days of its plan → RefundTooLate
/// ├── when another day of delivery is given than that on record → TermsMismatch
/// ├── when withdrawals are paused → Paused
/// ├── when accounts hold enough → every line is debited to the split of what is left, the proceeds go to the treasury;
/// │   PaymentTakenBack of each payee, BrandLinesTakenBack, DutyTakenBack of a cross-border order, OrderRefunded
/// └── when an account holds too little → its deposit pays, then it owes the rest, DebtIncurred
contract RefundSettledTest is RefundFixture {
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

    function test_WhenAnotherDayOfDeliveryIsGiven_RevertsWithTermsMismatch() public {
        uint256 order = _sell(_retail(amy, 10_000));
        _advance(200);
        _refuse(order, 1, abi.encodeWithSelector(RefundTooLate.selector, order, 180));
        uint256[3] memory days_ = [uint256(1), 100, 2 ** 16 - 1];
        for (uint256 i = 0; i < 3; ++i) {
            ProvedOrder memory proved = _prove(order);
            proved.deliveries[0] = (days_[i] << 240) | 1;
            vm.expectRevert(abi.encodeWithSelector(TermsMismatch.selector, order));
            vm.prank(operator);
            settlement.refund(proved.order, 0, 1, proved.deliveries, proved.proof);
        }
    }

    function test_RefundDaysCountFromTheOrdersOwnDelivery() public {
        OrderInput[] memory orders = new OrderInput[](2);
        orders[0] = orders[1] = _retail(amy, 10_000);
        uint256 order = _record(orders);
        _deliver(order + 1);
        _advance(3);
        _deliver(order);
        _advance(8);
        _settle(_list(order, order + 1));
        _advance(170);
        _refuse(order + 1, 1, abi.encodeWithSelector(RefundTooLate.selector, order + 1, 180));
        _advance(2);
        _refund(order, 1);
        _advance(1);
        _refuse(order, 1, abi.encodeWithSelector(RefundTooLate.selector, order, 183));
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
        ProvedOrder memory proved = _prove(order);
        _expectTaken(order, supplier, 5_120, 0);
        _expectTaken(order, amy, 2_560, 0);
        _expectTaken(order, boss, 1_024, 0);
        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 2_828, 992, 148);
        vm.expectEmit(address(settlement));
        emit OrderRefunded(order, 12_800, "receipt");
        vm.prank(operator);
        settlement.refund(proved.order, "receipt", 12_800, proved.deliveries, proved.proof);
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
        assertEq(settlement.batch(order), _commitment(order));
        (bool settled, bool dropped,,,) = lens.orderState(order);
        assertTrue(settled && !dropped);
        _assertBalanced();
    }

    function test_WhenAcrossBorders_ServiceDutyAndInsuranceAreTakenBack() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        uint256 order = _sell(_crossBorder(amy, 12_800));
        _expectTaken(order, amy, 1_280 + 2_560, 0);
        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 1_004, 352, 52);
        vm.expectEmit(address(settlement));
        emit DutyTakenBack(order, 1_152, 128);
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

    function test_WhenTheBrandsAccountsHoldTooLittle_EachOwesItsOwnPart_AndPaysItOffItself() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        uint256 order = _sell(_crossBorder(amy, 12_800));
        vm.startPrank(treasurer);
        settlement.withdraw(PLATFORM, 1_000);
        settlement.withdraw(FEES, 128);
        settlement.withdraw(DUTY, 1_000);
        vm.stopPrank();
        ProvedOrder memory proved = _prove(order);
        vm.prank(operator);
        settlement.claimInsurance(proved.order, 100, proved.deliveries, proved.proof);

        vm.expectEmit(address(settlement));
        emit BrandLinesTakenBack(order, 128, 1_004, 352, 52);
        vm.expectEmit(address(settlement));
        emit DutyTakenBack(order, 1_152, 128);
        uint256[2][4] memory owed = [[PLATFORM, 1_000], [FEES, 128], [DUTY, 1_000], [INSURANCE, uint256(80)]];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectEmit(address(settlement));
            emit DebtIncurred(order, owed[i][0], owed[i][1]);
        }
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

    function _assertOwed(uint256 platform, uint256 fees, uint256 duty, uint256 insurance) private view {
        assertEq(lens.account(PLATFORM).debt, platform, "platform");
        assertEq(lens.account(FEES).debt, fees, "fees");
        assertEq(lens.account(DUTY).debt, duty, "duty");
        assertEq(lens.account(INSURANCE).debt, insurance, "insurance");
    }

    function _expectTaken(uint256 order, uint256 account, uint256 amount, uint256 owed) private {
        vm.expectEmit(address(settlement));
        emit PaymentTakenBack(order, account, amount);
        if (owed == 0) return;
        vm.expectEmit(address(settlement));
        emit DebtIncurred(order, account, owed);
    }
}

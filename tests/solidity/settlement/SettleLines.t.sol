// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../../../contracts/types/Accounts.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice settle: what is paid to whom, to the last unit (rules, section 3), and what is told
/// ├── retail: by a boss; by a member; into a protected region
/// ├── campaign: by another than the host; by the host itself
/// ├── store: with a guide; without
/// ├── cross-border: service, of which the holdback becomes deposit, debt first
/// ├── when refunded in part before → the lines of what is left
/// ├── when margin or cap is small → slot and team are cut
/// ├── when a payee is in debt → its debt is paid first, into the treasury
/// └── several orders of several plans, days, batches and pages in one call → OrdersSettled a batch, BrandLinesPaid a call
contract SettleLinesTest is SettlementFixture {
    uint256 private host;

    function setUp() public override {
        super.setUp();
        host = _founder(440_300);
        vm.startPrank(operator);
        settlement.certify(amy, true);
        settlement.openGroupBuy(1, 1, 50);
        vm.stopPrank();
    }

    function test_WhenABossSellsRetail_NobodyLeads() public {
        uint256 order = _due(_retail(boss, 12_800));
        vm.expectEmit(address(settlement));
        emit SupplyPaid(order, supplier, 5_120);
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, boss, 2_560);
        vm.expectEmit(address(settlement));
        emit OrdersSettled(order, 1);
        vm.expectEmit(address(settlement));
        emit BrandLinesPaid(128, 0, 0, 3_557, 1_248, 187);
        _settle(order);
        _assertBrand(128, 0, 0, 3_557);
        _assertPools(1_248, 187);
        assertEq(_available(supplier), 5_120);
        assertEq(_available(boss), 2_560);
        assertEq(_escrow(), 0);
        assertEq(_treasury(), FUNDS - 12_800);
        _assertBalanced();
    }

    function test_WhenAMemberSellsRetail_ItsLeaderIsPaid() public {
        uint256 order = _due(_retail(amy, 12_800));
        vm.expectEmit(address(settlement));
        emit SupplyPaid(order, supplier, 5_120);
        vm.expectEmit(address(settlement));
        emit TeamPaid(order, boss, 1_024);
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, amy, 2_560);
        vm.expectEmit(address(settlement));
        emit BrandLinesPaid(128, 0, 0, 2_828, 992, 148);
        _settle(order);
        assertEq(_available(amy), 2_560);
        assertEq(_available(boss), 1_024);
        _assertBrand(128, 0, 0, 2_828);
        _assertPools(992, 148);
        _assertBalanced();
    }

    function test_WhenTheRegionIsProtected_ItsHolderGetsAPartOfTheSlot() public {
        PlanParameters memory p = _seed();
        p.silverTeam = 1;
        _publish(p);
        _sell(_retail(_member(host, 0), 12_800));
        vm.prank(operator);
        settlement.protectRegion(440_300, host);
        OrderInput memory o = _retail(amy, 12_800);
        o.shipTo = 440_300;
        uint256 order = _due(o);
        uint256 before = _available(host);
        vm.expectEmit(address(settlement));
        emit TeamPaid(order, boss, 1_024);
        vm.expectEmit(address(settlement));
        emit RegionPaid(order, host, 384);
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, amy, 2_176);
        _settle(order);
        assertEq(_available(host), before + 384);
        assertEq(_available(amy), 2_176);
        _assertBalanced();
    }

    function test_WhenOfACampaign_TheHostSharesTheSlot() public {
        uint256 order = _due(_campaign(amy, host, 1, 12_800));
        vm.expectEmit(address(settlement));
        emit TeamPaid(order, boss, 1_024);
        vm.expectEmit(address(settlement));
        emit HostPaid(order, host, 1_536);
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, amy, 1_024);
        _settle(order);
        assertEq(_available(host), 1_536);
        assertEq(_available(amy), 1_024);
        assertEq(_available(boss), 1_024);
        _assertBrand(128, 0, 0, 2_828);
        _assertBalanced();
    }

    function test_WhenTheHostSells_TheSlotIsAllDirect() public {
        uint256 order = _due(_campaign(amy, amy, 1, 12_800));
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, amy, 2_560);
        _settle(order);
        assertEq(_available(amy), 2_560);
        _assertBalanced();
    }

    function test_WhenInAStore_TheGuideSharesTheSlot() public {
        uint256 order = _due(_inStore(amy, 12_800));
        vm.expectEmit(address(settlement));
        emit TeamPaid(order, boss, 1_024);
        vm.expectEmit(address(settlement));
        emit StorePaid(order, store, 768);
        vm.expectEmit(address(settlement));
        emit GuidePaid(order, amy, 1_792);
        _settle(order);
        assertEq(_available(amy), 1_792);
        assertEq(_available(store), 768);
        assertEq(_available(boss), 1_024);
        _assertBalanced();
    }

    function test_WhenInAStoreWithoutAGuide_TheStoreGetsTheSlot() public {
        uint256 order = _due(_inStore(0, 12_800));
        vm.expectEmit(address(settlement));
        emit SupplyPaid(order, supplier, 5_120);
        vm.expectEmit(address(settlement));
        emit StorePaid(order, store, 2_560);
        vm.expectEmit(address(settlement));
        emit BrandLinesPaid(128, 0, 0, 3_557, 1_248, 187);
        _settle(order);
        assertEq(_available(store), 2_560);
        assertEq(_available(0), 0);
        _assertBalanced();
    }

    function test_WhenAcrossBorders_ServiceIsPaidAndPartlyHeldBack() public {
        uint256 order = _due(_crossBorder(amy, 12_800));
        vm.expectEmit(address(settlement));
        emit SupplyPaid(order, supplier, 5_120);
        vm.expectEmit(address(settlement));
        emit TeamPaid(order, boss, 1_024);
        vm.expectEmit(address(settlement));
        emit ServicePaid(order, amy, 1_280, 128);
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, amy, 2_560);
        vm.expectEmit(address(settlement));
        emit BrandLinesPaid(128, 1_152, 128, 1_004, 352, 52);
        _settle(order);
        assertEq(_available(amy), 1_152 + 2_560);
        assertEq(lens.account(amy).deposit, 128);
        assertEq(lens.account(amy).lockedUntil, 8 + 30);
        _assertBrand(128, 1_152, 128, 1_004);
        _assertPools(352, 52);
        _assertBalanced();
    }

    function test_WhenTheHoldbackIs0_TheLockStays() public {
        uint256 order = _due(_crossBorder(amy, 99));
        vm.expectEmit(address(settlement));
        emit ServicePaid(order, amy, 9, 0);
        _settle(order);
        assertEq(lens.account(amy).deposit, 0);
        assertEq(lens.account(amy).lockedUntil, 0);
        assertEq(_available(amy), 9 + 19);
    }

    function test_WhenInDebtAcrossBorders_TheHoldbackPaysDebtFirst() public {
        uint256 owed = _sell(_crossBorder(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 3_712);
        _refund(owed, 12_800);
        // 3 840 lines, 128 of deposit
        assertEq(lens.account(amy).debt, 3_712);
        uint256 order = _due(_crossBorder(amy, 12_800));
        uint256 treasury = _treasury();
        vm.expectEmit(address(settlement));
        emit ServicePaid(order, amy, 1_280, 128);
        vm.expectEmit(address(settlement));
        emit DebtRepaid(amy, 128, 3_584);
        vm.expectEmit(address(settlement));
        emit DebtRepaid(amy, 1_152, 2_432);
        vm.expectEmit(address(settlement));
        emit DirectPaid(order, amy, 2_560);
        vm.expectEmit(address(settlement));
        emit DebtRepaid(amy, 2_432, 0);
        _settle(order);
        assertEq(lens.account(amy).debt, 0);
        assertEq(lens.account(amy).deposit, 0);
        assertEq(_available(amy), 128);
        assertEq(_treasury(), treasury + 3_712);
        _assertBalanced();
    }

    function test_WhenAPayeeIsInDebt_ItsDebtIsPaidFirst() public {
        uint256 first = _sell(_retail(amy, 12_800));
        vm.prank(walletOf[boss]);
        settlement.withdraw(boss, 1_024);
        vm.prank(walletOf[supplier]);
        settlement.withdraw(supplier, 5_120);
        _refund(first, 12_800);
        assertEq(lens.account(boss).debt, 1_024);
        assertEq(lens.account(supplier).debt, 5_120);
        uint256 order = _due(_retail(amy, 6_400));
        uint256 treasury = _treasury();
        vm.expectEmit(address(settlement));
        emit DebtRepaid(supplier, 2_560, 2_560);
        vm.expectEmit(address(settlement));
        emit DebtRepaid(boss, 512, 512);
        _settle(order);
        assertEq(lens.account(boss).debt, 512);
        assertEq(lens.account(supplier).debt, 2_560);
        assertEq(_available(boss) + _available(supplier), 0);
        assertEq(_treasury(), treasury + 512 + 2_560);
        _assertBalanced();
    }

    function test_WhenThePlatformIsInDebt_ItsDebtIsPaidFirst() public {
        uint256 first = _sell(_retail(amy, 12_800));
        vm.startPrank(treasurer);
        settlement.withdraw(PLATFORM, 2_828);
        settlement.withdraw(FEES, 128);
        vm.stopPrank();
        _refund(first, 12_800);
        uint256 order = _due(_retail(amy, 12_800));
        uint256 treasury = _treasury();
        _settle(order);
        _assertBrand(0, 0, 0, 0);
        assertEq(lens.account(PLATFORM).debt + lens.account(FEES).debt, 0);
        assertEq(_treasury(), treasury + 2_828 + 128);
        _assertBalanced();
    }

    function test_WhenRefundedInPartBefore_TheLinesAreThoseOfWhatIsLeft() public {
        uint256 order = _record(_retail(amy, 12_800));
        _refund(order, 6_400);
        _deliver(order);
        _advance(8);
        vm.expectEmit(address(settlement));
        emit BrandLinesPaid(64, 0, 0, 1_414, 496, 74);
        _settle(order);
        assertEq(_available(supplier), 2_560);
        assertEq(_available(amy), 1_280);
        assertEq(_available(boss), 512);
        _assertBalanced();
    }

    function test_WhenTheMarginIsSmall_SlotAndTeamAreCut() public {
        OrderInput memory o = _retail(amy, 10_000);
        (o.cost, o.fees) = (7_900, 0);
        _sell(o);
        assertEq(_available(amy), 2_000);
        assertEq(_available(boss), 100);
        o.cost = 8_500;
        _sell(o);
        assertEq(_available(amy), 2_000 + 1_500);
        assertEq(_available(boss), 100);
        _assertBrand(0, 0, 0, 0);
    }

    function test_WhenTheCapIsSmall_SlotAndTeamAreCut() public {
        PlanParameters memory p = _seed();
        p.capBps = 2_300;
        _publish(p);
        _sell(_retail(amy, 10_000));
        assertEq(_available(amy), 2_000);
        assertEq(_available(boss), 300);
        p.capBps = 1_000;
        _publish(p);
        _sell(_retail(amy, 10_000));
        assertEq(_available(amy), 3_000);
        assertEq(_available(boss), 300);
    }

    function test_WhenALineIs0_NobodyIsToldAndNobodyIsPaid() public {
        OrderInput memory o = _retail(amy, 1);
        (o.cost, o.fees) = (0, 0);
        uint256 order = _due(o);
        vm.recordLogs();
        _settle(order);
        assertEq(vm.getRecordedLogs().length, 2, "OrdersSettled and BrandLinesPaid alone");
        _assertBrand(0, 0, 0, 1);
    }

    function test_WhenOrdersOfSeveralPlansDaysAndBatchesAreSettledTogether_EachHasItsOwnLines() public {
        OrderInput[] memory orders = new OrderInput[](3);
        orders[0] = _retail(amy, 10_000);
        orders[1] = _inStore(amy, 10_000);
        orders[2] = _retail(boss, 10_000);
        _record(orders);
        PlanParameters memory p = _seed();
        (p.teamBps, p.guideBps) = (1_000, 5_000);
        _publish(p);
        _record(orders);
        _deliver(_list(1, 4));
        _advance(1);
        _deliver(_list(2, 3));
        _deliver(_list(5, 6));
        _advance(8);
        uint256[] memory all = new uint256[](6);
        for (uint256 i = 0; i < 6; ++i) {
            all[i] = i + 1;
        }
        _settle(all);
        assertEq(_available(amy), 2_000 + 1_400 + 2_000 + 1_000);
        assertEq(_available(boss), 800 * 2 + 2_000 + 1_000 * 2 + 2_000);
        assertEq(_available(store), 600 + 1_000);
        assertEq(_available(supplier), 24_000);
        assertEq(_escrow(), 0);
        _assertBalanced();
    }

    function test_WhenOrdersOfSeveralBatchesAndPagesAreSettled_EachBatchIsTold_AndTheBrandsLinesInSum() public {
        OrderInput[] memory orders = new OrderInput[](240);
        for (uint256 i = 0; i < 240; ++i) {
            orders[i] = _retail(boss, 100);
        }
        _record(orders);
        assembly ("memory-safe") {
            mstore(orders, 20)
        }
        _record(orders);
        uint256 large = _record(_retail(boss, 12_800));
        uint256[] memory due = new uint256[](7);
        (due[0], due[1], due[2]) = (127, 128, 240);
        (due[3], due[4], due[5], due[6]) = (241, 255, 256, large);
        _deliver(due);
        _advance(8);
        _settle(_list(128, 256));
        vm.expectEmit(address(settlement));
        emit OrdersSettled(1, (1 << 126) | (1 << 239));
        vm.expectEmit(address(settlement));
        emit OrdersSettled(241, 1 | (1 << 14));
        vm.expectEmit(address(settlement));
        emit OrdersSettled(large, 1);
        vm.expectEmit(address(settlement));
        emit BrandLinesPaid(128 + 4, 0, 0, 3_557 + 4 * 29, 1_248 + 4 * 9, 187 + 4);
        _settle(due);
        (uint256 settled,,,,) = settlement.orderPage(0);
        assertEq(settled, (3 << 127) | (3 << 240) | (1 << 255));
        (settled,,,,) = settlement.orderPage(1);
        assertEq(settled, 1 | (1 << (large - 256)));
        _assertBalanced();
    }

    /// @dev Recorded, delivered and due.
    function _due(OrderInput memory o) private returns (uint256 order) {
        order = _record(o);
        _deliver(order);
        _advance(8);
    }

    function _assertBrand(uint256 fees, uint256 duty, uint256 insurance, uint256 platform) private view {
        assertEq(_available(FEES), fees, "fees");
        assertEq(_available(DUTY), duty, "duty");
        assertEq(_available(INSURANCE), insurance, "insurance");
        assertEq(_available(PLATFORM), platform, "platform");
    }

    function _assertPools(uint256 fund, uint256 dividend) private view {
        (, uint256 gathered) = _month();
        assertEq(gathered, fund, "fund");
        (, gathered) = _year();
        assertEq(gathered, dividend, "dividend");
    }

    function _month() private view returns (uint256 weight, uint256 gathered) {
        (, weight, gathered) = _epochOfMonth(settlement.today() / 30);
    }

    function _year() private view returns (uint256 weight, uint256 gathered) {
        (, weight, gathered) = _epochOfYear(settlement.today() / 365);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Lines} from "../../../contracts/pure/Split.sol";
import {FEES, PLATFORM, TREASURY} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {RefundFixture} from "./RefundFixture.sol";

/// @notice refund after settlement, where rounding gives a line more than before (rules, sections 4 and 5)
/// ├── a line, a pool or a payee gains → PaymentAdded, BrandLinesAdded, out of the treasury
/// ├── when the treasury holds less than that → InsufficientTreasury
/// ├── when who gains is in debt → its debt is paid
/// └── whatever refunds, the lines are the split of what is left
contract RefundRoundingTest is RefundFixture {
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
        emit PaymentTakenBack(order, holder, 1);
        vm.expectEmit(address(settlement));
        emit PaymentAdded(order, amy, 1);
        _refund(order, 1);
        assertEq(_available(amy), 6);
        assertEq(_available(holder), before);
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

    /// @dev 10 at cost 4: at 9 the cost is 3, so that the margin stays 6 while the slot falls.
    function _rounding() private view returns (OrderInput memory o) {
        o = _retail(amy, 10);
        (o.cost, o.fees) = (4, 0);
    }

    function _linesAt(uint256 order, uint256 net) private view returns (Lines memory) {
        return lens.split(termsOf[order].amounts, termsOf[order].parties, net);
    }
}

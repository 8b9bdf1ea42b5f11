// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccountView, ParticipantView, TermsView} from "../../../contracts/SettlementLens.sol";
import {Book, Epoch} from "../../../contracts/state/State.sol";
import {Account as Word, AccountWord} from "../../../contracts/types/Account.sol";
import {INSURANCE} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {MoneySteps} from "./MoneySteps.sol";
import {LINES, Line, RulesSplit} from "./RulesSplit.sol";

/// @title What always holds (rules, section 6), asked of the contract's books and of those kept from its events
abstract contract Books is MoneySteps {
    /// @notice Everything, after any history.
    function check() external view {
        assertEq(fault, "", "a step found a fault");
        _checkTotals();
        _checkAccounts();
        _checkOrders();
        _checkLineage();
        _checkPlans();
        _checkWeights();
    }

    /// @notice Section 6.1: what is held is what came in less what went out, and the tokens are there.
    function _checkTotals() private view {
        assertEq(_held(), tokensIn - tokensOut, "6.1: held differs from tokens in - tokens out");
        assertLe(_held(), token.balanceOf(address(settlement)), "6.1: fewer tokens than the books say");
        assertEq(int256(_pooled()), pools, "6.1: the pools differ from their events");
    }

    /// @notice Section 6.7: whatever an account was paid and lost is its own available, deposit or debt, to the last unit; and
    /// who owes has nothing to pay with.
    function _checkAccounts() private view {
        (Word none,) = settlement.accountWord(0);
        assertEq(Word.unwrap(none), 0, "the account of nobody");
        assertEq(bytes(lens.participant(0).kind).length, 0, "nobody is a participant");
        assertFalse(lens.participant(0).active, "nobody became active");
        uint256 last = settlement.lastParticipant();
        for (uint256 id = 1; id <= last; ++id) {
            AccountView memory a = lens.account(id);
            assertEq(int256(a.available + a.deposit) - int256(a.debt), position[id], "6.7: account differs from its events");
            assertEq(a.withdrawn, withdrawnBy[id], "withdrawn differs from events");
            (Word word,) = settlement.accountWord(id);
            // the brand's four accounts keep the sign elsewhere
            if (id > INSURANCE) assertEq(word.has(AccountWord.IN_DEBT), a.debt != 0, "6.7: the sign of debt");
            if (a.debt != 0) assertEq(a.available + a.deposit, 0, "6.7: in debt with money");
        }
    }

    /// @notice Sections 6.2, 6.3 and 6.5, order by order, and what is stored of each batch; then what they pay together, and the escrow.
    function _checkOrders() private view {
        Book memory book = settlement.book();
        uint256 escrow;
        uint256[LINES] memory sums;
        for (uint256 order = 1; order <= book.orders; ++order) {
            assertEq(timesRecorded[order], 1, "6.3: recorded once");
            assertLe(timesSettled[order] + timesDropped[order], 1, "6.3: closed once");
            if (firstOf[order] == order) assertEq(settlement.batch(order), _commitment(order), "a batch differs");
            assertEq(timesDelivered[order], _isDelivered(order) ? 1 : 0, "6.3: delivered differs from events");
            assertEq(dayOfDelivery[order], _deliveredOn(order), "the day of delivery differs from events");
            (bool settled, bool dropped,,, bool insured) = lens.orderState(order);
            assertTrue(!settled || _isDelivered(order), "6.3: settled and not delivered");
            assertEq(settled, timesSettled[order] == 1, "settled differs from events");
            assertEq(dropped, timesDropped[order] == 1, "dropped differs from events");
            assertEq(insured, insurancePaid[order] == 1, "insurance differs from events");
            assertEq(refundedOf[order], termsOf[order].refunded(), "refunded differs from events");
            _checkLines(order, settled, sums);
            if (!settled && !dropped) escrow += termsOf[order].net();
        }
        assertEq(timesRecorded[uint256(book.orders) + 1], 0, "6.3: beyond the last order");
        assertEq(book.escrow, escrow, "escrow is the net price of what is open");
        Line[6] memory brand = [Line.Fees, Line.Duty, Line.Insurance, Line.Platform, Line.Fund, Line.Dividend];
        for (uint256 i = 0; i < 6; ++i) {
            assertEq(brandLines[brand[i]], int256(sums[uint256(brand[i])]), "6.5: a line of the brand's, of all orders");
        }
    }

    /// @notice Whatever the steps were, each payee of an order has its lines of split(terms, P − refunded), and nothing before
    /// the order settles. The lines sum to the net price and keep within the cap.
    function _checkLines(uint256 order, bool settled, uint256[LINES] memory sums) private view {
        TermsView memory t = _termsView(order);
        uint256[4] memory payees = [t.supplier, t.seller, t.partner, t.leader];
        uint256[LINES] memory lines;
        if (settled) {
            PlanParameters memory plan = settlement.plan(t.plan);
            uint256 net = t.price - t.refunded;
            lines = RulesSplit.split(t, plan, net);
            _checkSplit(lines, plan, net);
        }
        for (uint256 i = 0; i < LINES; ++i) {
            sums[i] += lines[i];
        }
        for (uint256 i = 0; i < 4; ++i) {
            uint256 due;
            for (uint256 k = 0; k < LINES; ++k) {
                if (payees[i] != 0 && RulesSplit.payee(t, Line(k)) == payees[i]) due += lines[k];
            }
            assertEq(paid[order][payees[i]], int256(due), settled ? "6.5: a payee's lines" : "6.3: paid before settling");
        }
    }

    /// @notice Section 6.2, of the split as the rules write it down; that the contract pays the same is checked line by line.
    function _checkSplit(uint256[LINES] memory lines, PlanParameters memory plan, uint256 net) private pure {
        uint256 costs;
        uint256 commission;
        uint256 retained;
        for (uint256 i = 0; i < LINES; ++i) {
            if (i <= uint256(Line.Service)) costs += lines[i];
            else if (i <= uint256(Line.Team)) commission += lines[i];
            else retained += lines[i];
        }
        assertEq(costs + commission + retained, net, "6.2: lines sum to the net price");
        assertLe(commission, RulesSplit.cap(net - costs, plan, net), "6.2: commission above the cap");
    }

    /// @notice Section 6.4: the introducer of the day of joining, registered earlier; the leader of that day or, once a boss,
    /// none; a leader is a boss, at most two introductions above.
    function _checkLineage() private view {
        for (uint256 i = 0; i < agents.length; ++i) {
            uint256 agent = agents[i];
            ParticipantView memory p = lens.participant(agent);
            assertEq(p.introducer, introducerOf[agent], "6.4: the introducer changed");
            assertLt(p.introducer, agent, "6.4: introduced by somebody later");
            assertTrue(p.leader == 0 || p.leader == leaderAtJoining[agent], "6.4: another leader");
            assertEq(p.boss, p.leader == 0, "6.4: a boss has no leader");
            if (p.leader == 0) continue;
            assertTrue(lens.participant(p.leader).boss, "6.4: the leader is no boss");
            uint256 second = lens.participant(p.introducer).introducer;
            assertTrue(p.leader == p.introducer || p.leader == second, "6.4: the leader is too far above");
        }
    }

    /// @notice A plan version never changes.
    function _checkPlans() private view {
        uint256 last = settlement.book().plan;
        for (uint256 version = 1; version <= last; ++version) {
            assertEq(keccak256(abi.encode(settlement.plan(version))), planHash[version], "a plan version changed");
        }
    }

    /// @notice Of what is not closed, the weights of all agents sum to the weight that is shared by (section 5).
    function _checkWeights() private view {
        uint256 month = settlement.today() / 30;
        uint256 year = settlement.today() / 365;
        _checkWeightsOf(month, year);
        _checkWeightsOf(_closedMonths(), _closedYears());
    }

    function _checkWeightsOf(uint256 month, uint256 year) private view {
        uint256 support;
        uint256 dividend;
        for (uint256 i = 0; i < agents.length; ++i) {
            (uint256 inMonth,) = settlement.supportWeight(month, agents[i]);
            (uint256 inYear,) = settlement.dividendWeight(year, agents[i]);
            support += inMonth;
            dividend += inYear;
        }
        (, Epoch memory m) = settlement.supportMonth(month);
        (, Epoch memory y) = settlement.dividendYear(year);
        assertEq(support, m.weight, "5: support weights");
        assertEq(dividend, y.weight, "5: dividend weights");
    }

    /// @notice Section 6.7: money is never stuck. Whatever is left in escrow is settled or voided in the end.
    function emptyEscrow() external kept {
        vm.prank(admin);
        settlement.unpause(7);
        _advance(200);
        uint256 last = _lastOrder();
        for (uint256 order = 1; order <= last; ++order) {
            if (!_isOpen(order)) continue;
            if (_isDelivered(order)) _settle(order);
            else _void(order);
        }
        assertEq(_escrow(), 0, "6.7: stuck in escrow");
    }
}

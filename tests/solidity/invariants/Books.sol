// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccountView, ParticipantView, TermsView} from "../../../contracts/SettlementLens.sol";
import {Book, Epoch, PoolClock} from "../../../contracts/state/State.sol";
import {Account as Word, AccountWord} from "../../../contracts/types/Account.sol";
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
    }

    /// @notice Section 6.1: what is held is what came in less what went out, and the tokens are there.
    function _checkTotals() private view {
        assertEq(_held(), tokensIn - tokensOut, "6.1: held differs from tokens in - tokens out");
        assertLe(_held(), token.balanceOf(address(settlement)), "6.1: fewer tokens than the books say");
        assertEq(_pooledIn(true), supportPool, "6.1: support pool");
        assertEq(_pooledIn(false), dividendPool, "6.1: dividend pool");
    }

    /// @notice Section 6.7: whatever an account was paid and lost is its own available, deposit or debt, to the last unit; and
    /// who owes has nothing to pay with.
    function _checkAccounts() private view {
        uint256 last = settlement.lastParticipant();
        for (uint256 id = 1; id <= last; ++id) {
            AccountView memory a = lens.account(id);
            assertEq(int256(a.available + a.deposit) - int256(a.debt), position[id], "6.7: account differs from its events");
            assertEq(a.withdrawn, withdrawnBy[id], "withdrawn differs from events");
            (Word word,) = settlement.accountWord(id);
            assertEq(word.has(AccountWord.IN_DEBT), a.debt != 0, "6.7: the sign of debt");
            if (a.debt != 0) assertEq(a.available + a.deposit, 0, "6.7: in debt with money");
        }
    }

    /// @notice Sections 6.2, 6.3 and 6.5, order by order, and the escrow.
    function _checkOrders() private view {
        Book memory book = settlement.book();
        uint256 escrow;
        for (uint256 order = 1; order <= book.orders; ++order) {
            assertEq(timesRecorded[order], 1, "6.3: recorded once");
            assertLe(timesSettled[order] + timesDropped[order], 1, "6.3: closed once");
            (bool delivered, bool settled, bool dropped,,, bool insured) = lens.orderState(order);
            assertEq(delivered, isDelivered[order], "delivered differs from events");
            assertEq(settled, timesSettled[order] == 1, "settled differs from events");
            assertEq(dropped, timesDropped[order] == 1, "dropped differs from events");
            assertEq(insured, insurancePaid[order] == 1, "insurance differs from events");
            if (settled) _checkLines(order);
            else _checkUnpaid(order);
            if (!settled && !dropped) escrow += termsOf[order].net();
        }
        assertEq(timesRecorded[uint256(book.orders) + 1], 0, "6.3: beyond the last order");
        assertEq(book.escrow, escrow, "escrow is the net price of what is open");
    }

    /// @notice Whatever the steps were, the lines are split(terms, P − refunded), sum to it, and keep within the cap.
    function _checkLines(uint256 order) private view {
        TermsView memory t = _termsView(order);
        PlanParameters memory plan = settlement.plan(t.plan);
        uint256 net = t.price - t.refunded;
        uint256[LINES] memory lines = RulesSplit.split(t, plan, net);
        int256 sum;
        for (uint256 i = 0; i < LINES; ++i) {
            assertEq(paid[order][i], int256(lines[i]), string.concat("6.5: line ", vm.toString(i)));
            sum += paid[order][i];
        }
        assertEq(sum, int256(net), "6.2: lines sum to the net price");
        int256 commission;
        for (uint256 i = uint256(Line.Direct); i <= uint256(Line.Team); ++i) {
            commission += paid[order][i];
        }
        int256 costs;
        for (uint256 i = 0; i < uint256(Line.Direct); ++i) {
            costs += paid[order][i];
        }
        assertLe(commission, int256(RulesSplit.cap(uint256(int256(net) - costs), plan, net)), "6.2: commission above cap");
    }

    /// @notice Nothing is paid before an order settles.
    function _checkUnpaid(uint256 order) private view {
        for (uint256 i = 0; i < LINES; ++i) {
            assertEq(paid[order][i], 0, "6.3: paid without settling");
        }
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

    /// @dev What one pool holds: gathered where it is open, not claimed where it is closed.
    function _pooledIn(bool months) private view returns (int256 sum) {
        uint256 last = settlement.today() / (months ? 30 : 365);
        for (uint256 e = 0; e <= last; ++e) {
            (PoolClock memory clock, Epoch memory epoch) =
                months ? settlement.supportMonth(e) : settlement.dividendYear(e);
            sum += int256(uint256(e < clock.closed ? epoch.left : epoch.gathered));
        }
    }

    /// @notice Section 6.7: money is never stuck. Whatever is left in escrow is settled or voided in the end.
    function emptyEscrow() external kept {
        vm.prank(admin);
        settlement.unpause(7);
        _advance(200);
        uint256 last = _lastOrder();
        for (uint256 order = 1; order <= last; ++order) {
            if (!_isOpen(order)) continue;
            if (isDelivered[order]) _settle(order);
            else _void(order);
        }
        assertEq(_escrow(), 0, "6.7: stuck in escrow");
    }
}

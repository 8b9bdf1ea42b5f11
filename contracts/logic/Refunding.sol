// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Lines, Split} from "../pure/Split.sol";
import {Pool, State} from "../state/State.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../types/Accounts.sol";
import {OrderPlan} from "../types/Plan.sol";
import {WITHDRAWING} from "../types/Roles.sol";
import {Terms} from "../types/Terms.sol";
import {Batches, Selection} from "./Batches.sol";
import {Ledger} from "./Ledger.sol";
import {OrderPages} from "./OrderPages.sol";
import {SupportWeights} from "./SupportWeights.sol";

/// @title Refunds, before settlement and after (rules, sections 4 and 5)
library Refunding {
    using OrderPages for mapping(uint256 => uint256);

    /// @dev One line of the split, before and after the refund.
    struct Line {
        uint256 account;
        string name;
        uint256 before;
        uint256 after_;
    }

    /// @notice Refunds `amount` minor units of one order.
    /// @param receipt A salted commitment to the buyer's refund receipt, 0 where there is none.
    /// Errors: UnknownOrder, OrderClosed, RefundExceedsPrice, RefundTooLate; InsufficientTreasury; Paused.
    function refund(State storage s, uint256 today, Selection calldata sel, uint256 amount, bytes32 receipt)
        external
    {
        (uint256 order, Terms memory t) = Batches.openOne(s, sel);
        uint256 net = t.net();
        bool settled = s.settled.has(order);
        if (net != 0 && !settled && s.dropped.has(order)) revert ISettlementErrors.OrderClosed(order);
        if (amount == 0 || amount > net) revert ISettlementErrors.RefundExceedsPrice(order, amount, net);
        if (settled) _takeBack(s, today, sel.deliveredOn, order, t, amount);
        else _giveBack(s, order, net, amount);
        t.refund(amount);
        Batches.rewrite(s, sel, order, t);
        emit ISettlementEvents.OrderRefunded(order, amount, t.refunded(), receipt, settled);
    }

    /// @dev Before settlement: out of escrow. What is refunded in full is closed.
    function _giveBack(State storage s, uint256 order, uint256 net, uint256 amount) private {
        s.book.escrow -= uint88(amount);
        s.book.treasury += uint88(amount);
        if (amount == net) s.dropped.set(order);
    }

    /// @dev After settlement: every line moves to the split of what is left. All debits first, then the credits that
    /// rounding makes, which the treasury pays.
    function _takeBack(State storage s, uint256 today, uint256 day, uint256 order, Terms memory t, uint256 amount)
        private
    {
        if (s.book.paused & WITHDRAWING != 0) revert ISettlementErrors.Paused(WITHDRAWING);
        OrderPlan memory plan = s.plans[t.plan()].order;
        _requireInTime(s, today, day, order, plan.refundDays);

        Lines memory before;
        Lines memory after_;
        Split.split(t, plan, t.net(), before);
        Split.split(t, plan, t.net() - amount, after_);
        Line[] memory lines = _lines(t, before, after_);
        Ledger.intoTreasury(s, _debitAll(s, today, order, lines, before, after_));
        _creditAll(s, today, order, lines, before, after_);
        _takeWeights(s, today, t.seller(), before.direct + before.guide, after_.direct + after_.guide, amount);
    }

    function _requireInTime(State storage s, uint256 today, uint256 day, uint256 order, uint256 refundDays)
        private
        view
    {
        if (day >= 2 ** 32 || s.deliveredOn[OrderPages.onDay(day, order >> 8)] & OrderPages.bit(order) == 0) {
            revert ISettlementErrors.WrongDeliveryDay(order, day);
        }
        if (today > day + refundDays) revert ISettlementErrors.RefundTooLate(order, day + refundDays);
    }

    /// @dev The lines that belong to accounts, in the order of the split.
    function _lines(Terms memory t, Lines memory b, Lines memory a) private pure returns (Line[] memory lines) {
        lines = new Line[](12);
        lines[0] = Line(t.supplier(), "supply", b.supply, a.supply);
        lines[1] = Line(FEES, "fees", b.fees, a.fees);
        lines[2] = Line(DUTY, "duty", b.duty, a.duty);
        lines[3] = Line(INSURANCE, "insurance", b.insurance, a.insurance);
        lines[4] = Line(t.seller(), "service", b.service, a.service);
        lines[5] = Line(t.seller(), "direct", b.direct, a.direct);
        lines[6] = Line(t.partner(), "region", b.region, a.region);
        lines[7] = Line(t.partner(), "host", b.host, a.host);
        lines[8] = Line(t.seller(), "guide", b.guide, a.guide);
        lines[9] = Line(t.partner(), "store", b.store, a.store);
        lines[10] = Line(t.leader(), "team", b.team, a.team);
        lines[11] = Line(PLATFORM, "platform", b.platform, a.platform);
    }

    function _debitAll(
        State storage s,
        uint256 today,
        uint256 order,
        Line[] memory lines,
        Lines memory before,
        Lines memory after_
    ) private returns (uint256 proceeds) {
        for (uint256 i = 0; i < lines.length; ++i) {
            Line memory l = lines[i];
            if (l.after_ >= l.before) continue;
            uint256 lost = l.before - l.after_;
            uint256 taken = Ledger.debit(s, l.account, lost);
            proceeds += taken;
            emit ISettlementEvents.LineTakenBack(order, l.account, l.name, lost, lost - taken);
        }
        if (after_.fund < before.fund) {
            proceeds += _debitPool(s, s.support, Calendar.month(today), order, "fund", before.fund - after_.fund);
        }
        if (after_.dividend < before.dividend) {
            proceeds += _debitPool(
                s, s.dividend, Calendar.year(today), order, "dividend", before.dividend - after_.dividend
            );
        }
    }

    function _creditAll(
        State storage s,
        uint256 today,
        uint256 order,
        Line[] memory lines,
        Lines memory before,
        Lines memory after_
    ) private {
        uint256 total;
        uint256 repaid;
        for (uint256 i = 0; i < lines.length; ++i) {
            Line memory l = lines[i];
            if (l.after_ <= l.before) continue;
            uint256 more = l.after_ - l.before;
            total += more;
            repaid += Ledger.credit(s, l.account, more);
            emit ISettlementEvents.LineAdded(order, l.account, l.name, more);
        }
        if (after_.fund > before.fund) {
            total += _creditPool(s.support, Calendar.month(today), order, "fund", after_.fund - before.fund);
        }
        if (after_.dividend > before.dividend) {
            total += _creditPool(
                s.dividend, Calendar.year(today), order, "dividend", after_.dividend - before.dividend
            );
        }
        if (total == 0) return;
        Ledger.outOfTreasury(s, total);
        Ledger.intoTreasury(s, repaid);
    }

    /// @dev Out of the oldest epoch not yet closed, then the current one; what they lack, the platform owes.
    function _debitPool(
        State storage s,
        Pool storage pool,
        uint256 current,
        uint256 order,
        string memory line,
        uint256 amount
    ) private returns (uint256 proceeds) {
        uint256 oldest = pool.clock.closed;
        proceeds = _drain(pool, oldest, amount);
        if (proceeds < amount && oldest != current) proceeds += _drain(pool, current, amount - proceeds);
        emit ISettlementEvents.PoolTakenBack(order, line, proceeds);
        if (proceeds < amount) {
            uint256 lacking = amount - proceeds;
            uint256 taken = Ledger.debit(s, PLATFORM, lacking);
            proceeds += taken;
            emit ISettlementEvents.LineTakenBack(order, PLATFORM, line, lacking, lacking - taken);
        }
    }

    function _drain(Pool storage pool, uint256 epoch, uint256 amount) private returns (uint256 taken) {
        uint256 gathered = pool.epochs[epoch].gathered;
        taken = amount < gathered ? amount : gathered;
        if (taken != 0) pool.epochs[epoch].gathered = uint64(gathered - taken);
    }

    function _creditPool(Pool storage pool, uint256 current, uint256 order, string memory line, uint256 amount)
        private
        returns (uint256)
    {
        pool.epochs[current].gathered = Ledger.fit64(pool.epochs[current].gathered + amount);
        emit ISettlementEvents.PoolAdded(order, line, amount);
        return amount;
    }

    /// @dev The seller's lost lines out of its support weight, the amount out of its dividend weight: from the oldest open
    /// epoch, then the current one, no more than is there.
    function _takeWeights(
        State storage s,
        uint256 today,
        uint256 seller,
        uint256 ownBefore,
        uint256 ownAfter,
        uint256 amount
    ) private {
        if (seller == 0) return;
        uint256 current = Calendar.month(today);
        uint256 oldest = s.support.clock.closed;
        if (ownAfter < ownBefore) {
            uint256 lost = ownBefore - ownAfter;
            uint256 taken = SupportWeights.take(s, seller, oldest, lost);
            if (taken < lost && oldest != current) SupportWeights.take(s, seller, current, lost - taken);
        }
        current = Calendar.year(today);
        oldest = s.dividend.clock.closed;
        uint256 gone = _takeDividendWeight(s, seller, oldest, amount);
        if (gone < amount && oldest != current) _takeDividendWeight(s, seller, current, amount - gone);
    }

    function _takeDividendWeight(State storage s, uint256 agent, uint256 year, uint256 amount)
        private
        returns (uint256 taken)
    {
        uint256 weight = s.dividend.weights[year][agent];
        taken = amount < weight ? amount : weight;
        if (taken == 0) return 0;
        s.dividend.weights[year][agent] = weight - taken;
        s.dividend.epochs[year].weight -= uint96(taken);
    }
}

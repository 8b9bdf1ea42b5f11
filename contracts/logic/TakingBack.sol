// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Lines, Split} from "../pure/Split.sol";
import {State} from "../state/State.sol";
import {AccountWord} from "../types/Account.sol";
import {OrderPlan} from "../types/Plan.sol";
import {Terms} from "../types/Terms.sol";
import {BrandAccounts, BrandAmounts} from "./BrandAccounts.sol";
import {Ledger} from "./Ledger.sol";
import {PoolBook} from "./PoolBook.sol";
import {SupportWeights} from "./SupportWeights.sol";

/// @title Refunds after settlement (rules, sections 4 and 5)
library TakingBack {
    /// @notice Takes a refund of a settled order back from those who were paid: every line moves to the split of what is left.
    /// @param day The day of delivery, which the caller has checked.
    /// @param t The order's terms before this refund.
    /// Errors: RefundTooLate, InsufficientTreasury.
    function takeBack(State storage s, uint256 today, uint256 day, uint256 order, Terms memory t, uint256 amount)
        external
    {
        OrderPlan memory plan = s.plans[t.plan()].order;
        if (today > day + plan.refundDays) revert ISettlementErrors.RefundTooLate(order, day + plan.refundDays);

        // slither-disable-next-line uninitialized-local (the split writes it)
        Lines memory before;
        // slither-disable-next-line uninitialized-local (the split writes it)
        Lines memory after_;
        Split.split(t, plan, t.net(), before);
        Split.split(t, plan, t.net() - amount, after_);
        // all debits first, then the credits that rounding makes, which the treasury pays
        uint256 proceeds = _debitPayees(s, order, t, before, after_);
        proceeds += _debitBrand(s, today, order, before, after_);
        Ledger.intoTreasury(s, proceeds);
        (uint256 credited, uint256 repaid) = _creditPayees(s, order, t, before, after_);
        (uint256 more, uint256 also) = _creditBrand(s, today, order, before, after_);
        if (credited + more != 0) {
            Ledger.outOfTreasury(s, credited + more);
            Ledger.intoTreasury(s, repaid + also);
        }
        _takeWeights(s, today, t.seller(), _less(before.direct + before.guide, after_.direct + after_.guide), amount);
    }

    function _debitPayees(State storage s, uint256 order, Terms memory t, Lines memory b, Lines memory a)
        private
        returns (uint256 proceeds)
    {
        unchecked {
            // sums of lines, each below 2^48
            proceeds = _debit(s, order, t.supplier(), _less(b.supply, a.supply));
            proceeds += _debit(
                s, order, t.seller(), _less(b.service, a.service) + _less(b.direct, a.direct) + _less(b.guide, a.guide)
            );
            proceeds += _debit(
                s, order, t.partner(), _less(b.region, a.region) + _less(b.host, a.host) + _less(b.store, a.store)
            );
            proceeds += _debit(s, order, t.leader(), _less(b.team, a.team));
        }
    }

    function _creditPayees(State storage s, uint256 order, Terms memory t, Lines memory b, Lines memory a)
        private
        returns (uint256 total, uint256 repaid)
    {
        unchecked {
            // sums of lines, each below 2^48
            uint256 supply = _less(a.supply, b.supply);
            uint256 own = _less(a.service, b.service) + _less(a.direct, b.direct) + _less(a.guide, b.guide);
            uint256 shared = _less(a.region, b.region) + _less(a.host, b.host) + _less(a.store, b.store);
            uint256 team = _less(a.team, b.team);
            total = supply + own + shared + team;
            if (total == 0) return (0, 0);
            repaid = _credit(s, order, t.supplier(), supply) + _credit(s, order, t.seller(), own);
            repaid += _credit(s, order, t.partner(), shared) + _credit(s, order, t.leader(), team);
        }
    }

    function _credit(State storage s, uint256 order, uint256 account, uint256 more) private returns (uint256 repaid) {
        if (more == 0) return 0;
        repaid = Ledger.credit(s, account, more);
        emit ISettlementEvents.PaymentAdded(order, account, more);
    }

    function _debit(State storage s, uint256 order, uint256 account, uint256 lost) private returns (uint256 taken) {
        if (lost == 0) return 0;
        taken = Ledger.debit(s, account, lost);
        emit ISettlementEvents.PaymentTakenBack(order, account, lost, lost - taken);
    }

    function _debitBrand(State storage s, uint256 today, uint256 order, Lines memory b, Lines memory a)
        private
        returns (uint256 proceeds)
    {
        BrandAmounts memory l = _brandLess(b, a);
        uint256 fund = _less(b.fund, a.fund);
        uint256 dividend = _less(b.dividend, a.dividend);
        uint256 platform = l.platform;
        proceeds = PoolBook.drain(s, today, fund, dividend);
        // what the pools lack, the platform is debited for
        uint256 lacking = fund + dividend - proceeds;
        l.platform += lacking;
        uint256 due = l.fees + l.duty + l.insurance + l.platform;
        uint256 taken = BrandAccounts.debit(s, l);
        emit ISettlementEvents.BrandLinesTakenBack(
            order, l.fees, l.duty, l.insurance, platform, fund, dividend, lacking, due - taken
        );
        proceeds += taken;
    }

    function _creditBrand(State storage s, uint256 today, uint256 order, Lines memory b, Lines memory a)
        private
        returns (uint256 total, uint256 repaid)
    {
        uint256 fund = _less(a.fund, b.fund);
        uint256 dividend = _less(a.dividend, b.dividend);
        BrandAmounts memory l = _brandLess(a, b);
        total = l.fees + l.duty + l.insurance + l.platform + fund + dividend;
        if (total == 0) return (0, 0);
        repaid = BrandAccounts.credit(s, l);
        PoolBook.gather(s, today, fund, dividend, 0);
        emit ISettlementEvents.BrandLinesAdded(order, l.fees, l.duty, l.insurance, l.platform, fund, dividend);
    }

    function _brandLess(Lines memory b, Lines memory a) private pure returns (BrandAmounts memory) {
        return BrandAmounts({
            platform: _less(b.platform, a.platform),
            fees: _less(b.fees, a.fees),
            duty: _less(b.duty, a.duty),
            insurance: _less(b.insurance, a.insurance)
        });
    }

    /// @dev By how much `b` is above `a`; 0 where it is not.
    function _less(uint256 b, uint256 a) private pure returns (uint256) {
        unchecked {
            return b > a ? b - a : 0;
        }
    }

    /// @dev The seller's lost lines out of its support weight, the amount out of its dividend weight: from the oldest open
    /// epoch, then the current one, no more than is there. Only diamonds have dividend weights, and stay diamonds.
    function _takeWeights(State storage s, uint256 today, uint256 seller, uint256 lost, uint256 amount) private {
        if (seller == 0) return;
        uint256 current = Calendar.month(today);
        uint256 oldest = s.clock.monthsClosed;
        if (lost != 0) {
            uint256 taken = SupportWeights.take(s, seller, oldest, lost);
            // no more than is there, whatever that is
            // slither-disable-next-line unused-return
            if (taken < lost && oldest != current) SupportWeights.take(s, seller, current, lost - taken);
        }
        if (!Ledger.account(s, seller).word.has(AccountWord.DIAMOND)) return;
        current = Calendar.year(today);
        oldest = s.clock.yearsClosed;
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

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Lines, Split} from "../pure/Split.sol";
import {State} from "../state/State.sol";
import {AccountWord} from "../types/Account.sol";
import {OpenPools} from "../types/OpenPools.sol";
import {OrderPlan} from "../types/OrderPlan.sol";
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
        Lines[] memory moves = Split.two();
        (Lines memory fell, Lines memory rose) = (moves[0], moves[1]);
        bool rounding = _compare(_planInTime(s, today, day, order, t), t, amount, fell, rose);
        unchecked {
            // sums of lines, each below 2^48; all debits first, then the credits that rounding makes, which the treasury pays
            Ledger.intoTreasury(s, _debitPayees(s, order, t, fell) + _debitBrand(s, today, order, fell));
            if (rounding) _credit(s, today, order, t, rose);
            uint256 lost = fell.direct + fell.guide;
            if (rounding) {
                uint256 gained = rose.direct + rose.guide;
                lost = lost > gained ? lost - gained : 0;
            }
            _takeWeights(s, t.seller(), lost, amount);
        }
    }

    /// @dev The order's plan, by which it can still be refunded.
    function _planInTime(State storage s, uint256 today, uint256 day, uint256 order, Terms memory t)
        private
        view
        returns (OrderPlan plan)
    {
        plan = s.plans[t.plan()].order;
        unchecked {
            uint256 last = day + plan.refundDays(); // both below 2^16
            if (today > last) revert ISettlementErrors.RefundTooLate(order, last);
        }
    }

    /// @dev Writes what each line falls by, and, where rounding makes any rise, what each rises by.
    function _compare(OrderPlan plan, Terms memory t, uint256 amount, Lines memory fell, Lines memory rose)
        private
        pure
        returns (bool rounding)
    {
        uint256 net = t.net();
        Split.split(t, plan, net, fell);
        unchecked {
            Split.split(t, plan, net - amount, rose); // the amount is at most what is left of the price
        }
        return Split.compare(fell, rose);
    }

    function _debitPayees(State storage s, uint256 order, Terms memory t, Lines memory fell)
        private
        returns (uint256 proceeds)
    {
        unchecked {
            // sums of lines, each below 2^48
            proceeds = _debitPayee(s, order, t.supplier(), fell.supply);
            proceeds += _debitPayee(s, order, t.seller(), fell.service + fell.direct + fell.guide);
            proceeds += _debitPayee(s, order, t.partner(), fell.region + fell.host + fell.store);
            proceeds += _debitPayee(s, order, t.leader(), fell.team);
        }
    }

    function _debitPayee(State storage s, uint256 order, uint256 account, uint256 lost) private returns (uint256 taken) {
        if (lost == 0) return 0;
        taken = Ledger.debit(s, account, lost);
        emit ISettlementEvents.PaymentTakenBack(order, account, lost);
        if (taken != lost) emit ISettlementEvents.DebtIncurred(order, account, lost - taken);
    }

    function _debitBrand(State storage s, uint256 today, uint256 order, Lines memory fell)
        private
        returns (uint256 proceeds)
    {
        unchecked {
            // sums of lines, each below 2^48
            proceeds = PoolBook.drain(s, today, fell.fund, fell.dividend);
            // what the pools lack, the platform is debited for
            uint256 lacking = fell.fund + fell.dividend - proceeds;
            emit ISettlementEvents.BrandLinesTakenBack(order, fell.fees, fell.platform, fell.fund, fell.dividend);
            if (fell.duty | fell.insurance != 0) {
                emit ISettlementEvents.DutyTakenBack(order, fell.duty, fell.insurance);
            }
            if (lacking != 0) emit ISettlementEvents.PoolsLacked(order, lacking);
            proceeds += BrandAccounts.debit(s, order, fell, lacking);
        }
    }

    /// @dev What rounding makes of some lines more than they were; the treasury pays it.
    function _credit(State storage s, uint256 today, uint256 order, Terms memory t, Lines memory rose) private {
        uint256 repaid = 0;
        uint256 total = 0;
        unchecked {
            // sums of lines, each below 2^48
            uint256 own = rose.service + rose.direct + rose.guide;
            uint256 shared = rose.region + rose.host + rose.store;
            repaid += _creditPayee(s, order, t.supplier(), rose.supply);
            repaid += _creditPayee(s, order, t.seller(), own);
            repaid += _creditPayee(s, order, t.partner(), shared);
            repaid += _creditPayee(s, order, t.leader(), rose.team);
            total = rose.supply + own + shared + rose.team;
        }
        (uint256 more, uint256 also) = _creditBrand(s, today, order, rose);
        Ledger.outOfTreasury(s, total + more);
        Ledger.intoTreasury(s, repaid + also);
    }

    function _creditPayee(State storage s, uint256 order, uint256 account, uint256 more) private returns (uint256 repaid) {
        if (more == 0) return 0;
        repaid = Ledger.credit(s, account, more);
        emit ISettlementEvents.PaymentAdded(order, account, more);
    }

    function _creditBrand(State storage s, uint256 today, uint256 order, Lines memory rose)
        private
        returns (uint256 total, uint256 repaid)
    {
        BrandAmounts memory l =
            BrandAmounts({platform: rose.platform, fees: rose.fees, duty: rose.duty, insurance: rose.insurance});
        total = l.fees + l.duty + l.insurance + l.platform + rose.fund + rose.dividend;
        if (total == 0) return (0, 0);
        repaid = BrandAccounts.credit(s, l);
        PoolBook.gather(s, Calendar.month(today), Calendar.year(today), rose.fund, rose.dividend, 0);
        emit ISettlementEvents.BrandLinesAdded(
            order, rose.fees, rose.duty, rose.insurance, rose.platform, rose.fund, rose.dividend
        );
    }

    /// @dev The seller's lost lines out of its support weight, the amount out of its dividend weight: from the oldest open
    /// epoch, then the current one, no more than is there. Only diamonds have dividend weights, and stay diamonds.
    function _takeWeights(State storage s, uint256 seller, uint256 lost, uint256 amount) private {
        if (seller == 0) return;
        OpenPools p = s.open; // of today: taking from the pools has turned it
        uint256 current = p.month();
        uint256 oldest = p.monthsClosed();
        if (lost != 0) {
            uint256 taken = SupportWeights.take(s, p, seller, oldest, lost);
            // no more than is there, whatever that is
            // slither-disable-next-line unused-return
            if (taken < lost && oldest != current) SupportWeights.take(s, p, seller, current, lost - taken);
        }
        if (!Ledger.account(s, seller).word.has(AccountWord.DIAMOND)) return;
        current = p.year();
        oldest = p.yearsClosed();
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

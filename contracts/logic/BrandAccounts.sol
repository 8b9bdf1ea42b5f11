// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Lines} from "../pure/Split.sol";
import {Cold, State} from "../state/State.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../types/Accounts.sol";
import {Till} from "../types/Till.sol";

/// @notice An amount for each of the brand's accounts that orders pay into, in minor units.
struct BrandAmounts {
    uint256 platform;
    uint256 fees;
    uint256 duty;
    uint256 insurance;
}

/// @title The brand's own accounts: platform, fees, duty, insurance (rules, sections 1 and 4)
/// @notice They share one slot, because every settlement pays into two of them. Credits and debits are those of any account;
/// having no deposit, what they cannot pay is debt at once.
library BrandAccounts {
    /// @notice Credits all four.
    /// @return repaid What of it paid debt; the caller adds this to the treasury.
    function credit(State storage s, BrandAmounts memory a) internal returns (uint256 repaid) {
        Till t = s.till;
        if (!t.owesNothing()) (t, repaid) = _payDebts(s, t, a);
        t = t.plus(PLATFORM, a.platform).plus(FEES, a.fees);
        if (a.duty | a.insurance != 0) t = t.plus(DUTY, a.duty).plus(INSURANCE, a.insurance);
        s.till = t;
    }

    /// @notice Debits all four for the refund of an order.
    /// @param l What each line fell by; lacking: what the pools lacked, which the platform pays.
    /// @return taken What they could pay; the caller adds this to the treasury. The rest became debt.
    function debit(State storage s, uint256 order, Lines memory l, uint256 lacking) internal returns (uint256 taken) {
        Till t = s.till;
        uint256 paid;
        unchecked {
            // lines and what pools lack of lines, each below 2^48
            (t, taken) = _debit(s, t, order, PLATFORM, l.platform + lacking);
            (t, paid) = _debit(s, t, order, FEES, l.fees);
            taken += paid;
            if (l.duty | l.insurance != 0) {
                (t, paid) = _debit(s, t, order, DUTY, l.duty);
                taken += paid;
                (t, paid) = _debit(s, t, order, INSURANCE, l.insurance);
                taken += paid;
            }
        }
        s.till = t;
    }

    /// @return Whether an account number is one of the four.
    function includes(uint256 id) internal pure returns (bool) {
        return id >= PLATFORM && id <= INSURANCE;
    }

    /// @return What is available on one of the four.
    function available(State storage s, uint256 id) internal view returns (uint256) {
        return s.till.available(id);
    }

    /// @notice Takes an amount that is available from one of the four. Errors: InsufficientBalance.
    function take(State storage s, uint256 id, uint256 amount) internal {
        uint256 there = available(s, id);
        if (amount > there) revert ISettlementErrors.InsufficientBalance(id, amount, there);
        s.till = s.till.minus(id, amount);
    }

    /// @dev Pays debts out of what is credited; the amounts become what is left of it.
    function _payDebts(State storage s, Till t, BrandAmounts memory a) private returns (Till, uint256 repaid) {
        uint256 paid;
        (t, a.platform, paid) = _payDebt(s, t, PLATFORM, a.platform);
        repaid += paid;
        (t, a.fees, paid) = _payDebt(s, t, FEES, a.fees);
        repaid += paid;
        (t, a.duty, paid) = _payDebt(s, t, DUTY, a.duty);
        repaid += paid;
        (t, a.insurance, paid) = _payDebt(s, t, INSURANCE, a.insurance);
        return (t, repaid + paid);
    }

    function _payDebt(State storage s, Till t, uint256 id, uint256 amount)
        private
        returns (Till, uint256 left, uint256 repaid)
    {
        if (amount == 0 || !t.owes(id)) return (t, amount, 0);
        Cold storage cold = s.cold[id];
        uint256 debt = cold.debt;
        repaid = amount < debt ? amount : debt;
        cold.debt = uint64(debt - repaid);
        emit ISettlementEvents.DebtRepaid(id, repaid, debt - repaid);
        return (t.withDebt(id, repaid != debt), amount - repaid, repaid);
    }

    function _debit(State storage s, Till t, uint256 order, uint256 id, uint256 amount)
        private
        returns (Till, uint256 taken)
    {
        (bool enough, Till rest) = t.tryMinus(id, amount);
        if (enough) return (rest, amount);
        uint256 there = t.available(id);
        emit ISettlementEvents.DebtIncurred(order, id, amount - there);
        uint256 debt = s.cold[id].debt + (amount - there);
        if (debt > type(uint64).max) revert ISettlementErrors.AmountTooLarge(debt, type(uint64).max);
        s.cold[id].debt = uint64(debt);
        return (t.minus(id, there).withDebt(id, true), there);
    }
}

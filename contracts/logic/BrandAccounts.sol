// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Cold, State, Till} from "../state/State.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../types/Accounts.sol";

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
        Till memory t = s.till;
        uint256 paid;
        (t.platform, t.platformOwes, paid) = _credit(s, PLATFORM, t.platform, t.platformOwes, a.platform);
        repaid += paid;
        (t.fees, t.feesOwe, paid) = _credit(s, FEES, t.fees, t.feesOwe, a.fees);
        repaid += paid;
        (t.duty, t.dutyOwes, paid) = _credit(s, DUTY, t.duty, t.dutyOwes, a.duty);
        repaid += paid;
        (t.insurance, t.insuranceOwes, paid) = _credit(s, INSURANCE, t.insurance, t.insuranceOwes, a.insurance);
        repaid += paid;
        s.till = t;
    }

    /// @notice Debits all four.
    /// @return taken What they could pay; the caller adds this to the treasury. The rest became debt.
    function debit(State storage s, BrandAmounts memory a) internal returns (uint256 taken) {
        Till memory t = s.till;
        uint256 paid;
        (t.platform, t.platformOwes, paid) = _debit(s, PLATFORM, t.platform, t.platformOwes, a.platform);
        taken += paid;
        (t.fees, t.feesOwe, paid) = _debit(s, FEES, t.fees, t.feesOwe, a.fees);
        taken += paid;
        (t.duty, t.dutyOwes, paid) = _debit(s, DUTY, t.duty, t.dutyOwes, a.duty);
        taken += paid;
        (t.insurance, t.insuranceOwes, paid) = _debit(s, INSURANCE, t.insurance, t.insuranceOwes, a.insurance);
        taken += paid;
        s.till = t;
    }

    /// @return Whether an account number is one of the four.
    function includes(uint256 id) internal pure returns (bool) {
        return id >= PLATFORM && id <= INSURANCE;
    }

    /// @return What is available on one of the four.
    function available(State storage s, uint256 id) internal view returns (uint256) {
        Till memory t = s.till;
        if (id == PLATFORM) return t.platform;
        if (id == FEES) return t.fees;
        return id == DUTY ? t.duty : t.insurance;
    }

    /// @notice Takes an amount that is available from one of the four. Errors: InsufficientBalance.
    function take(State storage s, uint256 id, uint256 amount) internal {
        uint256 there = available(s, id);
        if (amount > there) revert ISettlementErrors.InsufficientBalance(id, amount, there);
        uint56 left = uint56(there - amount);
        if (id == PLATFORM) s.till.platform = left;
        else if (id == FEES) s.till.fees = left;
        else if (id == DUTY) s.till.duty = left;
        else s.till.insurance = left;
    }

    function _credit(State storage s, uint256 id, uint56 there, bool owes, uint256 amount)
        private
        returns (uint56, bool, uint256 repaid)
    {
        if (amount == 0) return (there, owes, 0);
        if (owes) {
            Cold storage cold = s.cold[id];
            uint256 debt = cold.debt;
            repaid = amount < debt ? amount : debt;
            cold.debt = uint64(debt - repaid);
            owes = repaid != debt;
            emit ISettlementEvents.DebtRepaid(id, repaid, debt - repaid);
        }
        unchecked {
            uint256 sum = uint256(there) + (amount - repaid);
            if (sum > type(uint56).max) revert ISettlementErrors.AmountTooLarge(sum, type(uint56).max);
            return (uint56(sum), owes, repaid);
        }
    }

    function _debit(State storage s, uint256 id, uint56 there, bool owes, uint256 amount)
        private
        returns (uint56, bool, uint256 taken)
    {
        unchecked {
            if (amount <= there) return (uint56(there - amount), owes, amount);
            uint256 debt = s.cold[id].debt + (amount - there);
            if (debt > type(uint64).max) revert ISettlementErrors.AmountTooLarge(debt, type(uint64).max);
            s.cold[id].debt = uint64(debt);
            return (0, true, there);
        }
    }
}

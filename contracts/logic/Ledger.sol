// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {AccountSlot, Book, Cold, State} from "../state/State.sol";
import {Account, AccountWord} from "../types/Account.sol";

/// @title Credits and debits (rules, section 4)
/// @notice A credit pays the account's debt first, into the treasury. A debit takes from what is available, then from the
/// deposit; what is missing becomes debt of that account and of no other.
library Ledger {
    /// @notice The slot of an account. Numbers are of 32 bits wherever they come from: packed terms, or checked before.
    // slither-disable-next-line assembly (the array is as long as the mask: no bounds to check)
    function account(State storage s, uint256 id) internal view returns (AccountSlot storage slot) {
        AccountSlot[2 ** 32] storage accounts = s.accounts;
        assembly ("memory-safe") {
            slot.slot := add(accounts.slot, and(id, 0xffffffff))
        }
    }

    /// @notice Credits `amount` minor units to an account.
    /// @return repaid What of it paid debt; the caller adds this to the treasury.
    function credit(State storage s, uint256 id, uint256 amount) internal returns (uint256 repaid) {
        AccountSlot storage slot = account(s, id);
        Account a = slot.word;
        if (a.has(AccountWord.IN_DEBT)) {
            repaid = payDebt(s, id, amount);
            amount -= repaid;
            a = slot.word;
        }
        slot.word = a.plus(amount);
    }

    /// @notice Pays debt with up to `amount`.
    /// @return repaid What it took; the caller adds this to the treasury.
    function payDebt(State storage s, uint256 id, uint256 amount) internal returns (uint256 repaid) {
        AccountSlot storage slot = account(s, id);
        if (!slot.word.has(AccountWord.IN_DEBT)) return 0;
        Cold storage cold = s.cold[id];
        uint256 debt = cold.debt;
        repaid = amount < debt ? amount : debt;
        cold.debt = uint64(debt - repaid);
        if (repaid == debt) slot.word = slot.word.clear(AccountWord.IN_DEBT);
        emit ISettlementEvents.DebtRepaid(id, repaid, debt - repaid);
    }

    /// @notice Debits `amount` minor units from an account.
    /// @return taken What it could pay; the caller adds this to the treasury. The rest became debt.
    function debit(State storage s, uint256 id, uint256 amount) internal returns (uint256 taken) {
        AccountSlot storage slot = account(s, id);
        Account a = slot.word;
        (bool enough, Account rest) = a.tryMinus(amount);
        if (enough) {
            slot.word = rest;
            return amount;
        }
        Cold storage cold = s.cold[id];
        uint256 available = a.available();
        uint256 short = amount - available;
        uint256 fromDeposit = short < cold.deposit ? short : cold.deposit;
        taken = available + fromDeposit;
        short -= fromDeposit;
        a = a.minus(available);
        if (fromDeposit != 0) cold.deposit -= uint64(fromDeposit);
        if (short != 0) {
            cold.debt = fit64(cold.debt + short);
            a = a.set(AccountWord.IN_DEBT);
        }
        slot.word = a;
    }

    /// @notice Adds to an agent's deposit; debt is paid first.
    /// @return repaid What paid debt; the caller adds this to the treasury.
    function addDeposit(State storage s, uint256 id, uint256 amount) internal returns (uint256 repaid) {
        repaid = payDebt(s, id, amount);
        if (amount != repaid) s.cold[id].deposit = fit64(s.cold[id].deposit + amount - repaid);
    }

    /// @notice Credits and puts what paid debt into the treasury.
    function creditNow(State storage s, uint256 id, uint256 amount) internal {
        intoTreasury(s, credit(s, id, amount));
    }

    /// @notice Adds to the treasury.
    function intoTreasury(State storage s, uint256 amount) internal {
        if (amount != 0) s.book.treasury = fit88(s.book.treasury + amount);
    }

    /// @notice Takes from the treasury. Reverts with InsufficientTreasury.
    function outOfTreasury(State storage s, uint256 amount) internal {
        uint256 treasury = s.book.treasury;
        if (amount > treasury) revert ISettlementErrors.InsufficientTreasury(treasury, amount);
        s.book.treasury = uint88(treasury - amount);
    }

    /// @notice Moves the prices of `orders` more orders from the treasury, which holds as much, to escrow.
    // slither-disable-next-line assembly (one addition for three fields of a slot)
    function intoEscrow(State storage s, uint256 amount, uint256 orders) internal {
        Book storage book = s.book;
        uint256 word;
        assembly ("memory-safe") {
            word := sload(book.slot)
        }
        unchecked {
            // treasury is the lowest 88 bits, escrow the next, then the number of orders, which no chain outgrows
            fit88(uint256(uint88(word >> 88)) + amount);
            word = word - amount + (amount << 88) + (orders << 176);
        }
        assembly ("memory-safe") {
            sstore(book.slot, word)
        }
    }

    /// @notice Moves from escrow, which holds as much, to the treasury.
    // slither-disable-next-line assembly (one addition for two fields of a slot)
    function fromEscrow(State storage s, uint256 amount) internal {
        Book storage book = s.book;
        uint256 word;
        assembly ("memory-safe") {
            word := sload(book.slot)
        }
        unchecked {
            // treasury is the lowest 88 bits, escrow the next
            fit88(uint256(uint88(word)) + amount);
            word = word + amount - (amount << 88);
        }
        assembly ("memory-safe") {
            sstore(book.slot, word)
        }
    }

    function fit64(uint256 amount) internal pure returns (uint64) {
        if (amount > type(uint64).max) revert ISettlementErrors.AmountTooLarge(amount, type(uint64).max);
        return uint64(amount);
    }

    function fit88(uint256 amount) internal pure returns (uint88) {
        if (amount > type(uint88).max) revert ISettlementErrors.AmountTooLarge(amount, type(uint88).max);
        return uint88(amount);
    }
}

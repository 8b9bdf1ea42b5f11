// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";

/// @notice One account in one word: what the hot path touches.
/// @dev Bits from the lowest: available 64 | withdrawn 64 | support weight of `month` 54 | of the month before 54 |
/// month 12 | flags 8. Amounts are minor units; months count from deployment.
type Account is uint256;

using AccountWord for Account global;

/// @title The packed layout of an account, known to this library alone
library AccountWord {
    uint256 internal constant IN_DEBT = 1 << 248;
    uint256 internal constant FROZEN = 1 << 249;
    uint256 internal constant ACTIVE = 1 << 250;
    uint256 internal constant DIAMOND = 1 << 251;

    uint256 private constant MASK64 = type(uint64).max;
    uint256 private constant MASK54 = (1 << 54) - 1;
    uint256 private constant MASK12 = (1 << 12) - 1;
    uint256 private constant WEIGHTS = ((1 << 120) - 1) << 128;

    /// @return What the account can withdraw, in minor units.
    function available(Account a) internal pure returns (uint256) {
        return Account.unwrap(a) & MASK64;
    }

    /// @return What the account withdrew so far, in minor units.
    function withdrawn(Account a) internal pure returns (uint256) {
        return (Account.unwrap(a) >> 64) & MASK64;
    }

    /// @return The support weight of month `month(a)`.
    function weightNow(Account a) internal pure returns (uint256) {
        return (Account.unwrap(a) >> 128) & MASK54;
    }

    /// @return The support weight of the month before `month(a)`.
    function weightBefore(Account a) internal pure returns (uint256) {
        return (Account.unwrap(a) >> 182) & MASK54;
    }

    /// @return The month that `weightNow` is of.
    function month(Account a) internal pure returns (uint256) {
        return (Account.unwrap(a) >> 236) & MASK12;
    }

    /// @return Whether the flag (one of the constants above) is set.
    function has(Account a, uint256 flag) internal pure returns (bool) {
        return Account.unwrap(a) & flag != 0;
    }

    function set(Account a, uint256 flag) internal pure returns (Account) {
        return Account.wrap(Account.unwrap(a) | flag);
    }

    function clear(Account a, uint256 flag) internal pure returns (Account) {
        return Account.wrap(Account.unwrap(a) & ~flag);
    }

    /// @notice Adds to what is available. Reverts with AmountTooLarge past 2^64 - 1.
    function plus(Account a, uint256 amount) internal pure returns (Account) {
        unchecked {
            // both are below 2^128, so the sum cannot wrap
            uint256 sum = (Account.unwrap(a) & MASK64) + amount;
            if (sum > MASK64) revert ISettlementErrors.AmountTooLarge(sum, MASK64);
            return Account.wrap(Account.unwrap(a) + amount);
        }
    }

    /// @notice Takes from what is available; the caller has checked that there is enough.
    function minus(Account a, uint256 amount) internal pure returns (Account) {
        assert(amount <= available(a));
        unchecked {
            return Account.wrap(Account.unwrap(a) - amount);
        }
    }

    /// @return enough Whether as much is available; rest: the account without it, where it is.
    function tryMinus(Account a, uint256 amount) internal pure returns (bool enough, Account rest) {
        unchecked {
            return (amount <= available(a), Account.wrap(Account.unwrap(a) - amount));
        }
    }

    /// @notice Notes a withdrawal whose amount was not part of this word.
    function plusWithdrawn(Account a, uint256 amount) internal pure returns (Account) {
        uint256 total = withdrawn(a) + amount;
        if (total > MASK64) revert ISettlementErrors.AmountTooLarge(total, MASK64);
        return Account.wrap(Account.unwrap(a) + (amount << 64));
    }

    /// @notice Moves an amount from available to withdrawn; the caller has checked that there is enough.
    function withdraw(Account a, uint256 amount) internal pure returns (Account) {
        return plusWithdrawn(minus(a, amount), amount);
    }

    /// @notice Adds to the weight of `month(a)`.
    function plusWeight(Account a, uint256 amount) internal pure returns (Account) {
        unchecked {
            // amount is below 2^64
            uint256 sum = weightNow(a) + amount;
            if (sum > MASK54) revert ISettlementErrors.AmountTooLarge(sum, MASK54);
            return Account.wrap(Account.unwrap(a) + (amount << 128));
        }
    }

    /// @notice Takes from the weight of `month(a)`; the caller has seen that there is as much.
    function lessWeightNow(Account a, uint256 amount) internal pure returns (Account) {
        assert(amount <= weightNow(a));
        unchecked {
            return Account.wrap(Account.unwrap(a) - (amount << 128));
        }
    }

    /// @notice Takes from the weight of the month before `month(a)`; the caller has seen that there is as much.
    function lessWeightBefore(Account a, uint256 amount) internal pure returns (Account) {
        assert(amount <= weightBefore(a));
        unchecked {
            return Account.wrap(Account.unwrap(a) - (amount << 182));
        }
    }

    /// @notice Undoes a withdrawal whose tokens did not leave.
    function takeBack(Account a, uint256 amount) internal pure returns (Account) {
        unchecked {
            return plus(Account.wrap(Account.unwrap(a) - (amount << 64)), amount);
        }
    }

    /// @notice Sets both weights and the month that the first one is of.
    function withWeights(Account a, uint256 now_, uint256 before, uint256 month_) internal pure returns (Account) {
        if (now_ > MASK54) revert ISettlementErrors.AmountTooLarge(now_, MASK54);
        if (before > MASK54) revert ISettlementErrors.AmountTooLarge(before, MASK54);
        if (month_ > MASK12) revert ISettlementErrors.AmountTooLarge(month_, MASK12);
        return Account.wrap(
            (Account.unwrap(a) & ~WEIGHTS) | (now_ << 128) | (before << 182) | (month_ << 236)
        );
    }
}

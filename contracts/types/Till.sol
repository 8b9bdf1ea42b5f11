// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";

/// @notice The brand's accounts that orders pay into, in one word: account `id` (1 to 4) has 56 bits from bit 56 · (`id` - 1)
/// on for what is available, in minor units, and bit 223 + `id` where it is in debt.
type Till is uint256;

using TillWord for Till global;

/// @title The packed layout of the brand's accounts, known to this library alone
library TillWord {
    uint256 private constant MASK56 = type(uint56).max;
    uint256 private constant DEBTS = 15 << 224;

    /// @return What is available on one of the four, in minor units.
    function available(Till t, uint256 id) internal pure returns (uint256) {
        unchecked {
            return (Till.unwrap(t) >> (56 * (id - 1))) & MASK56;
        }
    }

    /// @return Whether none of the four is in debt.
    function owesNothing(Till t) internal pure returns (bool) {
        return Till.unwrap(t) & DEBTS == 0;
    }

    /// @return Whether this one is in debt.
    function owes(Till t, uint256 id) internal pure returns (bool) {
        return (Till.unwrap(t) >> (223 + id)) & 1 != 0;
    }

    /// @notice Notes whether one of the four is in debt.
    function withDebt(Till t, uint256 id, bool owes_) internal pure returns (Till) {
        uint256 bit = 1 << (223 + id);
        return Till.wrap(owes_ ? Till.unwrap(t) | bit : Till.unwrap(t) & ~bit);
    }

    /// @notice Adds to what is available. Reverts with AmountTooLarge past 2^56 - 1. `amount` is below 2^128.
    function plus(Till t, uint256 id, uint256 amount) internal pure returns (Till) {
        unchecked {
            uint256 sum = available(t, id) + amount;
            if (sum > MASK56) revert ISettlementErrors.AmountTooLarge(sum, MASK56);
            return Till.wrap(Till.unwrap(t) + (amount << (56 * (id - 1))));
        }
    }

    /// @return enough Whether as much is available on one of the four; rest: the till without it, where it is.
    function tryMinus(Till t, uint256 id, uint256 amount) internal pure returns (bool enough, Till rest) {
        unchecked {
            return (amount <= available(t, id), Till.wrap(Till.unwrap(t) - (amount << (56 * (id - 1)))));
        }
    }

    /// @notice Takes from what is available; the caller has checked that there is enough.
    function minus(Till t, uint256 id, uint256 amount) internal pure returns (Till) {
        assert(amount <= available(t, id));
        unchecked {
            return Till.wrap(Till.unwrap(t) - (amount << (56 * (id - 1))));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccountSlot, State} from "../state/State.sol";
import {Account} from "../types/Account.sol";
import {OpenPools} from "../types/OpenPools.sol";
import {Ledger} from "./Ledger.sol";
import {PoolBook} from "./PoolBook.sol";

/// @title A member's support weights, month by month (rules, section 5)
/// @notice The weights of the last two months that an agent sold in live in its account word, where settling an order writes
/// anyway. When a new month begins for an agent, an older one that can still be claimed moves to a slot of its own; in a
/// deployment that closes and claims in time there is none.
library SupportWeights {
    /// @return The agent's weight in a month, in minor units; 0 once claimed.
    function weightOf(State storage s, uint256 agent, uint256 month) internal view returns (uint256) {
        Account a = Ledger.account(s, agent).word;
        uint256 last = a.month();
        if (month == last) return a.weightNow();
        if (month + 1 == last) return a.weightBefore();
        return s.support.weights[month][agent];
    }

    /// @notice The account with `amount` more weight in `month`, which is the current one.
    function add(State storage s, uint256 agent, Account a, uint256 month, uint256 amount)
        internal
        returns (Account)
    {
        uint256 last = a.month();
        if (last == month) return a.plusWeight(amount);
        uint256 before = a.weightNow();
        if (last != 0) _spill(s, agent, last - 1, a.weightBefore());
        if (last + 1 != month) {
            _spill(s, agent, last, before);
            before = 0;
        }
        return a.withWeights(amount, before, month);
    }

    /// @notice Takes up to `amount` of the agent's weight in a month, and of the month's total; `p` is what is open.
    /// @return taken What was there to take.
    function take(State storage s, OpenPools p, uint256 agent, uint256 month, uint256 amount)
        internal
        returns (uint256 taken)
    {
        AccountSlot storage slot = Ledger.account(s, agent);
        Account a = slot.word;
        uint256 last = a.month();
        bool now_ = month == last;
        bool before = month + 1 == last;
        uint256 weight = now_ ? a.weightNow() : before ? a.weightBefore() : s.support.weights[month][agent];
        taken = amount < weight ? amount : weight;
        if (taken == 0) return 0;
        if (now_) slot.word = a.lessWeightNow(taken);
        else if (before) slot.word = a.lessWeightBefore(taken);
        else s.support.weights[month][agent] = weight - taken;
        PoolBook.takeSupportWeight(s, p, month, taken);
    }

    /// @notice Forgets a weight that was claimed, so that it never moves to a slot of its own.
    function forget(State storage s, uint256 agent, uint256 month) internal {
        AccountSlot storage slot = Ledger.account(s, agent);
        Account a = slot.word;
        uint256 last = a.month();
        if (month == last) slot.word = a.lessWeightNow(a.weightNow());
        else if (month + 1 == last) slot.word = a.lessWeightBefore(a.weightBefore());
        else s.support.weights[month][agent] = 0;
    }

    /// @dev Keeps a weight whose claim has not expired: that of a month from the last closed one on.
    function _spill(State storage s, uint256 agent, uint256 month, uint256 weight) private {
        if (weight != 0 && s.open.monthsClosed() < month + 2) s.support.weights[month][agent] = weight;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Epoch, Pool, State} from "../state/State.sol";
import {OpenPools} from "../types/OpenPools.sol";
import {Ledger} from "./Ledger.sol";
import {Lineage} from "./Lineage.sol";
import {OrderPages} from "./OrderPages.sol";
import {PoolBook} from "./PoolBook.sol";
import {SupportWeights} from "./SupportWeights.sol";

/// @title Closing months and years, and claiming from them (rules, section 5)
library Pools {
    using OrderPages for mapping(uint256 => uint256);

    /// @notice Closes a month of the support fund. Errors: EpochOutOfOrder, EpochOpen.
    function closeMonth(State storage s, uint256 today, uint256 month) external {
        OpenPools p = PoolBook.turn(s, today);
        _requireClosable(today, month, Calendar.MONTH, p.monthsClosed(), s.closed.month);
        s.open = p.withMonthClosed();
        s.closed.month = uint32(today);
        (uint256 carried, Epoch memory e) = _close(s.support, month, 0);
        emit ISettlementEvents.MonthClosed(month, e.gathered, e.weight, carried);
    }

    /// @notice Closes a year of the dividend; its cap is that of the plan in force. Errors: EpochOutOfOrder, EpochOpen.
    function closeYear(State storage s, uint256 today, uint256 year) external {
        OpenPools p = PoolBook.turn(s, today);
        _requireClosable(today, year, Calendar.YEAR, p.yearsClosed(), s.closed.year);
        s.open = p.withYearClosed();
        s.closed.year = uint32(today);
        uint16 capBps = s.plans[s.book.plan].tiers.dividendShareCapBps;
        (uint256 carried, Epoch memory e) = _close(s.dividend, year, capBps);
        emit ISettlementEvents.YearClosed(year, e.gathered, e.weight, carried, capBps);
    }

    /// @notice Credits agents with their share of a closed month: by weight, never more than their weight; all or none.
    /// Errors: UnknownParticipant, EpochOpen, ClaimExpired, AlreadyClaimed, NothingToClaim.
    function claimSupport(State storage s, uint256 month, uint256[] calldata agents) external {
        for (uint256 i = 0; i < agents.length; ++i) {
            uint256 agent = agents[i];
            _requireClaimable(s, s.support, s.open.monthsClosed(), month, agent);
            uint256 weight = SupportWeights.weightOf(s, agent, month);
            if (weight == 0) revert ISettlementErrors.NothingToClaim(agent, month);
            Epoch storage e = s.support.epochs[month];
            uint256 amount = uint256(e.gathered) * weight / e.weight;
            if (amount > weight) amount = weight;
            SupportWeights.forget(s, agent, month);
            _pay(s, s.support, month, agent, amount);
            emit ISettlementEvents.SupportClaimed(month, agent, amount, weight);
        }
    }

    /// @notice Credits diamonds with their share of a closed year: by weight, never more than the cap; all or none.
    /// Errors: UnknownParticipant, EpochOpen, ClaimExpired, AlreadyClaimed, NothingToClaim.
    function claimDividend(State storage s, uint256 year, uint256[] calldata agents) external {
        for (uint256 i = 0; i < agents.length; ++i) {
            uint256 agent = agents[i];
            _requireClaimable(s, s.dividend, s.open.yearsClosed(), year, agent);
            uint256 weight = s.dividend.weights[year][agent];
            if (weight == 0) revert ISettlementErrors.NothingToClaim(agent, year);
            Epoch storage e = s.dividend.epochs[year];
            uint256 amount = uint256(e.gathered) * weight / e.weight;
            uint256 cap = uint256(e.gathered) * e.capBps / 10_000;
            if (amount > cap) amount = cap;
            _pay(s, s.dividend, year, agent, amount);
            emit ISettlementEvents.DividendClaimed(year, agent, amount, weight);
        }
    }

    /// @dev One after the other; 15 days after its end and after the closing before.
    function _requireClosable(uint256 today, uint256 epoch, uint256 length, uint256 closed, uint256 closedOn)
        private
        pure
    {
        if (epoch != closed) revert ISettlementErrors.EpochOutOfOrder(epoch, closed);
        bool early = today < (epoch + 1) * length + Calendar.CLOSING;
        if (early || (epoch != 0 && today < closedOn + Calendar.CLOSING)) revert ISettlementErrors.EpochOpen(epoch);
    }

    /// @dev What was not claimed of the epoch before joins the pool of this one.
    function _close(Pool storage pool, uint256 epoch, uint16 capBps)
        private
        returns (uint256 carried, Epoch memory e)
    {
        if (epoch != 0) {
            carried = pool.epochs[epoch - 1].left;
            pool.epochs[epoch - 1].left = 0;
        }
        e = pool.epochs[epoch];
        e.gathered = Ledger.fit64(e.gathered + carried);
        e.left = e.gathered;
        e.capBps = capBps;
        pool.epochs[epoch] = e;
    }

    function _requireClaimable(State storage s, Pool storage pool, uint256 closed, uint256 epoch, uint256 agent)
        private
        view
    {
        // slither-disable-next-line unused-return (asked for its check)
        Lineage.agentAt(s, agent);
        if (epoch >= closed) revert ISettlementErrors.EpochOpen(epoch);
        if (epoch + 1 < closed) revert ISettlementErrors.ClaimExpired(epoch);
        if (pool.claimed[epoch].has(agent)) revert ISettlementErrors.AlreadyClaimed(agent);
    }

    function _pay(State storage s, Pool storage pool, uint256 epoch, uint256 agent, uint256 amount) private {
        pool.claimed[epoch].set(agent);
        pool.epochs[epoch].left -= uint64(amount);
        Ledger.creditNow(s, agent, amount);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Epoch, OpenPools, Pool, State} from "../state/State.sol";

/// @title What the pools gathered, epoch by epoch (rules, section 5)
/// @notice The current month and year share one slot, because every settlement adds to both. Whatever touches a pool turns
/// the page first: when a new month or year has begun, the one before moves to a slot of its own.
library PoolBook {
    /// @notice Moves a month or year that is over to its own slot.
    function turn(State storage s, uint256 today) internal returns (OpenPools memory p) {
        p = s.open;
        uint256 thisMonth = Calendar.month(today);
        uint256 thisYear = Calendar.year(today);
        if (p.month == thisMonth && p.year == thisYear) return p;
        if (p.month != thisMonth) {
            s.support.epochs[p.month].gathered = p.fund;
            s.support.epochs[p.month].weight = p.supportWeight;
            (p.month, p.fund, p.supportWeight) = (uint16(thisMonth), 0, 0);
        }
        if (p.year != thisYear) {
            s.dividend.epochs[p.year].gathered = p.dividend;
            (p.year, p.dividend) = (uint16(thisYear), 0);
        }
        s.open = p;
    }

    /// @notice Adds to the current month and year.
    function gather(State storage s, uint256 today, uint256 fund, uint256 dividend, uint256 supportWeight) internal {
        OpenPools memory p = turn(s, today);
        unchecked {
            // three sums of values far below 2^255
            p.fund = _fit64(p.fund + fund);
            p.dividend = _fit64(p.dividend + dividend);
            p.supportWeight = _fit96(p.supportWeight + supportWeight);
        }
        s.open = p;
    }

    /// @notice Takes up to `fund` and `dividend` out of the oldest epoch not yet closed, then the current one.
    /// @return taken What was there to take of both.
    function drain(State storage s, uint256 today, uint256 fund, uint256 dividend) internal returns (uint256 taken) {
        OpenPools memory p = turn(s, today);
        uint256 got;
        (p.fund, got) = _drain(s.support, s.clock.monthsClosed, p.month, p.fund, fund);
        taken += got;
        (p.dividend, got) = _drain(s.dividend, s.clock.yearsClosed, p.year, p.dividend, dividend);
        taken += got;
        s.open = p;
    }

    /// @notice A month of the support fund, wherever it is.
    function month(State storage s, uint256 number) internal view returns (Epoch memory e) {
        e = s.support.epochs[number];
        OpenPools memory p = s.open;
        if (p.month == number) (e.gathered, e.weight) = (p.fund, p.supportWeight);
    }

    /// @notice A year of the dividend, wherever it is.
    function year(State storage s, uint256 number) internal view returns (Epoch memory e) {
        e = s.dividend.epochs[number];
        OpenPools memory p = s.open;
        if (p.year == number) e.gathered = p.dividend;
    }

    /// @notice Takes from the sum of all support weights of a month.
    function takeSupportWeight(State storage s, uint256 number, uint256 weight) internal {
        if (s.open.month == number) s.open.supportWeight -= uint96(weight);
        else s.support.epochs[number].weight -= uint96(weight);
    }

    function _drain(Pool storage pool, uint256 oldest, uint256 current, uint64 now_, uint256 amount)
        private
        returns (uint64, uint256 taken)
    {
        if (amount == 0) return (now_, 0);
        if (oldest != current) {
            uint256 there = pool.epochs[oldest].gathered;
            taken = amount < there ? amount : there;
            if (taken != 0) pool.epochs[oldest].gathered = uint64(there - taken);
        }
        unchecked {
            uint256 rest = amount - taken < now_ ? amount - taken : now_;
            return (uint64(now_ - rest), taken + rest);
        }
    }

    function _fit64(uint256 value) private pure returns (uint64) {
        if (value > type(uint64).max) revert ISettlementErrors.AmountTooLarge(value, type(uint64).max);
        return uint64(value);
    }

    function _fit96(uint256 value) private pure returns (uint96) {
        if (value > type(uint96).max) revert ISettlementErrors.AmountTooLarge(value, type(uint96).max);
        return uint96(value);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Calendar} from "../pure/Calendar.sol";
import {Epoch, Pool, PoolClock, State} from "../state/State.sol";
import {OpenPools} from "../types/OpenPools.sol";

/// @title What the pools gathered, epoch by epoch (rules, section 5)
/// @notice The current month and year share one slot, because every settlement adds to both. Whatever touches a pool turns
/// the page first: when a new month or year has begun, the one before moves to a slot of its own.
library PoolBook {
    /// @notice Moves a month or year that is over to its own slot.
    function turn(State storage s, uint256 today) internal returns (OpenPools) {
        return turn(s, Calendar.month(today), Calendar.year(today));
    }

    /// @notice As above, in this month and year.
    function turn(State storage s, uint256 thisMonth, uint256 thisYear) internal returns (OpenPools p) {
        p = s.open;
        if (p.month() == thisMonth && p.year() == thisYear) return p;
        (uint256 fund, uint256 weight, uint256 dividend) = (p.fund(), p.supportWeight(), p.dividend());
        if (p.month() != thisMonth) {
            s.support.epochs[p.month()].gathered = uint64(fund);
            s.support.epochs[p.month()].weight = uint96(weight);
            (fund, weight) = (0, 0);
        }
        if (p.year() != thisYear) {
            s.dividend.epochs[p.year()].gathered = uint64(dividend);
            dividend = 0;
        }
        p = p.movedTo(thisMonth, thisYear).holding(fund, dividend, weight);
        s.open = p;
    }

    /// @notice Adds to the current month and year; each amount is below 2^128.
    function gather(
        State storage s,
        uint256 thisMonth,
        uint256 thisYear,
        uint256 fund,
        uint256 dividend,
        uint256 supportWeight
    ) internal {
        OpenPools p = turn(s, thisMonth, thisYear);
        unchecked {
            fund += p.fund();
            dividend += p.dividend();
            supportWeight += p.supportWeight();
        }
        s.open = p.holding(fund, dividend, supportWeight);
    }

    /// @notice Takes up to `fund` and `dividend` out of the oldest epoch not yet closed, then the current one.
    /// @return taken What was there to take of both.
    function drain(State storage s, uint256 today, uint256 fund, uint256 dividend) internal returns (uint256 taken) {
        OpenPools p = turn(s, today);
        (uint256 fundLeft, uint256 ofFund) = _drain(s.support, p.monthsClosed(), p.month(), p.fund(), fund);
        (uint256 dividendLeft, uint256 ofDividend) =
            _drain(s.dividend, p.yearsClosed(), p.year(), p.dividend(), dividend);
        s.open = p.holding(fundLeft, dividendLeft, p.supportWeight());
        unchecked {
            return ofFund + ofDividend; // parts of lines, each below 2^48
        }
    }

    /// @notice How far the pools are closed.
    function clock(State storage s) internal view returns (PoolClock memory) {
        OpenPools p = s.open;
        return PoolClock({
            monthsClosed: uint32(p.monthsClosed()),
            monthClosedOn: s.closed.month,
            yearsClosed: uint32(p.yearsClosed()),
            yearClosedOn: s.closed.year
        });
    }

    /// @notice A month of the support fund, wherever it is.
    function month(State storage s, uint256 number) internal view returns (Epoch memory e) {
        e = s.support.epochs[number];
        OpenPools p = s.open;
        if (p.month() == number) (e.gathered, e.weight) = (uint64(p.fund()), uint96(p.supportWeight()));
    }

    /// @notice A year of the dividend, wherever it is.
    function year(State storage s, uint256 number) internal view returns (Epoch memory e) {
        e = s.dividend.epochs[number];
        OpenPools p = s.open;
        if (p.year() == number) e.gathered = uint64(p.dividend());
    }

    /// @notice Takes from the sum of all support weights of a month; `p` is what is open.
    function takeSupportWeight(State storage s, OpenPools p, uint256 number, uint256 weight) internal {
        if (p.month() == number) {
            s.open = p.lessWeight(weight);
        } else {
            s.support.epochs[number].weight -= uint96(weight);
        }
    }

    /// @dev Out of the oldest open epoch first; `left` is what the current one has left of `there`.
    function _drain(Pool storage pool, uint256 oldest, uint256 current, uint256 there, uint256 amount)
        private
        returns (uint256 left, uint256 taken)
    {
        if (amount == 0) return (there, 0);
        if (oldest != current) {
            uint256 before = pool.epochs[oldest].gathered;
            taken = amount < before ? amount : before;
            if (taken != 0) pool.epochs[oldest].gathered = uint64(before - taken);
        }
        unchecked {
            uint256 rest = amount - taken < there ? amount - taken : there;
            return (there - rest, taken + rest);
        }
    }
}

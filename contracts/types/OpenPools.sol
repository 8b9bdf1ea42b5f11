// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";

/// @notice What the current month and year have gathered, and how far months and years are closed, in one word. From the
/// lowest bit: month 12 | months closed 12 | year 9 | years closed 9 | fund 64 | dividend 64 (minor units) | all support
/// weights of the month 86.
type OpenPools is uint256;

using OpenPoolsWord for OpenPools global;

/// @title The packed layout of the open month and year, known to this library alone
library OpenPoolsWord {
    uint256 private constant MASK9 = (1 << 9) - 1;
    uint256 private constant MASK12 = (1 << 12) - 1;
    uint256 private constant MASK64 = type(uint64).max;
    uint256 private constant MASK86 = (1 << 86) - 1;
    /// @dev Months and years.
    uint256 private constant EPOCHS = (1 << 42) - 1;

    /// @notice The same months and years with other contents. Reverts with AmountTooLarge where something does not fit.
    function holding(OpenPools p, uint256 fund_, uint256 dividend_, uint256 weight) internal pure returns (OpenPools) {
        if ((fund_ | dividend_) > MASK64) {
            revert ISettlementErrors.AmountTooLarge(fund_ > MASK64 ? fund_ : dividend_, MASK64);
        }
        if (weight > MASK86) revert ISettlementErrors.AmountTooLarge(weight, MASK86);
        return OpenPools.wrap((OpenPools.unwrap(p) & EPOCHS) | (fund_ << 42) | (dividend_ << 106) | (weight << 170));
    }

    /// @notice The same with less weight; the caller has seen that there is as much.
    function lessWeight(OpenPools p, uint256 weight) internal pure returns (OpenPools) {
        assert(weight <= supportWeight(p));
        unchecked {
            return OpenPools.wrap(OpenPools.unwrap(p) - (weight << 170));
        }
    }

    /// @notice The same contents in another month and year. Reverts with AmountTooLarge from month 4096 or year 512 on.
    function movedTo(OpenPools p, uint256 month_, uint256 year_) internal pure returns (OpenPools) {
        if (month_ > MASK12) revert ISettlementErrors.AmountTooLarge(month_, MASK12);
        if (year_ > MASK9) revert ISettlementErrors.AmountTooLarge(year_, MASK9);
        return OpenPools.wrap((OpenPools.unwrap(p) & ~(MASK12 | (MASK9 << 24))) | month_ | (year_ << 24));
    }

    /// @notice The same with one month more closed: the one that was open longest, which is before the current one.
    function withMonthClosed(OpenPools p) internal pure returns (OpenPools) {
        assert(monthsClosed(p) < month(p));
        return OpenPools.wrap(OpenPools.unwrap(p) + (1 << 12));
    }

    /// @notice The same with one year more closed: the one that was open longest, which is before the current one.
    function withYearClosed(OpenPools p) internal pure returns (OpenPools) {
        assert(yearsClosed(p) < year(p));
        return OpenPools.wrap(OpenPools.unwrap(p) + (1 << 33));
    }

    /// @return The month that `fund` and `supportWeight` are of.
    function month(OpenPools p) internal pure returns (uint256) {
        return OpenPools.unwrap(p) & MASK12;
    }

    /// @return How many months are closed; the oldest open one.
    function monthsClosed(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 12) & MASK12;
    }

    /// @return The year that `dividend` is of.
    function year(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 24) & MASK9;
    }

    /// @return How many years are closed; the oldest open one.
    function yearsClosed(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 33) & MASK9;
    }

    /// @return Minor units that the month has gathered.
    function fund(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 42) & MASK64;
    }

    /// @return Minor units that the year has gathered.
    function dividend(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 106) & MASK64;
    }

    /// @return All support weights of the month.
    function supportWeight(OpenPools p) internal pure returns (uint256) {
        return OpenPools.unwrap(p) >> 170;
    }
}

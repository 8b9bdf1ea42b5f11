// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";

/// @notice What the current month and year have gathered, in one word. From the lowest bit: month 16 | year 16 | fund 64 |
/// dividend 64 (minor units) | all support weights of the month 96.
type OpenPools is uint256;

using OpenPoolsWord for OpenPools global;

/// @title The packed layout of the open month and year, known to this library alone
library OpenPoolsWord {
    uint256 private constant MASK16 = type(uint16).max;
    uint256 private constant MASK64 = type(uint64).max;
    uint256 private constant MASK96 = type(uint96).max;

    /// @notice A month and a year with what they have gathered. Reverts with AmountTooLarge where something does not fit.
    function pack(uint256 month_, uint256 year_, uint256 fund_, uint256 dividend_, uint256 weight)
        internal
        pure
        returns (OpenPools)
    {
        if ((fund_ | dividend_) > MASK64) {
            revert ISettlementErrors.AmountTooLarge(fund_ > MASK64 ? fund_ : dividend_, MASK64);
        }
        if (weight > MASK96) revert ISettlementErrors.AmountTooLarge(weight, MASK96);
        return OpenPools.wrap(
            (month_ & MASK16) | ((year_ & MASK16) << 16) | (fund_ << 32) | (dividend_ << 96) | (weight << 160)
        );
    }

    /// @return The month that `fund` and `supportWeight` are of.
    function month(OpenPools p) internal pure returns (uint256) {
        return OpenPools.unwrap(p) & MASK16;
    }

    /// @return The year that `dividend` is of.
    function year(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 16) & MASK16;
    }

    /// @return Minor units that the month has gathered.
    function fund(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 32) & MASK64;
    }

    /// @return Minor units that the year has gathered.
    function dividend(OpenPools p) internal pure returns (uint256) {
        return (OpenPools.unwrap(p) >> 96) & MASK64;
    }

    /// @return All support weights of the month.
    function supportWeight(OpenPools p) internal pure returns (uint256) {
        return OpenPools.unwrap(p) >> 160;
    }
}

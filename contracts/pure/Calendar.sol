// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Days, months and years, counted from deployment (rules, preamble and section 5)
library Calendar {
    uint256 internal constant MONTH = 30;
    uint256 internal constant YEAR = 365;
    /// @dev Days after its end, and after the closing before, from which a month or year can be closed.
    uint256 internal constant CLOSING = 15;

    /// @return The calendar day of a time, in the deployment's time zone.
    function day(uint256 timestamp, int256 offset) internal pure returns (uint256) {
        return uint256(int256(timestamp) + offset) / 1 days;
    }

    function month(uint256 today) internal pure returns (uint256) {
        return today / MONTH;
    }

    function year(uint256 today) internal pure returns (uint256) {
        return today / YEAR;
    }
}

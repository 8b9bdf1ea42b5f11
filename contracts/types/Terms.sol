// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The terms of one order, fixed when it is recorded (rules, section 3), and how much of it was refunded.
/// @dev Two words. `amounts`, from the lowest bit: price 48 | cost 48 | fees 48 | duty 48 | insurance 48 | channel 8.
/// `parties`: seller 32 | supplier 32 | partner 32 | campaign 32 | leader 32 | refunded 48 | rate 16 | plan 16 | day 16.
/// What the operator passes to record an order has the same layout with `leader` holding the ship-to region and with
/// refunded, rate, plan and day 0. The partner of a retail order is the holder of its region, where one is due.
struct Terms {
    uint256 amounts;
    uint256 parties;
}

using TermsWords for Terms global;

/// @title The packed layout of an order's terms, known to this library alone
library TermsWords {
    uint256 internal constant MAX_AMOUNT = type(uint48).max;
    uint256 private constant MASK32 = type(uint32).max;
    uint256 private constant MASK16 = type(uint16).max;

    function price(Terms memory t) internal pure returns (uint256) {
        return t.amounts & MAX_AMOUNT;
    }

    function cost(Terms memory t) internal pure returns (uint256) {
        return (t.amounts >> 48) & MAX_AMOUNT;
    }

    function fees(Terms memory t) internal pure returns (uint256) {
        return (t.amounts >> 96) & MAX_AMOUNT;
    }

    function duty(Terms memory t) internal pure returns (uint256) {
        return (t.amounts >> 144) & MAX_AMOUNT;
    }

    function insurance(Terms memory t) internal pure returns (uint256) {
        return (t.amounts >> 192) & MAX_AMOUNT;
    }

    function channel(Terms memory t) internal pure returns (uint256) {
        return t.amounts >> 240;
    }

    function seller(Terms memory t) internal pure returns (uint256) {
        return t.parties & MASK32;
    }

    function supplier(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 32) & MASK32;
    }

    /// @return The host of a campaign, the store, or the holder of the ship-to region.
    function partner(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 64) & MASK32;
    }

    function campaign(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 96) & MASK32;
    }

    function leader(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 128) & MASK32;
    }

    /// @return The ship-to region, of words that are about to be recorded.
    function shipTo(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 128) & MASK32;
    }

    function refunded(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 160) & MAX_AMOUNT;
    }

    /// @return The seller's rate, in basis points.
    function rate(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 208) & MASK16;
    }

    /// @return The plan version that the order was recorded under.
    function plan(Terms memory t) internal pure returns (uint256) {
        return (t.parties >> 224) & MASK16;
    }

    /// @return The day of recording.
    function day(Terms memory t) internal pure returns (uint256) {
        return t.parties >> 240;
    }

    /// @return Price less refunds, in minor units.
    function net(Terms memory t) internal pure returns (uint256) {
        unchecked {
            return price(t) - refunded(t); // never refunded above the price
        }
    }

    /// @notice The parties' word as it is fixed at recording; `given` is the operator's word.
    function fix(uint256 given, uint256 partner_, uint256 leader_, uint256 rate_, uint256 plan_, uint256 day_)
        internal
        pure
        returns (uint256)
    {
        return (given & ((MASK32 << 96) | type(uint64).max)) | (partner_ << 64) | (leader_ << 128) | (rate_ << 208)
            | (plan_ << 224) | (day_ << 240);
    }

}

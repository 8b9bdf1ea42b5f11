// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A plan as it is published and read: every parameter of section 2 of the rules, under its own name.
/// @param tierBps Seller's share of the sale by tier, starter to diamond, basis points, never falling.
/// @param bronzeDirects Active directs that make bronze.
/// @param silverTeam Active team members that make silver; goldTeam and diamondTeam likewise.
/// @param teamBps Leader's management allowance.
/// @param capBps All selling commission of an order together.
/// @param fundBps Of the retained profit, to the support fund.
/// @param dividendBps Of what then remains, to the yearly dividend.
/// @param regionBps To the holder of a protected region.
/// @param hostBps Of the slot, to a campaign's host.
/// @param guideBps Of the slot, to a store's guide.
/// @param serviceBps Cross-border service fee; holdbackBps is the part of it that is kept as deposit.
/// @param insuranceBps Of a duty loss, what the insurance pays.
/// @param returnDays Statutory return window, at least 7.
/// @param promotionDirects Active directs that make a member a boss (the "2" of 2+1), at least 1.
/// @param dividendShareCapBps Nobody's dividend is above this part of the pool.
/// @param activityPrice Net price, in minor units, from which a settled order makes its seller active.
/// @param refundDays Days after delivery for refunds of settled orders.
/// @param depositLockDays Days that a deposit stays after a service fee was held back.
struct PlanParameters {
    uint256[5] tierBps;
    uint256 bronzeDirects;
    uint256 silverTeam;
    uint256 goldTeam;
    uint256 diamondTeam;
    uint256 teamBps;
    uint256 capBps;
    uint256 fundBps;
    uint256 dividendBps;
    uint256 regionBps;
    uint256 hostBps;
    uint256 guideBps;
    uint256 serviceBps;
    uint256 holdbackBps;
    uint256 insuranceBps;
    uint256 returnDays;
    uint256 promotionDirects;
    uint256 dividendShareCapBps;
    uint256 activityPrice;
    uint256 refundDays;
    uint256 depositLockDays;
}

/// @notice What is read from the version in force: rates at recording, conditions when somebody becomes active, the
/// dividend's cap when the year is closed. One slot; `tierBps` holds five times 16 bits, starter lowest.
struct TierPlan {
    uint80 tierBps;
    uint16 dividendShareCapBps;
    uint32 bronzeDirects;
    uint32 silverTeam;
    uint32 goldTeam;
    uint32 diamondTeam;
    uint32 promotionDirects;
}

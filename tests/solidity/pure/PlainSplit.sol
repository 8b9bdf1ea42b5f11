// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lines} from "../../../contracts/pure/Split.sol";

/// @notice What the split of an order is worked out from, each under its own name.
struct Sale {
    uint256 channel;
    uint256 price;
    uint256 cost;
    uint256 fees;
    uint256 duty;
    uint256 insurance;
    uint256 rate;
    bool hasSeller;
    bool hasLeader;
    bool hasPartner;
    bool partnerIsSeller;
    uint256 capBps;
    uint256 teamBps;
    uint256 regionBps;
    uint256 hostBps;
    uint256 guideBps;
    uint256 serviceBps;
    uint256 fundBps;
    uint256 dividendBps;
}

/// @title The split as the rules write it (section 3), line by line, with checked arithmetic
/// @notice Shares no code with `Split`, so that the one checks the other.
library PlainSplit {
    /// @return l The lines at the net price p.
    function split(Sale memory s, uint256 p) internal pure returns (Lines memory l) {
        bool abroad = s.channel == 3;
        l.supply = s.cost * p / s.price;
        l.fees = s.fees * p / s.price;
        l.duty = s.duty * p / s.price;
        l.insurance = s.insurance * p / s.price;
        l.service = abroad ? p * s.serviceBps / 10_000 : 0;
        uint256 margin = p - l.supply - l.fees - l.duty - l.insurance - l.service;

        uint256 cap = min(margin, p * s.capBps / 10_000);
        uint256 slot = min(p * s.rate / 10_000, cap);
        l.team = s.hasLeader ? min(p * s.teamBps / 10_000, cap - slot) : 0;
        if (s.channel == 0) {
            l.region = s.hasPartner ? min(p * s.regionBps / 10_000, slot) : 0;
            l.direct = slot - l.region;
        } else if (s.channel == 1) {
            l.host = s.partnerIsSeller ? 0 : slot * s.hostBps / 10_000;
            l.direct = slot - l.host;
        } else if (s.channel == 2) {
            l.guide = s.hasSeller ? slot * s.guideBps / 10_000 : 0;
            l.store = slot - l.guide;
        } else {
            l.direct = slot;
        }
        uint256 rest = margin - slot - l.team;
        l.fund = rest * s.fundBps / 10_000;
        l.dividend = (rest - l.fund) * s.dividendBps / 10_000;
        l.platform = rest - l.fund - l.dividend;
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}

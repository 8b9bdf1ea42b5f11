// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TermsView} from "../../../contracts/SettlementLens.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../../../contracts/types/Accounts.sol";
import {CAMPAIGN, CROSS_BORDER, RETAIL, STORE} from "../../../contracts/types/Channels.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";

/// @dev The lines of an order by their place in the rules' split.
enum Line {
    Supply,
    Fees,
    Duty,
    Insurance,
    Service,
    Direct,
    Region,
    Host,
    Guide,
    Store,
    Team,
    Fund,
    Dividend,
    Platform
}

uint256 constant LINES = 14;

/// @title The split as section 3 of the rules writes it down, in checked arithmetic
/// @notice Shares no code with the contract's `Split`. Amounts are minor units.
library RulesSplit {
    /// @param net Price less refunds.
    /// @return l The lines, by `Line`.
    function split(TermsView memory t, PlanParameters memory plan, uint256 net)
        internal
        pure
        returns (uint256[LINES] memory l)
    {
        l[uint256(Line.Supply)] = t.cost * net / t.price;
        l[uint256(Line.Fees)] = t.fees * net / t.price;
        l[uint256(Line.Duty)] = t.duty * net / t.price;
        l[uint256(Line.Insurance)] = t.insurance * net / t.price;
        l[uint256(Line.Service)] = t.channel == CROSS_BORDER ? net * plan.serviceBps / 10_000 : 0;
        uint256 margin = net;
        for (uint256 i = 0; i <= uint256(Line.Service); ++i) {
            margin -= l[i];
        }
        uint256 slot = _min(net * t.rateBps / 10_000, cap(margin, plan, net));
        uint256 team = t.leader == 0 ? 0 : _min(net * plan.teamBps / 10_000, cap(margin, plan, net) - slot);
        l[uint256(Line.Team)] = team;
        _shareSlot(l, t, plan, net, slot);

        uint256 rest = margin - slot - team;
        uint256 fund = rest * plan.fundBps / 10_000;
        uint256 dividend = (rest - fund) * plan.dividendBps / 10_000;
        l[uint256(Line.Fund)] = fund;
        l[uint256(Line.Dividend)] = dividend;
        l[uint256(Line.Platform)] = rest - fund - dividend;
    }

    /// @return All selling commission of an order together.
    function cap(uint256 margin, PlanParameters memory plan, uint256 net) internal pure returns (uint256) {
        return _min(margin, net * plan.capBps / 10_000);
    }

    /// @return The account that a line goes to; 0 for the two pools.
    function payee(TermsView memory t, Line line) internal pure returns (uint256) {
        if (line == Line.Supply) return t.supplier;
        if (line == Line.Fees) return FEES;
        if (line == Line.Duty) return DUTY;
        if (line == Line.Insurance) return INSURANCE;
        if (line == Line.Team) return t.leader;
        if (line == Line.Platform) return PLATFORM;
        if (line == Line.Region || line == Line.Host || line == Line.Store) return t.partner;
        if (line == Line.Fund || line == Line.Dividend) return 0;
        return t.seller;
    }

    function _shareSlot(
        uint256[LINES] memory l,
        TermsView memory t,
        PlanParameters memory plan,
        uint256 net,
        uint256 slot
    ) private pure {
        if (t.channel == RETAIL) {
            uint256 region = t.partner != 0 ? _min(net * plan.regionBps / 10_000, slot) : 0;
            l[uint256(Line.Region)] = region;
            l[uint256(Line.Direct)] = slot - region;
        } else if (t.channel == CAMPAIGN) {
            uint256 host = t.partner != t.seller ? slot * plan.hostBps / 10_000 : 0;
            l[uint256(Line.Host)] = host;
            l[uint256(Line.Direct)] = slot - host;
        } else if (t.channel == STORE) {
            uint256 guide = t.seller != 0 ? slot * plan.guideBps / 10_000 : 0;
            l[uint256(Line.Guide)] = guide;
            l[uint256(Line.Store)] = slot - guide;
        } else {
            l[uint256(Line.Direct)] = slot;
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}

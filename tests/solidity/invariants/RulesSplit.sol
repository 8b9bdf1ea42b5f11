// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TermsView} from "../../../contracts/SettlementLens.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {PlainSplit, Sale} from "../pure/PlainSplit.sol";

/// @dev The lines of an order, in the order of `Lines`.
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

/// @title The split of an order as it is on record, line by line, and whom each line goes to
/// @notice Worked out by `PlainSplit`, which shares no code with the contract's. Amounts are minor units.
library RulesSplit {
    /// @param net Price less refunds.
    /// @return The lines, by `Line`.
    function split(TermsView memory t, PlanParameters memory plan, uint256 net)
        internal
        pure
        returns (uint256[LINES] memory)
    {
        Sale memory s;
        (s.channel, s.price, s.cost, s.fees) = (t.channel, t.price, t.cost, t.fees);
        (s.duty, s.insurance, s.rate) = (t.duty, t.insurance, t.rateBps);
        (s.hasSeller, s.hasLeader) = (t.seller != 0, t.leader != 0);
        (s.hasPartner, s.partnerIsSeller) = (t.partner != 0, t.partner == t.seller);
        (s.capBps, s.teamBps, s.regionBps) = (plan.capBps, plan.teamBps, plan.regionBps);
        (s.hostBps, s.guideBps, s.serviceBps) = (plan.hostBps, plan.guideBps, plan.serviceBps);
        (s.fundBps, s.dividendBps) = (plan.fundBps, plan.dividendBps);
        return abi.decode(abi.encode(PlainSplit.split(s, net)), (uint256[14]));
    }

    /// @return All selling commission of an order together.
    function cap(uint256 margin, PlanParameters memory plan, uint256 net) internal pure returns (uint256) {
        return PlainSplit.min(margin, net * plan.capBps / 10_000);
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
}

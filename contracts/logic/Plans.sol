// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {State} from "../state/State.sol";
import {OrderPlan, Plan, PlanParameters, TierPlan} from "../types/Plan.sol";

/// @title Plan versions (rules, section 2)
/// @notice A version is never changed. The delay before one comes into force is the access manager's execution delay of
/// whoever administers plans: the call waits there, in public, and can be cancelled there.
library Plans {
    /// @notice Puts a new version into force. Errors: InvalidPlan, AmountTooLarge.
    function publish(State storage s, PlanParameters calldata p) external {
        uint16 version = s.book.plan + 1;
        s.plans[version] = Plan(_orderPlan(p), _tierPlan(p));
        s.book.plan = version;
        emit ISettlementEvents.PlanPublished(version, p);
    }

    /// @notice A version with every parameter under its own name.
    function read(State storage s, uint256 version) external view returns (PlanParameters memory p) {
        OrderPlan memory o = s.plans[version].order;
        TierPlan memory t = s.plans[version].tiers;
        for (uint256 i = 0; i < 5; ++i) {
            p.tierBps[i] = (t.tierBps >> (16 * i)) & type(uint16).max;
        }
        (p.bronzeDirects, p.silverTeam, p.goldTeam, p.diamondTeam) =
            (t.bronzeDirects, t.silverTeam, t.goldTeam, t.diamondTeam);
        (p.promotionDirects, p.dividendShareCapBps) = (t.promotionDirects, t.dividendShareCapBps);
        (p.teamBps, p.capBps, p.fundBps, p.dividendBps) = (o.teamBps, o.capBps, o.fundBps, o.dividendBps);
        (p.regionBps, p.hostBps, p.guideBps) = (o.regionBps, o.hostBps, o.guideBps);
        (p.serviceBps, p.holdbackBps, p.insuranceBps) = (o.serviceBps, o.holdbackBps, o.insuranceBps);
        (p.returnDays, p.refundDays, p.depositLockDays) = (o.returnDays, o.refundDays, o.depositLockDays);
        p.activityPrice = o.activityPrice;
    }

    function _orderPlan(PlanParameters calldata p) private pure returns (OrderPlan memory o) {
        o.teamBps = _bps(p.teamBps, "team_bps");
        o.capBps = _bps(p.capBps, "cap_bps");
        o.fundBps = _bps(p.fundBps, "fund_bps");
        o.dividendBps = _bps(p.dividendBps, "dividend_bps");
        o.regionBps = _bps(p.regionBps, "region_bps");
        o.hostBps = _bps(p.hostBps, "host_bps");
        o.guideBps = _bps(p.guideBps, "guide_bps");
        o.serviceBps = _bps(p.serviceBps, "service_bps");
        o.holdbackBps = _bps(p.holdbackBps, "holdback_bps");
        o.insuranceBps = _bps(p.insuranceBps, "insurance_bps");
        if (p.returnDays < 7) revert ISettlementErrors.InvalidPlan("return_days");
        o.returnDays = uint16(_within(p.returnDays, type(uint16).max));
        o.refundDays = uint16(_within(p.refundDays, type(uint16).max));
        o.depositLockDays = uint16(_within(p.depositLockDays, type(uint16).max));
        o.activityPrice = uint48(_within(p.activityPrice, type(uint48).max));
    }

    function _tierPlan(PlanParameters calldata p) private pure returns (TierPlan memory t) {
        for (uint256 i = 0; i < 5; ++i) {
            uint256 rate = _bps(p.tierBps[i], "tier_bps");
            if (i != 0 && rate < p.tierBps[i - 1]) revert ISettlementErrors.InvalidPlan("tier_bps");
            t.tierBps |= uint80(rate << (16 * i));
        }
        if (p.promotionDirects < 1) revert ISettlementErrors.InvalidPlan("promotion_directs");
        t.dividendShareCapBps = _bps(p.dividendShareCapBps, "dividend_share_cap_bps");
        t.bronzeDirects = uint32(_within(p.bronzeDirects, type(uint32).max));
        t.silverTeam = uint32(_within(p.silverTeam, type(uint32).max));
        t.goldTeam = uint32(_within(p.goldTeam, type(uint32).max));
        t.diamondTeam = uint32(_within(p.diamondTeam, type(uint32).max));
        t.promotionDirects = uint32(_within(p.promotionDirects, type(uint32).max));
    }

    function _bps(uint256 value, string memory name) private pure returns (uint16) {
        if (value > 10_000) revert ISettlementErrors.InvalidPlan(name);
        return uint16(value);
    }

    function _within(uint256 value, uint256 limit) private pure returns (uint256) {
        if (value > limit) revert ISettlementErrors.AmountTooLarge(value, limit);
        return value;
    }
}

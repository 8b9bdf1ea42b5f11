// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Plan, State} from "../state/State.sol";
import {OrderPlan, OrderPlanWord} from "../types/OrderPlan.sol";
import {PlanParameters, TierPlan} from "../types/Plan.sol";

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
        OrderPlan o = s.plans[version].order;
        TierPlan memory t = s.plans[version].tiers;
        for (uint256 i = 0; i < 5; ++i) {
            p.tierBps[i] = (t.tierBps >> (16 * i)) & type(uint16).max;
        }
        (p.bronzeDirects, p.silverTeam, p.goldTeam, p.diamondTeam) =
            (t.bronzeDirects, t.silverTeam, t.goldTeam, t.diamondTeam);
        (p.promotionDirects, p.dividendShareCapBps) = (t.promotionDirects, t.dividendShareCapBps);
        (p.teamBps, p.capBps, p.fundBps, p.dividendBps) = (o.teamBps(), o.capBps(), o.fundBps(), o.dividendBps());
        (p.regionBps, p.hostBps, p.guideBps) = (o.regionBps(), o.hostBps(), o.guideBps());
        (p.serviceBps, p.holdbackBps, p.insuranceBps) = (o.serviceBps(), o.holdbackBps(), o.insuranceBps());
        (p.returnDays, p.refundDays, p.depositLockDays) = (o.returnDays(), o.refundDays(), o.depositLockDays());
        p.activityPrice = o.activityPrice();
    }

    function _orderPlan(PlanParameters calldata p) private pure returns (OrderPlan) {
        _requireBps(p.teamBps, "team_bps");
        _requireBps(p.capBps, "cap_bps");
        _requireBps(p.fundBps, "fund_bps");
        _requireBps(p.dividendBps, "dividend_bps");
        _requireBps(p.regionBps, "region_bps");
        _requireBps(p.hostBps, "host_bps");
        _requireBps(p.guideBps, "guide_bps");
        _requireBps(p.serviceBps, "service_bps");
        _requireBps(p.holdbackBps, "holdback_bps");
        _requireBps(p.insuranceBps, "insurance_bps");
        if (p.returnDays < 7) revert ISettlementErrors.InvalidPlan("return_days");
        _requireWithin(p.returnDays, type(uint16).max);
        _requireWithin(p.refundDays, type(uint16).max);
        _requireWithin(p.depositLockDays, type(uint16).max);
        _requireWithin(p.activityPrice, type(uint48).max);
        return OrderPlanWord.pack(p);
    }

    function _tierPlan(PlanParameters calldata p) private pure returns (TierPlan memory t) {
        for (uint256 i = 0; i < 5; ++i) {
            uint256 rate = p.tierBps[i];
            _requireBps(rate, "tier_bps");
            if (i != 0 && rate < p.tierBps[i - 1]) revert ISettlementErrors.InvalidPlan("tier_bps");
            t.tierBps |= uint80(rate << (16 * i));
        }
        if (p.promotionDirects < 1) revert ISettlementErrors.InvalidPlan("promotion_directs");
        _requireBps(p.dividendShareCapBps, "dividend_share_cap_bps");
        t.dividendShareCapBps = uint16(p.dividendShareCapBps);
        t.bronzeDirects = _uint32(p.bronzeDirects);
        t.silverTeam = _uint32(p.silverTeam);
        t.goldTeam = _uint32(p.goldTeam);
        t.diamondTeam = _uint32(p.diamondTeam);
        t.promotionDirects = _uint32(p.promotionDirects);
    }

    function _requireBps(uint256 value, string memory name) private pure {
        if (value > 10_000) revert ISettlementErrors.InvalidPlan(name);
    }

    function _requireWithin(uint256 value, uint256 limit) private pure {
        if (value > limit) revert ISettlementErrors.AmountTooLarge(value, limit);
    }

    function _uint32(uint256 value) private pure returns (uint32) {
        _requireWithin(value, type(uint32).max);
        return uint32(value);
    }
}

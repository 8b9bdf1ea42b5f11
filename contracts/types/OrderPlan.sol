// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlanParameters} from "./Plan.sol";

/// @notice What an order keeps from the version that it was recorded under, in one word. From the lowest bit, 16 bits each:
/// team | cap | fund | dividend | region | host | guide | service | holdback | insurance (basis points) | return | refund |
/// deposit lock (days); then 48 bits: activity price (minor units).
type OrderPlan is uint256;

using OrderPlanWord for OrderPlan global;

/// @title The packed layout of an order's plan, known to this library alone
library OrderPlanWord {
    uint256 private constant MASK16 = type(uint16).max;

    /// @notice The word of a version whose parameters fit.
    function pack(PlanParameters memory p) internal pure returns (OrderPlan) {
        uint256 rates = p.teamBps | (p.capBps << 16) | (p.fundBps << 32) | (p.dividendBps << 48) | (p.regionBps << 64)
            | (p.hostBps << 80) | (p.guideBps << 96) | (p.serviceBps << 112) | (p.holdbackBps << 128)
            | (p.insuranceBps << 144);
        return OrderPlan.wrap(
            rates | (p.returnDays << 160) | (p.refundDays << 176) | (p.depositLockDays << 192) | (p.activityPrice << 208)
        );
    }

    function teamBps(OrderPlan p) internal pure returns (uint256) {
        return OrderPlan.unwrap(p) & MASK16;
    }

    function capBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 16) & MASK16;
    }

    function fundBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 32) & MASK16;
    }

    function dividendBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 48) & MASK16;
    }

    function regionBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 64) & MASK16;
    }

    function hostBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 80) & MASK16;
    }

    function guideBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 96) & MASK16;
    }

    function serviceBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 112) & MASK16;
    }

    function holdbackBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 128) & MASK16;
    }

    function insuranceBps(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 144) & MASK16;
    }

    function returnDays(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 160) & MASK16;
    }

    function refundDays(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 176) & MASK16;
    }

    function depositLockDays(OrderPlan p) internal pure returns (uint256) {
        return (OrderPlan.unwrap(p) >> 192) & MASK16;
    }

    function activityPrice(OrderPlan p) internal pure returns (uint256) {
        return OrderPlan.unwrap(p) >> 208;
    }
}

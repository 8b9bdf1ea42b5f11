// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CAMPAIGN, CROSS_BORDER, RETAIL, STORE} from "../types/Channels.sol";
import {OrderPlan} from "../types/OrderPlan.sol";
import {Terms} from "../types/Terms.sol";

/// @notice The lines of an order, in minor units; they sum to its net price (rules, section 3).
/// @dev In the order in which they are paid. At most one of region, host, guide and store's pair is above 0 by channel.
struct Lines {
    uint256 supply;
    uint256 fees;
    uint256 duty;
    uint256 insurance;
    uint256 service;
    uint256 direct;
    uint256 region;
    uint256 host;
    uint256 guide;
    uint256 store;
    uint256 team;
    uint256 fund;
    uint256 dividend;
    uint256 platform;
}

/// @title The split: who gets what of one order
/// @notice A pure function of the terms, the plan version that they name, and a net price (rules, section 3).
/// Every division is floor division.
/// @dev Amounts are below 2^48 and rates at most 10 000, so no product reaches 2^64 and nothing can wrap; what is subtracted
/// is never above what it is subtracted from, because an order whose costs are above its price is not recorded.
library Split {
    uint256 private constant ONE = 10_000;

    /// @notice Room for two splits, which write every line: not zeroed, which would cost 260 each.
    // slither-disable-next-line assembly (Solidity zeroes whatever it makes room for)
    function two() internal pure returns (Lines[] memory l) {
        assembly ("memory-safe") {
            l := mload(0x40)
            mstore(l, 2)
            mstore(add(l, 0x20), add(l, 0x60))
            mstore(add(l, 0x40), add(l, 0x220))
            mstore(0x40, add(l, 0x3e0))
        }
    }

    /// @notice The service fee of a cross-border order, 0 for others.
    function service(uint256 channel, uint256 net, uint256 serviceBps) internal pure returns (uint256) {
        unchecked {
            return channel == CROSS_BORDER ? net * serviceBps / ONE : 0;
        }
    }

    /// @notice Writes the lines of an order with terms `t` under `plan` at the net price `net` into `l`.
    /// @param net Price less refunds, at most the price, in minor units.
    function split(Terms memory t, OrderPlan plan, uint256 net, Lines memory l) internal pure {
        unchecked {
            uint256 channel = t.channel();
            uint256 price = t.price();
            l.supply = t.cost() * net / price;
            l.fees = t.fees() * net / price;
            uint256 margin = net - l.supply - l.fees;
            if (channel == CROSS_BORDER) {
                l.duty = t.duty() * net / price;
                l.insurance = t.insurance() * net / price;
                l.service = service(channel, net, plan.serviceBps());
                margin -= l.duty + l.insurance + l.service;
            } else {
                l.duty = 0;
                l.insurance = 0;
                l.service = 0;
            }

            uint256 cap = _min(margin, net * plan.capBps() / ONE);
            uint256 slot = _min(net * t.rate() / ONE, cap);
            l.team = t.leader() != 0 ? _min(net * plan.teamBps() / ONE, cap - slot) : 0;
            _shareSlot(t, plan, net, slot, channel, l);

            uint256 rest = margin - slot - l.team;
            l.fund = rest * plan.fundBps() / ONE;
            l.dividend = (rest - l.fund) * plan.dividendBps() / ONE;
            l.platform = rest - l.fund - l.dividend;
        }
    }

    /// @notice Turns two splits of an order into what each line is lower by and what it is higher by in the second one.
    /// @param before The first split; afterwards what each line fell by.
    /// @param after_ The second split; afterwards, where any line rose, what each line rose by.
    /// @return rose Whether any line rose.
    // one pass over all lines, which are words one after the other; another one where rounding made any rise
    // slither-disable-next-line assembly
    function compare(Lines memory before, Lines memory after_) internal pure returns (bool rose) {
        assembly ("memory-safe") {
            // lines are below 2^48, so the highest bit of a difference is its sign
            let signs := 0
            for { let i := 0 } lt(i, 0x1c0) { i := add(i, 0x40) } {
                let at := add(before, i)
                let other := add(after_, i)
                let fell := sub(mload(at), mload(other))
                mstore(at, fell)
                signs := or(signs, fell)
                at := add(at, 0x20)
                fell := sub(mload(at), mload(add(other, 0x20)))
                mstore(at, fell)
                signs := or(signs, fell)
            }
            rose := shr(255, signs)
            if rose {
                for { let i := 0 } lt(i, 0x1c0) { i := add(i, 0x20) } {
                    let fell := mload(add(before, i))
                    let higher := shr(255, fell)
                    mstore(add(before, i), mul(iszero(higher), fell))
                    mstore(add(after_, i), mul(higher, sub(0, fell)))
                }
            }
        }
    }

    /// @dev Shares the slot between seller and partner, by channel.
    function _shareSlot(
        Terms memory t,
        OrderPlan plan,
        uint256 net,
        uint256 slot,
        uint256 channel,
        Lines memory l
    ) private pure {
        unchecked {
            (l.region, l.host, l.guide, l.store) = (0, 0, 0, 0);
            if (channel == RETAIL) {
                if (t.partner() != 0) l.region = _min(net * plan.regionBps() / ONE, slot);
            } else if (channel == CAMPAIGN) {
                if (t.partner() != t.seller()) l.host = slot * plan.hostBps() / ONE;
            } else if (channel == STORE) {
                if (t.seller() != 0) l.guide = slot * plan.guideBps() / ONE;
                l.store = slot - l.guide;
            }
            l.direct = slot - l.region - l.host - l.guide - l.store;
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}

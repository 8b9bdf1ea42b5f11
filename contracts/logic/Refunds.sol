// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {State} from "../state/State.sol";
import {WITHDRAWING} from "../types/Roles.sol";
import {Terms} from "../types/Terms.sol";
import {Batches, Selection} from "./Batches.sol";
import {OrderPages} from "./OrderPages.sol";
import {TakingBack} from "./TakingBack.sol";

/// @title Refunds: out of escrow before settlement, back from the payees after it (rules, section 4)
library Refunds {
    using OrderPages for mapping(uint256 => uint256);

    /// @notice Refunds `amount` minor units of one order.
    /// @param receipt A salted commitment to the buyer's refund receipt, 0 where there is none.
    /// Errors: UnknownOrder, OrderClosed, WrongDeliveryDay, RefundExceedsPrice; Paused, RefundTooLate, InsufficientTreasury after settlement.
    function refund(State storage s, uint256 today, Selection calldata sel, uint256 amount, bytes32 receipt)
        internal
    {
        (uint256 order, Terms memory t, bytes32 root) = Batches.openToRefund(s, sel, amount);
        uint256 net = t.net();
        bool settled = s.closed.has(order);
        if (settled) _requireSettled(s, order, sel.deliveredOn);
        if (amount == 0 || amount > net) revert ISettlementErrors.RefundExceedsPrice(order, amount, net);
        if (settled) {
            if (s.book.paused & WITHDRAWING != 0) revert ISettlementErrors.Paused(WITHDRAWING);
            TakingBack.takeBack(s, today, sel.deliveredOn, order, t, amount);
        } else {
            unchecked {
                // what is left of the price is in escrow
                s.book.escrow -= uint88(amount);
                s.book.treasury += uint88(amount);
            }
            if (amount == net) s.dropped.set(order);
        }
        Batches.write(s, sel.first, sel.width, root);
        emit ISettlementEvents.OrderRefunded(order, amount, receipt);
    }

    /// @dev A closed order that was delivered was settled; one that was not is void.
    function _requireSettled(State storage s, uint256 order, uint256 day) private view {
        if (day < 2 ** 32 && s.deliveredOn[OrderPages.onDay(day, order >> 8)] & OrderPages.bit(order) != 0) return;
        if (s.dropped.has(order)) revert ISettlementErrors.OrderClosed(order);
        revert ISettlementErrors.WrongDeliveryDay(order, day);
    }
}

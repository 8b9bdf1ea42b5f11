// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Deliveries} from "../pure/Deliveries.sol";
import {State} from "../state/State.sol";
import {WITHDRAWING} from "../types/Roles.sol";
import {Terms} from "../types/Terms.sol";
import {Batches, OrderEntry} from "./Batches.sol";
import {Ledger} from "./Ledger.sol";
import {OrderStatus} from "./OrderStatus.sol";
import {TakingBack} from "./TakingBack.sol";

/// @title Refunds: out of escrow before settlement, back from the payees after it (rules, section 4)
library Refunds {
    /// @notice Refunds `amount` minor units of one order.
    /// @param receipt A salted commitment to the buyer's refund receipt, 0 where there is none.
    /// Errors: UnknownOrder, OrderClosed, RefundExceedsPrice; Paused, RefundTooLate, InsufficientTreasury after settlement.
    function refund(
        State storage s,
        uint256 today,
        OrderEntry calldata entry,
        bytes32 receipt,
        uint256 amount,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) internal {
        (uint256 order, Terms memory t) = Batches.openToRefund(s, entry, deliveries, proof, amount);
        if (_isSettled(s, order, t.net(), amount)) {
            _takeBack(s, today, deliveries, entry.position, order, t, amount);
        } else {
            // what is left of the price is in escrow
            Ledger.fromEscrow(s, amount);
        }
        emit ISettlementEvents.OrderRefunded(order, amount, receipt);
    }

    function _takeBack(
        State storage s,
        uint256 today,
        uint256[] calldata deliveries,
        uint256 position,
        uint256 order,
        Terms memory t,
        uint256 amount
    ) private {
        if (s.book.paused & WITHDRAWING != 0) revert ISettlementErrors.Paused(WITHDRAWING);
        // a settled order was delivered
        // slither-disable-next-line unused-return
        (, uint256 day) = Deliveries.dayOf(deliveries, position);
        TakingBack.takeBack(s, today, day, order, t, amount);
    }

    /// @dev Whether the order is settled, once it is checked that so much of it can be refunded. Where it is not, and this is
    /// all that was left, it is closed.
    function _isSettled(State storage s, uint256 order, uint256 net, uint256 amount) private returns (bool closed) {
        uint256 word = s.status[OrderStatus.pageOf(order)];
        bool marked;
        (closed, marked) = OrderStatus.read(word, order);
        if (closed) {
            // of an order that was refunded in full nothing is left; any other one that was closed unsettled is void
            if (marked && net != 0) revert ISettlementErrors.OrderClosed(order);
        }
        unchecked {
            // 0 is too little, anything above the rest too much
            if (amount - 1 >= net) revert ISettlementErrors.RefundExceedsPrice(order, amount, net);
        }
        if (amount == net && !closed) OrderStatus.drop(s, word, order);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Book, State} from "../state/State.sol";
import {CAMPAIGN} from "../types/Channels.sol";
import {Terms} from "../types/Terms.sol";
import {Batches, Selection} from "./Batches.sol";
import {Campaigns} from "./Campaigns.sol";
import {OrderPages} from "./OrderPages.sol";

/// @notice Orders of one page: bit i of `orders` is order 256 · index + i.
struct Page {
    uint256 index;
    uint256 orders;
}

/// @title What happens to a recorded order before it is settled: delivery, balance, hold, void (rules, section 4)
library OrderCare {
    using OrderPages for mapping(uint256 => uint256);

    /// @dev A hold lapses this many days after the first one.
    uint256 internal constant HOLD_DAYS = 60;
    /// @dev What is not delivered can be voided this many days after it was recorded.
    uint256 private constant VOID_DAYS = 90;

    /// @notice Puts today as the day of delivery on record, for all orders given or for none.
    /// Errors: UnknownOrder, OrderClosed, AlreadyDelivered.
    function deliver(State storage s, uint256 today, Page[] calldata pages) internal {
        uint256 last = s.book.orders;
        for (uint256 i = 0; i < pages.length; ++i) {
            uint256 page = pages[i].index;
            uint256 bits = pages[i].orders;
            if (bits == 0) continue;
            if (page == 0 && bits & 1 != 0) revert ISettlementErrors.UnknownOrder(0);
            uint256 delivered = s.delivered[page];
            uint256 refused = bits & (delivered | s.dropped[page]);
            if (refused != 0) _refuseDelivery(s, page, refused);
            // after the refused ones, because whatever is not recorded has a higher number
            _requireRecorded(last, page, bits);
            s.delivered[page] = delivered | bits;
            s.deliveredOn[OrderPages.onDay(today, page)] |= bits;
            emit ISettlementEvents.OrdersDelivered(page, today, bits);
        }
    }

    /// @notice Puts on record that the balance of a presale order was paid; again changes nothing.
    /// Errors: UnknownOrder, OrderClosed, WrongChannel, CampaignClosed.
    function payBalance(State storage s, uint256 today, Selection calldata sel) external {
        (uint256 order, Terms memory t) = Batches.openOne(s, sel);
        _requireOpen(s, order, t);
        uint256 campaign = t.campaign();
        if (t.channel() != CAMPAIGN || !s.campaigns[campaign].presale) {
            revert ISettlementErrors.WrongChannel(order, t.channel());
        }
        if (Campaigns.over(s, today, campaign)) {
            revert ISettlementErrors.CampaignClosed(campaign, s.campaigns[campaign].deadline);
        }
        if (s.balancePaid.has(order)) return;
        s.balancePaid.set(order);
        emit ISettlementEvents.BalancePaid(order, campaign);
    }

    /// @notice Gives the escrow of orders back to the treasury, held or not; all orders given or none.
    /// Errors: UnknownOrder, OrderClosed, AlreadyDelivered, NotVoidable.
    function voidOrders(State storage s, uint256 today, Selection[] calldata selections) external {
        uint256 total = 0;
        // slither-disable-next-line uninitialized-local (read from the words, order by order)
        Terms memory t;
        for (uint256 i = 0; i < selections.length; ++i) {
            Selection calldata sel = selections[i];
            uint256[] memory orders = Batches.open(s, sel);
            uint256[] calldata words = sel.words;
            for (uint256 k = 0; k < orders.length; ++k) {
                Batches.read(words, k, t);
                _requireVoidable(s, today, orders[k], t);
                s.dropped.set(orders[k]);
                s.closed.set(orders[k]);
                total += t.net();
                emit ISettlementEvents.OrderVoided(orders[k], t.net());
            }
        }
        s.book.escrow -= uint88(total);
        s.book.treasury += uint88(total);
    }

    /// @notice Holds an order: it cannot settle before the day of its first hold + 60, however often it is held.
    /// Errors: UnknownOrder, AlreadySettled, OrderClosed.
    function hold(State storage s, uint256 today, uint256 order, bytes32 reason) external {
        _requireKnown(s, order);
        if (isSettled(s, order)) revert ISettlementErrors.AlreadySettled(order);
        if (s.dropped.has(order)) revert ISettlementErrors.OrderClosed(order);
        s.held.set(order);
        uint256 since = s.firstHeld[order];
        if (since == 0) {
            // day 0 is a day, too: stored one up
            since = today + 1;
            s.firstHeld[order] = since;
        }
        emit ISettlementEvents.OrderHeldBy(order, msg.sender, since - 1, reason);
    }

    /// @notice Ends a hold, lapsed or not. Errors: UnknownOrder, NotHeld.
    function release(State storage s, uint256 order) external {
        _requireKnown(s, order);
        if (!s.held.has(order)) revert ISettlementErrors.NotHeld(order);
        s.held.clear(order);
        emit ISettlementEvents.OrderReleasedBy(order, msg.sender);
    }

    /// @return Whether the order was settled.
    function isSettled(State storage s, uint256 order) internal view returns (bool) {
        return s.closed.has(order) && !s.dropped.has(order);
    }

    /// @return The day from which a held order can settle again.
    function holdLapses(State storage s, uint256 order) internal view returns (uint256) {
        return s.firstHeld[order] - 1 + HOLD_DAYS;
    }

    function _requireVoidable(State storage s, uint256 today, uint256 order, Terms memory t) private view {
        _requireOpen(s, order, t);
        if (s.delivered.has(order)) revert ISettlementErrors.AlreadyDelivered(order);
        uint256 campaign = t.campaign();
        bool failed = campaign != 0 && Campaigns.over(s, today, campaign) && !Campaigns.won(s, campaign, order);
        if (!failed && today < t.day() + VOID_DAYS) {
            revert ISettlementErrors.NotVoidable(order, t.day() + VOID_DAYS);
        }
    }

    /// @dev Neither settled, nor refunded in full, nor void.
    function _requireOpen(State storage s, uint256 order, Terms memory t) private view {
        if (t.net() == 0 || s.dropped.has(order) || s.closed.has(order)) revert ISettlementErrors.OrderClosed(order);
    }

    function _requireKnown(State storage s, uint256 order) private view {
        if (order == 0 || order > s.book.orders) revert ISettlementErrors.UnknownOrder(order);
    }

    /// @dev Every bit names an order that was recorded; order 0 is excluded before.
    function _requireRecorded(uint256 last, uint256 page, uint256 bits) private pure {
        if (page < last >> 8) return;
        // a shift by 256 leaves nothing: where the last order is the last of its page, the page has no order above it
        if (page == last >> 8) bits &= type(uint256).max << ((last & 0xff) + 1);
        if (bits != 0) revert ISettlementErrors.UnknownOrder(OrderPages.lowest(page, bits));
    }

    function _refuseDelivery(State storage s, uint256 page, uint256 refused) private view {
        uint256 order = OrderPages.lowest(page, refused);
        if (s.closed.has(order) || s.dropped.has(order)) revert ISettlementErrors.OrderClosed(order);
        revert ISettlementErrors.AlreadyDelivered(order);
    }
}

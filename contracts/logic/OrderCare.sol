// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Deliveries} from "../pure/Deliveries.sol";
import {BatchSlot, State} from "../state/State.sol";
import {CAMPAIGN} from "../types/Channels.sol";
import {Terms} from "../types/Terms.sol";
import {Batches, OrderEntry, Selection} from "./Batches.sol";
import {Campaigns} from "./Campaigns.sol";
import {Ledger} from "./Ledger.sol";
import {OrderPages} from "./OrderPages.sol";
import {OrderStatus} from "./OrderStatus.sol";

/// @notice Orders of one batch that are delivered, with what is on record of the batch.
/// @param first The batch's first order number.
/// @param width How many orders the batch has.
/// @param members Bit i is set for order `first + i`.
/// @param root The root of the terms of all its orders, as they are now.
/// @param deliveries All its deliveries so far, as `Deliveries` lays them out.
struct Delivery {
    uint256 first;
    uint256 width;
    uint256 members;
    bytes32 root;
    uint256[] deliveries;
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
    function deliver(State storage s, uint256 today, Delivery[] calldata batches) internal {
        if (today > Deliveries.MAX_DAY) revert ISettlementErrors.AmountTooLarge(today, Deliveries.MAX_DAY);
        for (uint256 i = 0; i < batches.length; ++i) {
            Delivery calldata d = batches[i];
            uint256 first = d.first;
            uint256 members = d.members;
            if (members == 0) continue;
            BatchSlot storage batch = s.batches[first];
            bytes32 stored = batch.word;
            if (stored == 0) _requireKnown(s, first + Math.log2(members & (~members + 1)));
            if (stored != Deliveries.commitment(d.root, d.width, d.deliveries) || members >> d.width != 0) {
                revert ISettlementErrors.TermsMismatch(first);
            }
            uint256 refused = members & Deliveries.all(d.deliveries) | OrderStatus.droppedOf(s, first, members);
            if (refused != 0) _refuseDelivery(s, first + Math.log2(refused & (~refused + 1)));
            batch.word = Deliveries.commitmentAfter(d.root, d.width, d.deliveries, today, members);
            emit ISettlementEvents.OrdersDelivered(first, today, members);
        }
    }

    /// @notice Puts on record that the balance of a presale order was paid; again changes nothing.
    /// Errors: UnknownOrder, OrderClosed, WrongChannel, CampaignClosed.
    function payBalance(
        State storage s,
        uint256 today,
        OrderEntry calldata entry,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) external {
        (uint256 order, Terms memory t) = Batches.openOne(s, entry, deliveries, proof);
        _requireOpen(s, order);
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
            // slither-disable-next-line unused-return (the deliveries are looked at order by order)
            (uint256[] memory orders, uint256[] calldata words,) = Batches.open(s, sel);
            for (uint256 k = 0; k < orders.length; ++k) {
                Batches.read(words, k, t);
                _requireVoidable(s, today, sel, orders[k], t);
                OrderStatus.drop(s, orders[k]);
                total += t.net();
                emit ISettlementEvents.OrderVoided(orders[k], t.net());
            }
        }
        Ledger.fromEscrow(s, total);
    }

    /// @notice Holds an order: it cannot settle before the day of its first hold + 60, however often it is held.
    /// Errors: UnknownOrder, AlreadySettled, OrderClosed.
    function hold(State storage s, uint256 today, uint256 order, bytes32 reason) external {
        _requireKnown(s, order);
        (bool closed, bool marked) = OrderStatus.read(s, order);
        if (closed && !marked) revert ISettlementErrors.AlreadySettled(order);
        if (closed) revert ISettlementErrors.OrderClosed(order);
        OrderStatus.hold(s, order);
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
        OrderStatus.release(s, order);
        emit ISettlementEvents.OrderReleasedBy(order, msg.sender);
    }

    /// @return The day from which a held order can settle again.
    function holdLapses(State storage s, uint256 order) internal view returns (uint256) {
        return s.firstHeld[order] - 1 + HOLD_DAYS;
    }

    function _requireVoidable(State storage s, uint256 today, Selection calldata sel, uint256 order, Terms memory t)
        private
        view
    {
        _requireOpen(s, order);
        // slither-disable-next-line unused-return (on whatever day)
        (bool delivered,) = Deliveries.dayOf(sel.deliveries, order - sel.first);
        if (delivered) revert ISettlementErrors.AlreadyDelivered(order);
        uint256 campaign = t.campaign();
        bool failed = campaign != 0 && Campaigns.over(s, today, campaign) && !Campaigns.won(s, campaign, order);
        if (!failed && today < t.day() + VOID_DAYS) {
            revert ISettlementErrors.NotVoidable(order, t.day() + VOID_DAYS);
        }
    }

    /// @dev Neither settled, nor refunded in full, nor void.
    function _requireOpen(State storage s, uint256 order) private view {
        if (OrderStatus.isClosed(s, order)) revert ISettlementErrors.OrderClosed(order);
    }

    function _requireKnown(State storage s, uint256 order) private view {
        if (order == 0 || order > s.book.orders) revert ISettlementErrors.UnknownOrder(order);
    }

    function _refuseDelivery(State storage s, uint256 order) private view {
        _requireOpen(s, order);
        revert ISettlementErrors.AlreadyDelivered(order);
    }
}

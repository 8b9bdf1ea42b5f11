// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {BatchTree} from "../pure/BatchTree.sol";
import {Deliveries} from "../pure/Deliveries.sol";
import {Split} from "../pure/Split.sol";
import {Book, State} from "../state/State.sol";
import {CAMPAIGN, CROSS_BORDER, RETAIL, STORE} from "../types/Channels.sol";
import {AGENT, Participant, ParticipantWord, STORE_KIND, SUPPLIER} from "../types/Participant.sol";
import {TierPlan} from "../types/Plan.sol";
import {Terms, TermsWords} from "../types/Terms.sol";
import {Batches} from "./Batches.sol";
import {Campaigns} from "./Campaigns.sol";
import {Ledger} from "./Ledger.sol";

/// @title Recording orders: terms are fixed for good, the price moves from treasury to escrow (rules, sections 3 and 4)
library Recording {
    /// @dev What is the same for all orders of a batch.
    struct Batch {
        uint256 today;
        uint256 treasury;
        uint256 version;
        uint256 tierBps;
    }

    /// @notice Records the orders `first`, `first` + 1, … in one batch, or none of them.
    /// @param words Two words an order, laid out as `Terms` says.
    /// Errors, an order after the other: InvalidPrice; of the supplier UnknownParticipant, WrongKind; of the seller
    /// UnknownParticipant, AgentFrozen; of the host UnknownParticipant; UnknownCampaign, CampaignClosed; of the store
    /// UnknownParticipant, WrongKind; NotCertified; WrongChannel; PriceBelowCost; InsufficientTreasury.
    function record(State storage s, uint256 today, uint256 first, uint256[] calldata words) internal {
        Book storage book = s.book;
        if (first != uint256(book.orders) + 1) revert ISettlementErrors.OutOfSequence(first, uint256(book.orders) + 1);
        uint256 count = words.length >> 1;
        if (count == 0 || count > Deliveries.MAX_WIDTH || words.length & 1 != 0) revert ISettlementErrors.InvalidBatch(words.length);
        if (today > Deliveries.MAX_DAY) revert ISettlementErrors.AmountTooLarge(today, Deliveries.MAX_DAY);

        uint256 version = book.plan;
        uint256 treasury = book.treasury;
        Batch memory b =
            Batch({today: today, treasury: treasury, version: version, tierBps: s.plans[version].tiers.tierBps});
        bytes32[] memory leaves = new bytes32[](count);
        // slither-disable-next-line uninitialized-local (read from the words, order by order)
        Terms memory t;
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                Batches.read(words, i, t);
                _fix(s, b, first + i, t);
                leaves[i] = BatchTree.leaf(first + i, t.amounts, t.parties);
            }
            // what left the treasury is in escrow
            Ledger.intoEscrow(s, treasury - b.treasury, count);
        }
        bytes32 root = BatchTree.root(leaves);
        s.batches[first].word = Deliveries.commitment(root, count);
        emit ISettlementEvents.BatchRecorded(first, count, b.version, today, root);
    }

    /// @dev Checks one order, in the order of the rules' table, and fixes its terms.
    // one check after the other, as the rules' table has them
    // slither-disable-next-line cyclomatic-complexity
    function _fix(State storage s, Batch memory b, uint256 order, Terms memory t) private {
        uint256 channel = t.channel();
        if (channel > CROSS_BORDER) revert ISettlementErrors.UnknownChannel(channel);
        if (t.price() == 0) revert ISettlementErrors.InvalidPrice(order);
        _requireKind(s, t.supplier(), SUPPLIER);

        uint256 leader = 0;
        uint256 rate = b.tierBps & type(uint16).max;
        uint256 partner = t.partner();
        Participant seller = s.participants[t.seller()];
        if (t.seller() != 0 || channel != STORE) {
            if (!seller.isAgent()) revert ISettlementErrors.UnknownParticipant(t.seller());
            if (seller.has(ParticipantWord.FROZEN)) revert ISettlementErrors.AgentFrozen(t.seller());
            leader = seller.leader();
            rate = (b.tierBps >> (16 * seller.tier())) & type(uint16).max;
        }
        if (channel == RETAIL) {
            _requireAbsent(order, channel, partner | t.campaign());
            partner = _regionHolder(s, t, seller);
        } else if (channel == CAMPAIGN) {
            if (s.participants[partner].kind() != AGENT) revert ISettlementErrors.UnknownParticipant(partner);
            Campaigns.enter(s, b.today, t.campaign());
        } else if (channel == STORE) {
            _requireKind(s, partner, STORE_KIND);
            _requireAbsent(order, channel, t.campaign());
        } else {
            if (!seller.has(ParticipantWord.CERTIFIED)) revert ISettlementErrors.NotCertified(t.seller());
            _requireAbsent(order, channel, partner | t.campaign());
        }
        if (channel != CROSS_BORDER) _requireAbsent(order, channel, t.duty() | t.insurance());
        _requireCovered(s, b, order, channel, t);
        t.parties = TermsWords.fix(t.parties, partner, leader, rate, b.version, b.today);
        _tell(order, channel, t);
    }

    /// @dev Costs and service within the price, and the price within the treasury, which it leaves.
    function _requireCovered(State storage s, Batch memory b, uint256 order, uint256 channel, Terms memory t) private view {
        unchecked {
            uint256 price = t.price();
            uint256 costs = t.cost() + t.fees() + t.duty() + t.insurance();
            if (channel == CROSS_BORDER) costs += Split.service(channel, price, s.plans[b.version].order.serviceBps());
            if (costs > price) revert ISettlementErrors.PriceBelowCost(order, price, costs);
            if (price > b.treasury) revert ISettlementErrors.InsufficientTreasury(b.treasury, price);
            b.treasury -= price;
        }
    }

    /// @dev Who protects the ship-to region, if it is not the seller and the seller's region is another.
    function _regionHolder(State storage s, Terms memory t, Participant seller) private view returns (uint256) {
        uint256 region = t.shipTo();
        if (region == seller.region()) return 0;
        uint256 holder = s.holderOf[region];
        return holder == t.seller() ? 0 : holder;
    }

    function _requireKind(State storage s, uint256 id, uint256 kind) private view {
        uint256 found = s.participants[id].kind();
        if (found == 0) revert ISettlementErrors.UnknownParticipant(id);
        if (found != kind) revert ISettlementErrors.WrongKind(id, found);
    }

    function _requireAbsent(uint256 order, uint256 channel, uint256 given) private pure {
        if (given != 0) revert ISettlementErrors.WrongChannel(order, channel);
    }

    function _tell(uint256 order, uint256 channel, Terms memory t) private {
        if (channel == RETAIL) {
            emit ISettlementEvents.RetailOrderRecorded(
                order, t.seller(), t.supplier(), t.price(), t.cost(), t.fees(), t.rate(), t.leader(), t.partner()
            );
        } else if (channel == CAMPAIGN) {
            emit ISettlementEvents.CampaignOrderRecorded(
                order,
                t.seller(),
                t.supplier(),
                t.price(),
                t.cost(),
                t.fees(),
                t.rate(),
                t.leader(),
                t.partner(),
                t.campaign()
            );
        } else if (channel == STORE) {
            emit ISettlementEvents.StoreOrderRecorded(
                order, t.seller(), t.supplier(), t.price(), t.cost(), t.fees(), t.rate(), t.leader(), t.partner()
            );
        } else {
            emit ISettlementEvents.CrossBorderOrderRecorded(
                order,
                t.seller(),
                t.supplier(),
                t.price(),
                t.cost(),
                t.fees(),
                t.duty(),
                t.insurance(),
                t.rate(),
                t.leader()
            );
        }
    }
}

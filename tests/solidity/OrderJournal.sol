// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderEntry, Selection} from "../../contracts/logic/Batches.sol";
import {Delivery} from "../../contracts/logic/OrderCare.sol";
import {Terms} from "../../contracts/types/Terms.sol";
import {BatchProofs} from "./BatchProofs.sol";
import {PlainDeliveries} from "./pure/PlainDeliveries.sol";

/// @notice One order with what proves it, as the steps for one order take it.
struct ProvedOrder {
    OrderEntry order;
    uint256[] deliveries;
    bytes32[] proof;
}

/// @title What an operator keeps off chain: the terms of every order, which batch it is of, and the deliveries of each batch
/// @notice Builds from it what later steps ask for: selections with proofs, and deliveries.
abstract contract OrderJournal {
    mapping(uint256 order => Terms) internal termsOf;
    mapping(uint256 order => uint256) internal firstOf;
    mapping(uint256 first => uint256) internal widthOf;
    /// @dev All words of deliveries of a batch, as `Deliveries` lays them out.
    mapping(uint256 first => uint256[]) internal deliveriesOf;

    /// @dev Keeps a batch as it was recorded: two words an order.
    function _keepBatch(uint256 first, Terms[] memory terms) internal {
        widthOf[first] = terms.length;
        for (uint256 i = 0; i < terms.length; ++i) {
            termsOf[first + i] = terms[i];
            firstOf[first + i] = first;
        }
    }

    /// @dev The leaves of a batch as they are now.
    function _leaves(uint256 first) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](widthOf[first]);
        for (uint256 i = 0; i < leaves.length; ++i) {
            Terms memory t = termsOf[first + i];
            leaves[i] = BatchProofs.leaf(first + i, t.amounts, t.parties);
        }
    }

    /// @dev What the contract stores of a batch as it is now.
    function _commitment(uint256 first) internal view returns (bytes32) {
        return PlainDeliveries.commitment(BatchProofs.root(_leaves(first)), widthOf[first], deliveriesOf[first]);
    }

    function _isDelivered(uint256 order) internal view returns (bool delivered) {
        (delivered,) = PlainDeliveries.dayOf(deliveriesOf[firstOf[order]], order - firstOf[order]);
    }

    /// @dev The day of its delivery; 0 if it is not delivered.
    function _deliveredOn(uint256 order) internal view returns (uint256 day) {
        (, day) = PlainDeliveries.dayOf(deliveriesOf[firstOf[order]], order - firstOf[order]);
    }

    /// @dev Members of one batch.
    function _selectMembers(uint256 first, uint256 members) internal view returns (Selection memory sel) {
        uint256 count;
        for (uint256 rest = members; rest != 0; rest &= rest - 1) {
            ++count;
        }
        (sel.first, sel.width, sel.members) = (first, widthOf[first], members);
        sel.deliveries = deliveriesOf[first];
        sel.words = new uint256[](2 * count);
        uint256 next;
        for (uint256 i = 0; i < sel.width; ++i) {
            if (members & (1 << i) == 0) continue;
            sel.words[next++] = termsOf[first + i].amounts;
            sel.words[next++] = termsOf[first + i].parties;
        }
        sel.proof = BatchProofs.proof(_leaves(first), members);
    }

    /// @dev One order, known or not.
    function _select(uint256 order) internal view returns (Selection memory sel) {
        uint256 first = firstOf[order];
        if (first != 0) return _selectMembers(first, 1 << (order - first));
        (sel.first, sel.width, sel.members) = (order, 1, 1);
        sel.words = new uint256[](2);
    }

    /// @dev One order for the steps that take one, known or not.
    function _prove(uint256 order) internal view returns (ProvedOrder memory p) {
        Selection memory sel = _select(order);
        p.order = OrderEntry(sel.first, sel.width, order - sel.first, sel.words[0], sel.words[1]);
        (p.deliveries, p.proof) = (sel.deliveries, sel.proof);
    }

    /// @dev Orders in the order given: an ascending run within one batch makes one selection.
    function _select(uint256[] memory orders) internal view returns (Selection[] memory sels) {
        sels = new Selection[](orders.length);
        uint256 count;
        for (uint256 i = 0; i < orders.length; ++count) {
            uint256 members;
            uint256 order = orders[i];
            (members, i) = _run(orders, i);
            sels[count] = firstOf[order] == 0 ? _select(order) : _selectMembers(firstOf[order], members);
        }
        assembly ("memory-safe") {
            mstore(sels, count)
        }
    }

    /// @dev Orders to deliver on a day, in the order given: an ascending run within one batch makes one entry. A batch that
    /// comes again comes with what the entry before it leaves.
    function _deliveries(uint256[] memory orders, uint256 day) internal view returns (Delivery[] memory batches) {
        batches = new Delivery[](orders.length);
        uint256 count;
        for (uint256 i = 0; i < orders.length; ++count) {
            uint256 order = orders[i];
            uint256 members;
            (members, i) = _run(orders, i);
            batches[count] =
                firstOf[order] == 0 ? Delivery(order, 1, 1, 0, new uint256[](0)) : _delivery(firstOf[order], members);
            for (uint256 k = 0; k < count; ++k) {
                if (batches[k].first == batches[count].first) batches[count].deliveries = _after(batches[k], day);
            }
        }
        assembly ("memory-safe") {
            mstore(batches, count)
        }
    }

    /// @dev Members of one batch to deliver.
    function _delivery(uint256 first, uint256 members) internal view returns (Delivery memory) {
        return Delivery(first, widthOf[first], members, BatchProofs.root(_leaves(first)), deliveriesOf[first]);
    }

    /// @dev Keeps what was delivered on a day.
    function _keepDeliveries(Delivery[] memory batches, uint256 day) internal {
        for (uint256 i = 0; i < batches.length; ++i) {
            deliveriesOf[batches[i].first] = _after(batches[i], day);
        }
    }

    function _after(Delivery memory d, uint256 day) internal pure returns (uint256[] memory) {
        return PlainDeliveries.with(d.deliveries, day, d.members);
    }

    /// @dev The ascending run within one batch that starts at `from`, and where the next one does.
    function _run(uint256[] memory orders, uint256 from) private view returns (uint256 members, uint256 next) {
        uint256 first = firstOf[orders[from]];
        if (first == 0) return (0, from + 1);
        next = from;
        do {
            members |= 1 << (orders[next] - first);
            ++next;
        } while (next < orders.length && orders[next] > orders[next - 1] && firstOf[orders[next]] == first);
    }
}

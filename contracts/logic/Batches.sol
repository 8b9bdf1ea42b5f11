// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {BatchTree} from "../pure/BatchTree.sol";
import {Deliveries} from "../pure/Deliveries.sol";
import {BatchSlot, State} from "../state/State.sol";
import {Terms} from "../types/Terms.sol";

/// @notice Orders of one batch, with their terms passed again and the proof that these are the terms on record.
/// @param first The batch's first order number.
/// @param width How many orders the batch has.
/// @param deliveries All deliveries of the batch, as `Deliveries` lays them out.
/// @param members Bit i is set for order `first + i`.
/// @param words Two words of terms an order, in ascending order of number.
/// @param proof The nodes of the batch's tree that are missing, level by level from the left; none for a whole batch.
/// @dev The fields' order gives `settle` a low selector, which is found first (docs/gas.md).
struct Selection {
    uint256 first;
    uint256 width;
    uint256[] deliveries;
    uint256 members;
    uint256[] words;
    bytes32[] proof;
}

/// @notice One order of a batch, with its terms passed again. What proves it, the batch's deliveries and the missing nodes,
/// comes beside it, because whatever is in a struct of its own length costs more to read.
/// @param first The batch's first order number.
/// @param width How many orders the batch has.
/// @param position The order is number `first + position`.
/// @param amounts The two words of its terms.
struct OrderEntry {
    uint256 first;
    uint256 width;
    uint256 position;
    uint256 amounts;
    uint256 parties;
}

/// @title Opening and rewriting batches: terms and days of delivery are stored as one word a batch, and passed again
/// with a proof when they are needed
library Batches {
    /// @notice Checks a selection against the stored root.
    /// @return orders The order numbers, ascending. Errors: UnknownOrder, TermsMismatch.
    /// @return words The selection's words, and its deliveries: found once, because looking costs 150 each time.
    function open(State storage s, Selection calldata sel)
        internal
        view
        returns (uint256[] memory orders, uint256[] calldata words, uint256[] calldata deliveries)
    {
        words = sel.words;
        deliveries = sel.deliveries;
        orders = new uint256[](words.length >> 1);
        bytes32[] memory nodes = new bytes32[](words.length >> 1);
        _hash(sel.first, sel.members, words, s.book.orders, orders, nodes);
        uint256 width = sel.width;
        _requireStored(s, sel.first, width, BatchTree.root(nodes, sel.members, width, sel.proof), deliveries);
    }

    /// @notice Reads the terms of the k-th order into `t`; the caller has checked that there are two words an order.
    // slither-disable-next-line assembly (Solidity has no copy of two words into a struct)
    function read(uint256[] calldata words, uint256 k, Terms memory t) internal pure {
        assembly ("memory-safe") {
            calldatacopy(t, add(words.offset, shl(6, k)), 0x40)
        }
    }

    /// @notice As `open`, for one order.
    /// @return order Its number; t: its terms. Errors: UnknownOrder, TermsMismatch.
    function openOne(
        State storage s,
        OrderEntry calldata entry,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) internal view returns (uint256 order, Terms memory t) {
        bytes32 root;
        (order, t, root,) = _roots(s, entry, proof, 0);
        _requireStored(s, entry.first, entry.width, root, deliveries);
    }

    /// @notice As `openOne`; besides, it stores that `amount` more of the order is refunded.
    /// @dev The amount is for the caller to check.
    function openToRefund(
        State storage s,
        OrderEntry calldata entry,
        uint256[] calldata deliveries,
        bytes32[] calldata proof,
        uint256 amount
    ) internal returns (uint256 order, Terms memory t) {
        bytes32 root;
        bytes32 replacement;
        (order, t, root, replacement) = _roots(s, entry, proof, amount);
        BatchSlot storage batch = s.batches[entry.first];
        bytes32 stored;
        (stored, replacement) = Deliveries.commitments(root, replacement, entry.width, deliveries);
        if (root == 0 || batch.word != stored) revert ISettlementErrors.TermsMismatch(entry.first);
        batch.word = replacement;
    }

    /// @dev Number and terms of an order, the root that it is proved to be under, and what that becomes by a refund.
    function _roots(State storage s, OrderEntry calldata entry, bytes32[] calldata proof, uint256 refunded)
        private
        view
        returns (uint256 order, Terms memory t, bytes32 root, bytes32 replacement)
    {
        order = _numbered(s, entry.first, entry.position);
        (t.amounts, t.parties) = (entry.amounts, entry.parties);
        unchecked {
            (root, replacement) = BatchTree.leaves(order, t.amounts, t.parties, t.parties + (refunded << 160));
        }
        (root, replacement) = BatchTree.roots(root, replacement, entry.position, entry.width, proof);
    }

    /// @dev The order at a position of a batch that starts with `first`.
    function _numbered(State storage s, uint256 first, uint256 position) private view returns (uint256 order) {
        uint256 last = s.book.orders;
        unchecked {
            order = first + position; // where this wraps, the position is beyond any batch
            if (first - 1 >= last || order > last) revert ISettlementErrors.UnknownOrder(order);
        }
    }

    /// @dev That this is the root on record; 0 stands for a proof that leads to none.
    function _requireStored(State storage s, uint256 first, uint256 width, bytes32 root, uint256[] calldata deliveries)
        private
        view
    {
        if (root == 0 || s.batches[first].word != Deliveries.commitment(root, width, deliveries)) {
            revert ISettlementErrors.TermsMismatch(first);
        }
    }

    /// @dev Order numbers and leaves of the members.
    // slither-disable-next-line assembly (the arrays are as long as the loop: no bounds to check)
    function _hash(
        uint256 first,
        uint256 rest,
        uint256[] calldata words,
        uint256 last,
        uint256[] memory orders,
        bytes32[] memory nodes
    ) private pure {
        uint256 order = first;
        Terms memory t;
        // an order number is below 2^40: beyond that the sum below could wrap
        if (order == 0 || order > last) revert ISettlementErrors.UnknownOrder(order);
        unchecked {
            for (uint256 i = 0; i < orders.length; ++i) {
                if (rest == 0) revert ISettlementErrors.TermsMismatch(first);
                while (rest & 0xff == 0) {
                    rest >>= 8;
                    order += 8;
                }
                while (rest & 1 == 0) {
                    rest >>= 1;
                    ++order;
                }
                if (order > last) revert ISettlementErrors.UnknownOrder(order);
                read(words, i, t);
                bytes32 leaf = BatchTree.leaf(order, t.amounts, t.parties);
                assembly ("memory-safe") {
                    // both are as long as the loop
                    let at := shl(5, add(i, 1))
                    mstore(add(orders, at), order)
                    mstore(add(nodes, at), leaf)
                }
                rest >>= 1;
                ++order;
            }
        }
        if (rest != 0 || orders.length == 0) revert ISettlementErrors.TermsMismatch(first);
    }
}

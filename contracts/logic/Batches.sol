// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {BatchTree} from "../pure/BatchTree.sol";
import {State} from "../state/State.sol";
import {Terms} from "../types/Terms.sol";

/// @notice Orders of one batch, with their terms passed again and the proof that these are the terms on record.
/// @param first The batch's first order number.
/// @param width How many orders the batch has.
/// @param members Bit i is set for order `first + i`.
/// @param deliveredOn The day on which all of them were delivered; read where a step depends on it.
/// @param words Two words of terms an order, in ascending order of number.
/// @param proof The nodes of the batch's tree that are missing, level by level from the left; none for a whole batch.
struct Selection {
    uint256 first;
    uint256 width;
    uint256 members;
    uint256 deliveredOn;
    uint256[] words;
    bytes32[] proof;
}

/// @title Opening and rewriting batches: terms are stored as one root a batch, and proved when they are needed
library Batches {
    /// @notice Checks a selection against the stored root.
    /// @return orders The order numbers, ascending. Errors: UnknownOrder, TermsMismatch.
    function open(State storage s, Selection calldata sel) internal view returns (uint256[] memory orders) {
        uint256 length = sel.words.length >> 1;
        orders = new uint256[](length);
        bytes32[] memory nodes = new bytes32[](length);
        _read(sel, s.book.orders, orders, nodes);
        bytes32 root = BatchTree.root(nodes, sel.members, sel.width, sel.proof);
        if (root == 0 || s.batches[sel.first] != BatchTree.commitment(root, sel.width)) {
            revert ISettlementErrors.TermsMismatch(sel.first);
        }
    }

    /// @notice As `open`, for a selection of one.
    function openOne(State storage s, Selection calldata sel) internal view returns (uint256 order, Terms memory t) {
        if (sel.words.length != 2) revert ISettlementErrors.TermsMismatch(sel.first);
        order = open(s, sel)[0];
        t = Terms(sel.words[0], sel.words[1]);
    }

    /// @notice Stores a batch's root.
    function write(State storage s, uint256 first, uint256 width, bytes32 root) internal {
        s.batches[first] = BatchTree.commitment(root, width);
    }

    /// @notice Replaces the terms of the one order of an opened selection by `t`; earlier proofs of its batch end to hold.
    function rewrite(State storage s, Selection calldata sel, uint256 order, Terms memory t) internal {
        bytes32[] memory nodes = new bytes32[](1);
        nodes[0] = BatchTree.leaf(order, t.amounts, t.parties);
        write(s, sel.first, sel.width, BatchTree.root(nodes, sel.members, sel.width, sel.proof));
    }

    /// @dev Order numbers and leaves of the members.
    function _read(Selection calldata sel, uint256 last, uint256[] memory orders, bytes32[] memory nodes) private pure {
        uint256[] calldata words = sel.words;
        uint256 rest = sel.members;
        uint256 order = sel.first;
        // an order number is below 2^40: beyond that the sum below could wrap
        if (order == 0 || order > last) revert ISettlementErrors.UnknownOrder(order);
        unchecked {
            for (uint256 i = 0; i < orders.length; ++i) {
                if (rest == 0) revert ISettlementErrors.TermsMismatch(sel.first);
                while (rest & 0xff == 0) {
                    rest >>= 8;
                    order += 8;
                }
                while (rest & 1 == 0) {
                    rest >>= 1;
                    ++order;
                }
                if (order > last) revert ISettlementErrors.UnknownOrder(order);
                orders[i] = order;
                nodes[i] = BatchTree.leaf(order, words[2 * i], words[2 * i + 1]);
                rest >>= 1;
                ++order;
            }
        }
        if (rest != 0 || orders.length == 0) revert ISettlementErrors.TermsMismatch(sel.first);
    }
}

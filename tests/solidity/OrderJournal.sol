// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Selection} from "../../contracts/logic/Batches.sol";
import {Page} from "../../contracts/logic/OrderCare.sol";
import {Terms} from "../../contracts/types/Terms.sol";
import {BatchProofs} from "./BatchProofs.sol";

/// @title What an operator keeps off chain: the terms of every order, which batch it is of, and the day of its delivery
/// @notice Builds from it what later steps ask for: selections with proofs, and pages.
abstract contract OrderJournal {
    mapping(uint256 order => Terms) internal termsOf;
    mapping(uint256 order => uint256) internal firstOf;
    mapping(uint256 first => uint256) internal widthOf;
    mapping(uint256 order => uint256) internal deliveredOn;

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

    /// @dev Members of one batch, delivered on one day.
    function _selectMembers(uint256 first, uint256 members, uint256 day) internal view returns (Selection memory sel) {
        uint256 count;
        for (uint256 rest = members; rest != 0; rest &= rest - 1) {
            ++count;
        }
        sel = Selection(first, widthOf[first], members, day, new uint256[](2 * count), new bytes32[](0));
        uint256 next;
        for (uint256 i = 0; i < sel.width; ++i) {
            if (members & (1 << i) == 0) continue;
            sel.words[next++] = termsOf[first + i].amounts;
            sel.words[next++] = termsOf[first + i].parties;
        }
        sel.proof = BatchProofs.proof(_leaves(first), members);
    }

    /// @dev One order, known or not.
    function _select(uint256 order) internal view returns (Selection memory) {
        uint256 first = firstOf[order];
        if (first == 0) return Selection(order, 1, 1, 0, new uint256[](2), new bytes32[](0));
        return _selectMembers(first, 1 << (order - first), deliveredOn[order]);
    }

    /// @dev Orders in the order given: an ascending run within one batch and one day of delivery makes one selection.
    function _select(uint256[] memory orders) internal view returns (Selection[] memory sels) {
        sels = new Selection[](orders.length);
        uint256 count;
        for (uint256 i = 0; i < orders.length; ++count) {
            uint256 first = firstOf[orders[i]];
            if (first == 0) {
                sels[count] = _select(orders[i++]);
                continue;
            }
            uint256 day = deliveredOn[orders[i]];
            uint256 members;
            uint256 last;
            while (
                i < orders.length && orders[i] > last && firstOf[orders[i]] == first && deliveredOn[orders[i]] == day
            ) {
                last = orders[i++];
                members |= 1 << (last - first);
            }
            sels[count] = _selectMembers(first, members, day);
        }
        assembly ("memory-safe") {
            mstore(sels, count)
        }
    }

    /// @dev Pages in the order given: an ascending run within one page makes one.
    function _pages(uint256[] memory orders) internal pure returns (Page[] memory pages) {
        pages = new Page[](orders.length);
        uint256 count;
        for (uint256 i = 0; i < orders.length; ++count) {
            uint256 index = orders[i] >> 8;
            uint256 bits;
            uint256 last;
            bool begun;
            while (i < orders.length && orders[i] >> 8 == index && (!begun || orders[i] > last)) {
                begun = true;
                last = orders[i++];
                bits |= 1 << (last & 0xff);
            }
            pages[count] = Page(index, bits);
        }
        assembly ("memory-safe") {
            mstore(pages, count)
        }
    }
}

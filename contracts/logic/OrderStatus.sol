// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {State} from "../state/State.sol";

/// @title Which orders are closed, in pages of 128
/// @notice The lower half of a page's word has a bit for each order that is closed: settled, void, or refunded in full before
/// settlement. The upper half has one for each that is closed without having been settled.
library OrderStatus {
    uint256 private constant SIZE = 128;

    /// @return The page of an order.
    function pageOf(uint256 order) internal pure returns (uint256) {
        return order >> 7;
    }

    /// @return The order's bit in the lower half of its page.
    function bit(uint256 order) internal pure returns (uint256) {
        return 1 << (order & 127);
    }

    /// @return The same order's bit in the upper half.
    function dropped(uint256 bit_) internal pure returns (uint256) {
        return bit_ << SIZE;
    }

    /// @return Whether the order is settled, void, or refunded in full before settlement.
    function isClosed(State storage s, uint256 order) internal view returns (bool) {
        return s.status[pageOf(order)] & bit(order) != 0;
    }

    /// @return Whether the order is closed without having been settled.
    function isDropped(State storage s, uint256 order) internal view returns (bool) {
        return s.status[pageOf(order)] & dropped(bit(order)) != 0;
    }

    /// @return Whether the order was settled.
    function isSettled(State storage s, uint256 order) internal view returns (bool) {
        return isClosed(s, order) && !isDropped(s, order);
    }

    /// @notice Closes an order that was not settled and never will be.
    function drop(State storage s, uint256 order) internal {
        s.status[pageOf(order)] |= bit(order) | dropped(bit(order));
    }

    /// @return settled Bitmap of the 256 orders from 256 · `page` on: settled. dropped: closed without having been settled.
    function ofPage(State storage s, uint256 page) internal view returns (uint256 settled, uint256 dropped_) {
        (uint256 low, uint256 high) = (s.status[2 * page], s.status[2 * page + 1]);
        dropped_ = low >> SIZE | high >> SIZE << SIZE;
        settled = (low & type(uint128).max | high << SIZE) & ~dropped_;
    }

    /// @param members The orders that are asked for: bit i is order `first + i`.
    /// @return found Which of them are closed without having been settled.
    function droppedOf(State storage s, uint256 first, uint256 members) internal view returns (uint256 found) {
        unchecked {
            uint256 page = pageOf(first);
            uint256 skip = first & 127;
            if (members << skip & type(uint128).max != 0) found = s.status[page] >> SIZE >> skip;
            for (uint256 shift = SIZE - skip; members >> shift != 0; shift += SIZE) {
                ++page;
                if (members >> shift & type(uint128).max != 0) found |= s.status[page] >> SIZE << shift;
            }
            found &= members;
        }
    }
}

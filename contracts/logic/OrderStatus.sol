// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {State} from "../state/State.sol";

/// @title Which orders are closed, and which open ones are held, in pages of 128
/// @notice The lower half of a page's word has a bit for each order that is closed: settled, void, or refunded in full before
/// settlement. The order's mark in the upper half says of a closed order that it was not settled, of an open one that it is
/// held: so settling sees from this word alone whether an order needs a second look.
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

    /// @return The same order's mark in the upper half.
    function mark(uint256 bit_) internal pure returns (uint256) {
        return bit_ << SIZE;
    }

    /// @return closed Whether the order is settled, void, or refunded in full before settlement.
    /// @return marked Whether a closed order was not settled, or an open one is held.
    function read(State storage s, uint256 order) internal view returns (bool closed, bool marked) {
        return read(s.status[pageOf(order)], order);
    }

    /// @return closed As above, out of the word of the order's page.
    /// @return marked As above.
    function read(uint256 word, uint256 order) internal pure returns (bool closed, bool marked) {
        word >>= order & 127;
        return (word & 1 != 0, word & mark(1) != 0);
    }

    /// @return closed Whether the order is settled, void, or refunded in full before settlement.
    function isClosed(State storage s, uint256 order) internal view returns (bool closed) {
        (closed,) = read(s, order);
    }

    /// @return Whether the order was settled.
    function isSettled(State storage s, uint256 order) internal view returns (bool) {
        (bool closed, bool marked) = read(s, order);
        return closed && !marked;
    }

    /// @notice Closes an order that was not settled and never will be.
    function drop(State storage s, uint256 order) internal {
        drop(s, s.status[pageOf(order)], order);
    }

    /// @notice As above, where the word of the order's page is at hand.
    function drop(State storage s, uint256 word, uint256 order) internal {
        s.status[pageOf(order)] = word | (1 | mark(1)) << (order & 127);
    }

    /// @notice Marks an open order as held.
    function hold(State storage s, uint256 order) internal {
        s.status[pageOf(order)] |= mark(bit(order));
    }

    /// @notice Takes the mark off an order that is open; of a closed one it says something else and stays.
    function release(State storage s, uint256 order) internal {
        if (!isClosed(s, order)) s.status[pageOf(order)] &= ~mark(bit(order));
    }

    /// @return settled Bitmap of the 256 orders from 256 · `page` on: settled. dropped: closed without having been settled.
    function ofPage(State storage s, uint256 page) internal view returns (uint256 settled, uint256 dropped) {
        (uint256 low, uint256 high) = (s.status[2 * page], s.status[2 * page + 1]);
        uint256 closed = low & type(uint128).max | high << SIZE;
        dropped = (low >> SIZE | high >> SIZE << SIZE) & closed;
        settled = closed & ~dropped;
    }

    /// @param members The orders that are asked for: bit i is order `first + i`.
    /// @return found Which of them are closed without having been settled.
    function droppedOf(State storage s, uint256 first, uint256 members) internal view returns (uint256 found) {
        unchecked {
            uint256 page = pageOf(first);
            uint256 skip = first & 127;
            if (members << skip & type(uint128).max != 0) found = _dropped(s, page) >> skip;
            for (uint256 shift = SIZE - skip; members >> shift != 0; shift += SIZE) {
                ++page;
                if (members >> shift & type(uint128).max != 0) found |= _dropped(s, page) << shift;
            }
            found &= members;
        }
    }

    function _dropped(State storage s, uint256 page) private view returns (uint256) {
        uint256 word = s.status[page];
        return word & (word >> SIZE);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Bitmaps over order numbers, in pages of 256
/// @dev As OpenZeppelin's BitMaps, but by page, because whole pages are shown.
library OrderPages {
    function has(mapping(uint256 => uint256) storage pages, uint256 order) internal view returns (bool) {
        return pages[order >> 8] & bit(order) != 0;
    }

    function set(mapping(uint256 => uint256) storage pages, uint256 order) internal {
        pages[order >> 8] |= bit(order);
    }

    function clear(mapping(uint256 => uint256) storage pages, uint256 order) internal {
        pages[order >> 8] &= ~bit(order);
    }

    /// @return The order's bit in its page.
    function bit(uint256 order) internal pure returns (uint256) {
        return 1 << (order & 0xff);
    }
}

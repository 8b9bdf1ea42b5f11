// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @title The deliveries of a batch, one word a day: the day in the upper 16 bits, below it bit i for order `first + i`
/// @notice They are passed again when a step depends on them; the batch's commitment says whether they are all that is on
/// record. Days ascend and no order is in two of them.
library Deliveries {
    /// @dev How many orders a batch can have, so that a day fits beside them.
    uint256 internal constant MAX_WIDTH = 240;
    uint256 internal constant MAX_DAY = type(uint16).max;
    uint256 private constant MEMBERS = (1 << MAX_WIDTH) - 1;

    /// @return hash What is stored of a batch: its root, bound to its width and its deliveries, so that a proof can pretend to
    /// no other shape and whoever settles to no other day.
    // slither-disable-next-line assembly (the words are hashed beside what comes from memory)
    function commitment(bytes32 root, uint256 width, uint256[] calldata deliveries) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(5, deliveries.length)
            mstore(free, root)
            mstore(add(free, 0x20), width)
            calldatacopy(add(free, 0x40), deliveries.offset, size)
            hash := keccak256(free, add(0x40, size))
        }
    }

    /// @return hash As above; other: the same with another root.
    // slither-disable-next-line assembly
    function commitments(bytes32 root, bytes32 otherRoot, uint256 width, uint256[] calldata deliveries)
        internal
        pure
        returns (bytes32 hash, bytes32 other)
    {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(5, deliveries.length)
            mstore(free, root)
            mstore(add(free, 0x20), width)
            calldatacopy(add(free, 0x40), deliveries.offset, size)
            size := add(0x40, size)
            hash := keccak256(free, size)
            mstore(free, otherRoot)
            other := keccak256(free, size)
        }
    }

    /// @return As above, before the first delivery.
    function commitment(bytes32 root, uint256 width) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(root, bytes32(width));
    }

    /// @return hash As above, once more orders are delivered today.
    // slither-disable-next-line assembly
    function commitmentAfter(
        bytes32 root,
        uint256 width,
        uint256[] calldata deliveries,
        uint256 today,
        uint256 orders
    ) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(5, deliveries.length)
            let end := add(add(free, 0x40), size)
            mstore(free, root)
            mstore(add(free, 0x20), width)
            calldatacopy(add(free, 0x40), deliveries.offset, size)
            // the word of today, which may be the last one; before the first delivery the word there is the width, of no day
            let last := mload(sub(end, 0x20))
            switch and(iszero(iszero(size)), eq(shr(MAX_WIDTH, last), today))
            case 1 { mstore(sub(end, 0x20), or(last, orders)) }
            default {
                mstore(end, or(shl(MAX_WIDTH, today), orders))
                end := add(end, 0x20)
            }
            hash := keccak256(free, sub(end, free))
        }
    }

    /// @return day The day of one word, and the orders that were delivered on it.
    function read(uint256 word) internal pure returns (uint256 day, uint256 orders) {
        return (word >> MAX_WIDTH, word & MEMBERS);
    }

    /// @return Bitmap of the orders that were delivered.
    function all(uint256[] calldata deliveries) internal pure returns (uint256) {
        return upTo(deliveries, MAX_DAY);
    }

    /// @return orders Bitmap of the orders that were delivered on this day or before.
    function upTo(uint256[] calldata deliveries, uint256 day) internal pure returns (uint256 orders) {
        unchecked {
            for (uint256 i = 0; i < deliveries.length; ++i) {
                uint256 word = deliveries[i];
                if (word >> MAX_WIDTH > day) break;
                orders |= word;
            }
            orders &= MEMBERS;
        }
    }

    /// @return delivered Whether the order at a position of the batch was delivered; day: on which day.
    function dayOf(uint256[] calldata deliveries, uint256 position) internal pure returns (bool delivered, uint256 day) {
        for (uint256 i = 0; i < deliveries.length; ++i) {
            uint256 word = deliveries[i];
            if (word >> position & 1 != 0) return (true, word >> MAX_WIDTH);
        }
        return (false, 0);
    }
}

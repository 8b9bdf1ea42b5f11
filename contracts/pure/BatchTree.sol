// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @title Merkle trees over the orders of a batch, proved by position
/// @notice Leaf i of a batch is its order `first + i`. A level of odd width passes its last node up as it is. Proofs are by
/// position, so that a set of orders is proved by the fewest hashes, no flags, and no proof at all for a whole batch.
/// @dev A leaf hashes 96 bytes and an inner node 64, so neither can stand for the other.
library BatchTree {
    /// @dev Every second bit, from the lowest.
    uint256 private constant EVEN = 0x5555555555555555555555555555555555555555555555555555555555555555;

    /// @return hash The leaf of an order: its number and its two words of terms.
    // hashing three words where they lie spares their copy
    // slither-disable-next-line assembly
    function leaf(uint256 order, uint256 amounts, uint256 parties) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, order)
            mstore(add(free, 0x20), amounts)
            mstore(add(free, 0x40), parties)
            hash := keccak256(free, 0x60)
        }
    }

    /// @return hash The leaf of an order; other: the same with another word of parties.
    // slither-disable-next-line assembly
    function leaves(uint256 order, uint256 amounts, uint256 parties, uint256 otherParties)
        internal
        pure
        returns (bytes32 hash, bytes32 other)
    {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, order)
            mstore(add(free, 0x20), amounts)
            mstore(add(free, 0x40), parties)
            hash := keccak256(free, 0x60)
            mstore(add(free, 0x40), otherParties)
            other := keccak256(free, 0x60)
        }
    }

    /// @notice The root over all leaves. Overwrites `nodes`.
    // the innermost loop of recording: no bounds to check
    // slither-disable-next-line assembly
    function root(bytes32[] memory nodes) internal pure returns (bytes32) {
        unchecked {
            uint256 width = nodes.length;
            while (width > 1) {
                uint256 pairs = width >> 1;
                assembly ("memory-safe") {
                    let from := add(nodes, 0x20)
                    let to := from
                    for { let end := add(to, shl(5, pairs)) } lt(to, end) { to := add(to, 0x20) } {
                        mstore(to, keccak256(from, 0x40))
                        from := add(from, 0x40)
                    }
                    if and(width, 1) { mstore(to, mload(from)) }
                }
                width = pairs + (width & 1);
            }
            return nodes[0];
        }
    }

    /// @notice The root, from some of the leaves and the nodes that are missing, level by level from the left.
    /// @param nodes The known leaves in ascending position. Overwritten.
    /// @param known Bit i is set where leaf i is known.
    /// @param width How many leaves the tree has, at most 240 in a batch on record.
    /// @return The root; bytes32(0) where the proof is too short or too long.
    function root(bytes32[] memory nodes, uint256 known, uint256 width, bytes32[] calldata proof)
        internal
        pure
        returns (bytes32)
    {
        if (nodes.length == width) return proof.length == 0 ? root(nodes) : bytes32(0);
        unchecked {
            uint256 used;
            while (width > 1) {
                uint256 read = 0;
                uint256 write = 0;
                for (uint256 rest = known; rest != 0;) {
                    uint256 bit = rest & (~rest + 1);
                    bytes32 node = nodes[read++];
                    rest ^= bit;
                    if (bit & EVEN == 0) {
                        if (used == proof.length) return bytes32(0);
                        node = Hashes.efficientKeccak256(proof[used++], node);
                    } else if (rest & (bit << 1) != 0) {
                        rest ^= bit << 1;
                        node = Hashes.efficientKeccak256(node, nodes[read++]);
                    } else if (bit != 1 << (width - 1)) {
                        if (used == proof.length) return bytes32(0);
                        node = Hashes.efficientKeccak256(node, proof[used++]);
                    }
                    nodes[write++] = node;
                }
                known = _halve((known | (known >> 1)) & EVEN);
                width = (width + 1) >> 1;
            }
            return used == proof.length ? nodes[0] : bytes32(0);
        }
    }

    /// @notice The root, from one leaf and the nodes that are missing, from the leaf's level up; and what the root becomes
    /// when `replacement` stands in the leaf's place.
    /// @param position The leaf's position, below `width`.
    /// @return The root and the new root; bytes32(0) where the proof is too short or too long, or the position is beyond the tree.
    // slither-disable-next-line assembly (both paths up share what they read)
    function roots(bytes32 node, bytes32 replacement, uint256 position, uint256 width, bytes32[] calldata proof)
        internal
        pure
        returns (bytes32, bytes32)
    {
        if (position >= width) return (0, 0);
        bool used;
        assembly ("memory-safe") {
            // a tree has at most 256 levels: where the proof is too short, what comes after it is read, and found out in the end
            let next := proof.offset
            for {} gt(width, 1) { width := add(shr(1, width), and(width, 1)) } {
                if or(and(position, 1), lt(add(position, 1), width)) {
                    // the sibling in its place, the two nodes one after the other in the place beside it
                    let side := shl(5, and(position, 1))
                    mstore(xor(side, 0x20), calldataload(next))
                    mstore(side, node)
                    node := keccak256(0x00, 0x40)
                    mstore(side, replacement)
                    replacement := keccak256(0x00, 0x40)
                    next := add(next, 0x20)
                }
                position := shr(1, position)
            }
            used := eq(next, add(proof.offset, shl(5, proof.length)))
        }
        return used ? (node, replacement) : (bytes32(0), bytes32(0));
    }

    /// @dev Moves bit 2i to bit i, for every i.
    // the digits are masks
    // slither-disable-next-line too-many-digits
    function _halve(uint256 x) private pure returns (uint256) {
        x = (x | (x >> 1)) & 0x3333333333333333333333333333333333333333333333333333333333333333;
        x = (x | (x >> 2)) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
        x = (x | (x >> 4)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        x = (x | (x >> 8)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        x = (x | (x >> 16)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        x = (x | (x >> 32)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        x = (x | (x >> 64)) & 0x00000000000000000000000000000000ffffffffffffffffffffffffffffffff;
        return x;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {BatchTree} from "../../../contracts/pure/BatchTree.sol";
import {Deliveries} from "../../../contracts/pure/Deliveries.sol";
import {BatchProofs} from "../BatchProofs.sol";

/// @notice BatchTree, for any width from 1 to 256 and any set of members
/// ├── the root over all leaves is that of the plain tree
/// ├── from any members and their proof the same root comes out
/// ├── from one leaf and its proof the same root comes out, and the new root for its replacement
/// ├── leaf is the plain hash
/// ├── when a leaf, a proof node, the position or the width is another → another commitment, or none
/// └── when the proof is shorter or longer → no root
contract BatchTreeTest is Test {
    function testFuzz_TheRootIsThatOfThePlainTree(uint256 width, uint256 seed) public pure {
        bytes32[] memory leaves = _leaves(bound(width, 1, 256), seed);
        bytes32 plain = BatchProofs.root(leaves);
        assertEq(BatchTree.root(leaves), plain);
    }

    function test_EveryWidthHasTheRootOfThePlainTree() public pure {
        for (uint256 width = 1; width <= 256; ++width) {
            bytes32[] memory leaves = _leaves(width, width);
            bytes32 plain = BatchProofs.root(leaves);
            assertEq(BatchTree.root(leaves), plain);
        }
    }

    function testFuzz_AnyMembersLeadToTheRoot(uint256 width, uint256 seed, uint256 members) public view {
        width = bound(width, 1, 256);
        members = _within(members, width);
        bytes32[] memory leaves = _leaves(width, seed);
        bytes32[] memory proof = BatchProofs.proof(leaves, members);
        assertEq(this.rootOf(_known(leaves, members), members, width, proof), BatchProofs.root(leaves));
    }

    function test_EveryMemberOfEveryNarrowTreeLeadsToTheRoot() public view {
        for (uint256 width = 1; width <= 6; ++width) {
            bytes32[] memory leaves = _leaves(width, width);
            bytes32 root = BatchProofs.root(leaves);
            for (uint256 members = 1; members < 1 << width; ++members) {
                bytes32[] memory proof = BatchProofs.proof(leaves, members);
                assertEq(this.rootOf(_known(leaves, members), members, width, proof), root);
            }
        }
    }

    function test_TheLastMemberOfTheWidestTreeLeadsToTheRoot() public view {
        bytes32[] memory leaves = _leaves(256, 1);
        for (uint256 i = 0; i < 256; i += 51) {
            bytes32[] memory proof = BatchProofs.proof(leaves, 1 << i);
            assertEq(proof.length, 8);
            assertEq(this.rootOf(_known(leaves, 1 << i), 1 << i, 256, proof), BatchProofs.root(leaves));
        }
    }

    function testFuzz_WhenALeafIsAnother_NothingIsProved(uint256 width, uint256 members, uint256 which, uint256 flip)
        public
        view
    {
        width = bound(width, 1, 256);
        members = _within(members, width);
        bytes32[] memory leaves = _leaves(width, 1);
        bytes32[] memory known = _known(leaves, members);
        known[which % known.length] ^= bytes32(bound(flip, 1, type(uint256).max));
        _assertRefused(leaves, known, members, width, BatchProofs.proof(leaves, members));
    }

    function testFuzz_WhenAProofNodeIsAnother_NothingIsProved(
        uint256 width,
        uint256 members,
        uint256 which,
        uint256 flip
    ) public view {
        width = bound(width, 2, 256);
        members = _within(members, width);
        bytes32[] memory leaves = _leaves(width, 1);
        bytes32[] memory proof = BatchProofs.proof(leaves, members);
        if (proof.length == 0) return _assertNoProofNeeded(members, width);
        proof[which % proof.length] ^= bytes32(bound(flip, 1, type(uint256).max));
        _assertRefused(leaves, _known(leaves, members), members, width, proof);
    }

    function testFuzz_WhenTheProofIsOfAnotherLength_ThereIsNoRoot(uint256 width, uint256 members, uint256 length)
        public
        view
    {
        width = bound(width, 1, 256);
        members = _within(members, width);
        bytes32[] memory leaves = _leaves(width, 1);
        bytes32[] memory proof = BatchProofs.proof(leaves, members);
        length = bound(length, 0, proof.length + 3);
        if (length == proof.length) ++length;
        bytes32[] memory other = new bytes32[](length);
        for (uint256 i = 0; i < length && i < proof.length; ++i) {
            other[i] = proof[i];
        }
        assertEq(this.rootOf(_known(leaves, members), members, width, other), bytes32(0));
    }

    function testFuzz_WhenThePositionsAreOthers_NothingIsProved(uint256 width, uint256 members, uint256 moved)
        public
        view
    {
        width = bound(width, 2, 256);
        members = _within(members, width);
        uint256 others = _move(members, width, moved);
        if (others == members) return _assertNoProofNeeded(members, width);
        bytes32[] memory leaves = _leaves(width, 1);
        _assertRefused(leaves, _known(leaves, members), others, width, BatchProofs.proof(leaves, members));
    }

    function testFuzz_WhenTheWidthIsAnother_NothingIsProved(uint256 width, uint256 members, uint256 other) public view {
        width = bound(width, 1, 256);
        members = _within(members, width);
        other = bound(other, 0, 300);
        if (other == width) ++other;
        bytes32[] memory leaves = _leaves(width, 1);
        _assertRefused(leaves, _known(leaves, members), members, other, BatchProofs.proof(leaves, members));
    }

    function testFuzz_OneLeafLeadsToTheRoot_AndItsReplacementToTheNewOne(
        uint256 width,
        uint256 position,
        uint256 seed,
        bytes32 replacement
    ) public view {
        width = bound(width, 1, 256);
        position = bound(position, 0, width - 1);
        bytes32[] memory leaves = _leaves(width, seed);
        bytes32[] memory proof = BatchProofs.proof(leaves, 1 << position);
        (bytes32 root, bytes32 after_) = this.rootsOf(leaves[position], replacement, position, width, proof);
        assertEq(root, BatchProofs.root(leaves));
        leaves[position] = replacement;
        assertEq(after_, BatchProofs.root(leaves));
    }

    function testFuzz_WhenTheOneProofIsOfAnotherShape_NothingIsProved(
        uint256 width,
        uint256 position,
        uint256 otherWidth,
        uint256 otherPosition,
        uint256 length
    ) public view {
        width = bound(width, 1, 256);
        position = bound(position, 0, width - 1);
        bytes32[] memory leaves = _leaves(width, 1);
        bytes32[] memory proof = BatchProofs.proof(leaves, 1 << position);
        bytes32 stored = Deliveries.commitment(BatchProofs.root(leaves), width);
        otherWidth = bound(otherWidth, 0, 300);
        otherPosition = bound(otherPosition, 0, 300);
        if (otherWidth != width || otherPosition != position) {
            (bytes32 wrong,) = this.rootsOf(leaves[position], 0, otherPosition, otherWidth, proof);
            assertTrue(wrong == 0 || Deliveries.commitment(wrong, otherWidth) != stored);
        }
        length = bound(length, 0, proof.length + 2);
        if (length == proof.length) ++length;
        bytes32[] memory other = new bytes32[](length);
        for (uint256 i = 0; i < length && i < proof.length; ++i) {
            other[i] = proof[i];
        }
        (bytes32 root, bytes32 after_) = this.rootsOf(leaves[position], 0, position, width, other);
        assertEq(root, 0);
        assertEq(after_, 0);
    }

    /// @dev The way up from twice the last position turns as the last leaf's does.
    function test_WhenThePositionIsBeyondTheTree_ThereIsNoRoot() public view {
        for (uint256 width = 1; width <= 256; width *= 2) {
            bytes32[] memory leaves = _leaves(width, 1);
            bytes32[] memory proof = BatchProofs.proof(leaves, 1 << (width - 1));
            (bytes32 root,) = this.rootsOf(leaves[width - 1], 0, width - 1, width, proof);
            assertEq(root, BatchProofs.root(leaves));
            (bytes32 beyond, bytes32 after_) = this.rootsOf(leaves[width - 1], 0, 2 * width - 1, width, proof);
            assertEq(beyond, 0);
            assertEq(after_, 0);
        }
    }

    function testFuzz_LeafIsThePlainHash(uint256 order, uint256 a, uint256 b) public pure {
        assertEq(BatchTree.leaf(order, a, b), keccak256(abi.encode(order, a, b)));
        (bytes32 hash, bytes32 other) = BatchTree.leaves(order, a, b, ~b);
        assertEq(hash, keccak256(abi.encode(order, a, b)));
        assertEq(other, keccak256(abi.encode(order, a, ~b)));
    }

    /// @dev A proof arrives as calldata.
    function rootOf(bytes32[] memory known, uint256 members, uint256 width, bytes32[] calldata proof)
        external
        pure
        returns (bytes32)
    {
        return BatchTree.root(known, members, width, proof);
    }

    function rootsOf(bytes32 leaf, bytes32 replacement, uint256 position, uint256 width, bytes32[] calldata proof)
        external
        pure
        returns (bytes32, bytes32)
    {
        return BatchTree.roots(leaf, replacement, position, width, proof);
    }

    function _assertRefused(
        bytes32[] memory leaves,
        bytes32[] memory known,
        uint256 members,
        uint256 width,
        bytes32[] memory proof
    ) private view {
        bytes32 root = this.rootOf(known, members, width, proof);
        bytes32 stored = Deliveries.commitment(BatchProofs.root(leaves), leaves.length);
        assertTrue(root == 0 || Deliveries.commitment(root, width) != stored, "proved");
    }

    /// @dev The only case in which there is nothing to change: all members are given.
    function _assertNoProofNeeded(uint256 members, uint256 width) private pure {
        assertEq(members, type(uint256).max >> (256 - width));
    }

    function _leaves(uint256 width, uint256 seed) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](width);
        for (uint256 i = 0; i < width; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }

    function _within(uint256 members, uint256 width) private pure returns (uint256) {
        members &= type(uint256).max >> (256 - width);
        return members == 0 ? 1 : members;
    }

    function _known(bytes32[] memory leaves, uint256 members) private pure returns (bytes32[] memory known) {
        known = new bytes32[](leaves.length);
        uint256 count;
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (members & (1 << i) != 0) known[count++] = leaves[i];
        }
        assembly ("memory-safe") {
            mstore(known, count)
        }
    }

    /// @dev As many members, one of them elsewhere; the same where all are members.
    function _move(uint256 members, uint256 width, uint256 from) private pure returns (uint256) {
        for (uint256 i = 0; i < width; ++i) {
            uint256 a = (from % width + i) % width;
            for (uint256 j = 0; j < width; ++j) {
                if (members & (1 << a) != 0 && members & (1 << j) == 0) return members ^ (1 << a) ^ (1 << j);
            }
        }
        return members;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Trees and proofs of batches, built the plain way: every level written out
/// @notice What an operator's software does off chain. It shares no code with `BatchTree`, so that the one checks the other.
library BatchProofs {
    /// @return The leaf of an order.
    function leaf(uint256 order, uint256 amounts, uint256 parties) internal pure returns (bytes32) {
        return keccak256(abi.encode(order, amounts, parties));
    }

    /// @return The root over all leaves; an odd last node passes up as it is.
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        while (level.length > 1) {
            level = _above(level);
        }
        return level[0];
    }

    /// @return The nodes that whoever knows the members' leaves lacks, level by level from the left.
    /// @param members Bit i is set where leaf i is known.
    function proof(bytes32[] memory leaves, uint256 members) internal pure returns (bytes32[] memory) {
        bytes32[] memory level = leaves;
        bytes32[] memory missing = new bytes32[](leaves.length + 8);
        uint256 count;
        while (level.length > 1) {
            uint256 above;
            for (uint256 i = 0; i < level.length; i += 2) {
                bool left = members & (1 << i) != 0;
                bool right = i + 1 < level.length && members & (1 << (i + 1)) != 0;
                if (left || right) above |= 1 << (i / 2);
                if (i + 1 == level.length || left == right) continue;
                missing[count++] = left ? level[i + 1] : level[i];
            }
            level = _above(level);
            members = above;
        }
        assembly ("memory-safe") {
            mstore(missing, count)
        }
        return missing;
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            bool paired = 2 * i + 1 < level.length;
            above[i] = paired ? keccak256(abi.encode(level[2 * i], level[2 * i + 1])) : level[2 * i];
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The deliveries of a batch, kept the plain way: written out word by word, read order by order
/// @notice What an operator's software does off chain. It shares no code with `Deliveries`, so that the one checks the other.
library PlainDeliveries {
    /// @return What the contract stores of a batch.
    function commitment(bytes32 root, uint256 width, uint256[] memory words) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(root, width, words));
    }

    /// @return all The words once more orders are delivered on a day: in the last word if it is of that day, else in a new one.
    function with(uint256[] memory words, uint256 day, uint256 orders) internal pure returns (uint256[] memory all) {
        bool sameDay = words.length != 0 && words[words.length - 1] / 2 ** 240 == day;
        all = new uint256[](words.length + (sameDay ? 0 : 1));
        for (uint256 i = 0; i < words.length; ++i) {
            all[i] = words[i];
        }
        all[all.length - 1] = (sameDay ? all[all.length - 1] : day * 2 ** 240) | orders;
    }

    /// @return delivered Whether the order at a position was delivered; day: on which day, 0 if it was not.
    function dayOf(uint256[] memory words, uint256 position) internal pure returns (bool delivered, uint256 day) {
        for (uint256 i = 0; i < words.length; ++i) {
            if ((words[i] / 2 ** position) % 2 == 1) return (true, words[i] / 2 ** 240);
        }
    }
}

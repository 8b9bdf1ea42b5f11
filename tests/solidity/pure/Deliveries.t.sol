// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Deliveries} from "../../../contracts/pure/Deliveries.sol";
import {PlainDeliveries} from "./PlainDeliveries.sol";

/// @notice Deliveries, against the plain way, for any words and for words as a history of deliveries makes them
/// ├── commitment: the hash of root, width and words in a row; before the first delivery of root and width
/// ├── commitmentAfter: that of the words with one delivery more
/// │   ├── on the day of the last word → in that word
/// │   ├── on another day → in a word of its own, also where the width reads as a word of today
/// │   └── the words given stay as they are
/// ├── read: day and orders of a word
/// ├── all, upTo: who was delivered, in all and up to a day
/// └── dayOf: whether and when one was delivered
contract DeliveriesTest is Test {
    function testFuzz_TheCommitmentIsThePlainHash(bytes32 root, uint256 width, uint256[] calldata words) public pure {
        assertEq(Deliveries.commitment(root, width, words), PlainDeliveries.commitment(root, width, words));
        (bytes32 same, bytes32 other) = Deliveries.commitments(root, ~root, width, words);
        assertEq(same, PlainDeliveries.commitment(root, width, words));
        assertEq(other, PlainDeliveries.commitment(~root, width, words));
        bytes32 bare = PlainDeliveries.commitment(root, width, new uint256[](0));
        assertEq(Deliveries.commitment(root, width), bare);
        assertEq(Deliveries.commitment(root, width, words[0:0]), bare);
    }

    function testFuzz_AfterADelivery_TheCommitmentIsThatOfTheWordsWithIt(
        bytes32 root,
        uint256 width,
        uint256[] calldata words,
        uint256 today,
        uint256 orders
    ) public pure {
        (today, orders) = (today % 2 ** 16, orders % 2 ** 240);
        uint256[] memory given = words;
        bytes32 expected = PlainDeliveries.commitment(root, width, PlainDeliveries.with(given, today, orders));
        assertEq(Deliveries.commitmentAfter(root, width, words, today, orders), expected);
        if (words.length == 0) return;
        today = words[words.length - 1] / 2 ** 240;
        expected = PlainDeliveries.commitment(root, width, PlainDeliveries.with(given, today, orders));
        assertEq(Deliveries.commitmentAfter(root, width, words, today, orders), expected, "on the last word's day");
    }

    function testFuzz_AfterAHistory_TheCommitmentIsThatOfItsWords(uint256 seed, bytes32 root) public view {
        uint256[] memory words;
        uint256 day = seed % 3;
        for (uint256 i = 0; i < 12; ++i) {
            (uint256 skip, uint256 orders) = _step(seed, i);
            day += skip;
            bytes32 stored = this.commitmentAfter(root, 240, words, day, orders);
            words = PlainDeliveries.with(words, day, orders);
            assertEq(stored, this.commitment(root, 240, words));
        }
        assertLt(words.length, 13);
    }

    /// @dev Before the first delivery the width stands where the last word would.
    function testFuzz_WhenTheWidthReadsAsAWordOfToday_ItIsNotTakenForOne(bytes32 root, uint256 width, uint256 orders)
        public
        view
    {
        orders %= 2 ** 240;
        uint256[] memory none;
        uint256 today = width / 2 ** 240;
        bytes32 expected = PlainDeliveries.commitment(root, width, PlainDeliveries.with(none, today, orders));
        assertEq(this.commitmentAfter(root, width, none, today, orders), expected);
    }

    /// @dev On all days but one, the number of words grows.
    function test_OnTheSameDayAndOnTheNext() public view {
        uint256[] memory words = new uint256[](2);
        (words[0], words[1]) = (1, (7 << 240) | 2);
        bytes32 root = "root";
        bytes32 same = keccak256(abi.encode(root, 9, 1, (7 << 240) | 6));
        assertEq(this.commitmentAfter(root, 9, words, 7, 4), same);
        bytes32 next = keccak256(abi.encode(root, 9, 1, (7 << 240) | 2, (8 << 240) | 4));
        assertEq(this.commitmentAfter(root, 9, words, 8, 4), next);
        bytes32 first = keccak256(abi.encode(root, 9, 1, (7 << 240) | 2, uint256(4)));
        assertEq(this.commitmentAfter(root, 9, words, 0, 4), first, "only the last word counts");
        assertEq(words[1], (7 << 240) | 2);
    }

    function testFuzz_AWordIsReadAsDayAndOrders(uint256 day, uint256 orders) public pure {
        (day, orders) = (day % 2 ** 16, orders % 2 ** 240);
        (uint256 d, uint256 o) = Deliveries.read(day * 2 ** 240 + orders);
        assertEq(d, day);
        assertEq(o, orders);
    }

    function testFuzz_WhoWasDelivered_InAllAndUpToADayAndWhen(uint256 seed, uint256 until) public view {
        until %= 40;
        uint256[] memory words = _history(seed);
        (uint256 inAll, uint256 before) = (this.all(words), this.upTo(words, until));
        for (uint256 i = 0; i < 240; ++i) {
            (bool delivered, uint256 day) = PlainDeliveries.dayOf(words, i);
            (bool found, uint256 on) = this.dayOf(words, i);
            assertEq(found, delivered);
            assertEq(on, day);
            assertEq(inAll & (1 << i) != 0, delivered);
            assertEq(before & (1 << i) != 0, delivered && day <= until);
        }
        assertEq((inAll | before) >> 240, 0, "no day among the orders");
    }

    function test_UpToADay_IncludesThatDay() public view {
        uint256[] memory words = new uint256[](3);
        (words[0], words[1], words[2]) = (1, (7 << 240) | 2, (Deliveries.MAX_DAY << 240) | (1 << 239));
        assertEq(this.upTo(words, 0), 1);
        assertEq(this.upTo(words, 6), 1);
        assertEq(this.upTo(words, 7), 3);
        assertEq(this.upTo(words, Deliveries.MAX_DAY - 1), 3);
        assertEq(this.upTo(words, Deliveries.MAX_DAY), 3 | (1 << 239));
        assertEq(this.all(words), 3 | (1 << 239));
        (bool delivered, uint256 day) = this.dayOf(words, 239);
        assertTrue(delivered);
        assertEq(day, 2 ** 16 - 1);
        (delivered, day) = this.dayOf(words, 0);
        assertTrue(delivered);
        assertEq(day, 0);
        (delivered, day) = this.dayOf(words, 2);
        assertFalse(delivered);
        assertEq(day, 0);
    }

    function test_WhenThereAreNoWords_NobodyWasDelivered() public view {
        uint256[] memory none;
        assertEq(this.all(none), 0);
        assertEq(this.upTo(none, Deliveries.MAX_DAY), 0);
        (bool delivered,) = this.dayOf(none, 0);
        assertFalse(delivered);
    }

    // ---- words arrive as calldata ----

    function commitment(bytes32 root, uint256 width, uint256[] calldata words) external pure returns (bytes32) {
        return Deliveries.commitment(root, width, words);
    }

    function commitmentAfter(bytes32 root, uint256 width, uint256[] calldata words, uint256 today, uint256 orders)
        external
        pure
        returns (bytes32)
    {
        return Deliveries.commitmentAfter(root, width, words, today, orders);
    }

    function all(uint256[] calldata words) external pure returns (uint256) {
        return Deliveries.all(words);
    }

    function upTo(uint256[] calldata words, uint256 day) external pure returns (uint256) {
        return Deliveries.upTo(words, day);
    }

    function dayOf(uint256[] calldata words, uint256 position) external pure returns (bool delivered, uint256 day) {
        return Deliveries.dayOf(words, position);
    }

    /// @dev Up to twelve deliveries within 40 days, each of orders that were not delivered before.
    function _history(uint256 seed) private pure returns (uint256[] memory words) {
        uint256 day = seed % 3;
        uint256 left = 2 ** 240 - 1;
        for (uint256 i = 0; i < seed % 13; ++i) {
            (uint256 skip, uint256 orders) = _step(seed, i);
            day += skip;
            if (orders & left == 0) continue;
            words = PlainDeliveries.with(words, day, orders & left);
            left &= ~orders;
        }
    }

    /// @dev How many days pass before a delivery, and of what: one order in eight.
    function _step(uint256 seed, uint256 i) private pure returns (uint256 days_, uint256 orders) {
        uint256 r = uint256(keccak256(abi.encode(seed, i)));
        orders = (r & (r << 7) & (r >> 11)) % 2 ** 240;
        return (r % 4, orders | (1 << (r % 240)));
    }
}

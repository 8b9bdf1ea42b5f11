// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {OrderStatus} from "../../../contracts/logic/OrderStatus.sol";
import {State} from "../../../contracts/state/State.sol";

/// @notice OrderStatus, against a plain list of what became of each order
/// ├── pageOf, bit, mark: where an order is
/// ├── read, isClosed, isSettled: what became of it
/// ├── drop, held or not → closed, not settled, nothing else changed
/// ├── hold, of an open order → marked, nothing else changed
/// ├── release
/// │   ├── of an open order → not marked, nothing else changed
/// │   └── of a closed order → nothing changed
/// ├── ofPage: both halves of a page of 256
/// └── droppedOf: of any members from any order on, over the borders of pages
contract OrderStatusTest is Test {
    /// @dev The plain list covers this many orders, of which the first is `start`.
    uint256 private constant COUNT = 5 * 128;
    bytes1 private constant SETTLED = 0x01;
    bytes1 private constant DROPPED = 0x02;
    bytes1 private constant HELD = 0x03;

    State private s;

    function testFuzz_AnOrderIsInOnePage(uint40 order) public pure {
        assertEq(OrderStatus.pageOf(order), order / 128);
        assertEq(OrderStatus.bit(order), 2 ** (order % 128));
        assertEq(OrderStatus.mark(OrderStatus.bit(order)), 2 ** (128 + order % 128));
    }

    function testFuzz_WhatBecameOfAnOrder(uint256 seed, uint256 start) public {
        bytes memory plain;
        (start, plain) = _fill(seed, start);
        for (uint256 i = 0; i < COUNT; ++i) {
            (bool closed, bool marked) = OrderStatus.read(s, start + i);
            assertEq(closed, plain[i] == SETTLED || plain[i] == DROPPED);
            assertEq(marked, plain[i] == DROPPED || plain[i] == HELD);
            assertEq(OrderStatus.isClosed(s, start + i), closed);
            assertEq(OrderStatus.isSettled(s, start + i), plain[i] == SETTLED);
        }
    }

    function testFuzz_WhenDropped_IsClosedAndNotSettled_AndNothingElseChanges(
        uint256 seed,
        uint256 start,
        uint256 which
    ) public {
        bytes memory plain;
        (start, plain) = _fill(seed, start);
        which %= COUNT;
        if (plain[which] == SETTLED) return;
        OrderStatus.drop(s, start + which);
        plain[which] = DROPPED;
        _assertStored(start, plain);
    }

    function testFuzz_WhenHeld_AnOpenOrderIsMarked_AndNothingElseChanges(uint256 seed, uint256 start, uint256 which)
        public
    {
        bytes memory plain;
        (start, plain) = _fill(seed, start);
        which %= COUNT;
        if (plain[which] == SETTLED) return;
        OrderStatus.hold(s, start + which);
        if (plain[which] == 0) plain[which] = HELD;
        _assertStored(start, plain);
    }

    function testFuzz_WhenReleased_AnOpenOrderIsNotMarked_AndNothingElseChanges(
        uint256 seed,
        uint256 start,
        uint256 which
    ) public {
        bytes memory plain;
        (start, plain) = _fill(seed, start);
        which %= COUNT;
        OrderStatus.release(s, start + which);
        if (plain[which] == HELD) plain[which] = 0;
        _assertStored(start, plain);
    }

    function testFuzz_APageOf256IsReadFromBothHalves(uint256 seed, uint256 start) public {
        bytes memory plain;
        (start, plain) = _fill(seed, start);
        for (uint256 page = start / 256; page <= (start + COUNT) / 256; ++page) {
            (uint256 settled, uint256 dropped) = OrderStatus.ofPage(s, page);
            for (uint256 i = 0; i < 256; ++i) {
                bytes1 became = _at(plain, start, 256 * page + i);
                assertEq(settled & (1 << i) != 0, became == SETTLED);
                assertEq(dropped & (1 << i) != 0, became == DROPPED);
            }
        }
    }

    function testFuzz_TheDroppedAmongAnyMembersAreFound(uint256 seed, uint256 start, uint256 first, uint256 members)
        public
    {
        bytes memory plain;
        (start, plain) = _fill(seed, start);
        first = start + first % (COUNT - 255);
        _assertFound(plain, start, first, members);
        _assertFound(plain, start, first, members & (members >> 1) & (members << 3));
        _assertFound(plain, start, first, members % 2 ** 240);
        _assertFound(plain, start, first, type(uint256).max);
        _assertFound(plain, start, first, 1 << (members % 256));
        _assertFound(plain, start, first, 0);
    }

    /// @dev One dropped order, from every place of a page on, at every distance from there that a border is near to.
    function test_OneDroppedOrderIsFound_OnEitherSideOfEachBorder() public {
        for (uint256 order = 254; order < 515; order += order % 128 == 1 ? 125 : 1) {
            uint256 snapshot = vm.snapshotState();
            OrderStatus.drop(s, order);
            for (uint256 distance = 0; distance < 240; ++distance) {
                uint256 first = order - distance;
                assertEq(OrderStatus.droppedOf(s, first, 2 ** 240 - 1), 1 << distance);
                assertEq(OrderStatus.droppedOf(s, first, 1 << distance), 1 << distance);
                assertEq(OrderStatus.droppedOf(s, first, (2 ** 240 - 1) ^ (1 << distance)), 0);
            }
            assertEq(OrderStatus.droppedOf(s, order + 1, 2 ** 240 - 1), 0);
            assertEq(OrderStatus.droppedOf(s, order - 240, 2 ** 240 - 1), 0);
            vm.revertToState(snapshot);
        }
    }

    function _assertStored(uint256 start, bytes memory plain) private view {
        uint256[] memory words = _words(plain);
        for (uint256 i = 0; i < words.length; ++i) {
            assertEq(s.status[start / 128 + i], words[i]);
        }
    }

    function _assertFound(bytes memory plain, uint256 start, uint256 first, uint256 members) private view {
        uint256 found = OrderStatus.droppedOf(s, first, members);
        for (uint256 i = 0; i < 256; ++i) {
            bool expected = (members >> i) % 2 == 1 && _at(plain, start, first + i) == DROPPED;
            assertEq(found & (1 << i) != 0, expected);
        }
    }

    /// @dev What became of an order; nothing, outside of the list.
    function _at(bytes memory plain, uint256 start, uint256 order) private pure returns (bytes1) {
        return order < start || order >= start + COUNT ? bytes1(0) : plain[order - start];
    }

    /// @dev A quarter of the orders each open, settled, dropped and held, from some page on.
    function _fill(uint256 seed, uint256 start) private returns (uint256, bytes memory plain) {
        start = start % 2 ** 31 * 128;
        plain = new bytes(COUNT);
        for (uint256 i = 0; i < COUNT; ++i) {
            plain[i] = bytes1(uint8(uint256(keccak256(abi.encode(seed, i))) % 4));
        }
        uint256[] memory words = _words(plain);
        for (uint256 i = 0; i < words.length; ++i) {
            s.status[start / 128 + i] = words[i];
        }
        return (start, plain);
    }

    /// @dev A page's word: closed below, dropped and held above.
    function _words(bytes memory plain) private pure returns (uint256[] memory words) {
        words = new uint256[](COUNT / 128);
        for (uint256 i = 0; i < COUNT; ++i) {
            if (plain[i] == SETTLED || plain[i] == DROPPED) words[i / 128] += 2 ** (i % 128);
            if (plain[i] == DROPPED || plain[i] == HELD) words[i / 128] += 2 ** (128 + i % 128);
        }
    }
}

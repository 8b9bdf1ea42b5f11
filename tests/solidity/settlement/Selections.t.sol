// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {OrderEntry, Selection} from "../../../contracts/logic/Batches.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice Selections: orders with their terms and the proof that these are on record; whatever takes one
/// ├── when a word, a member, the first number, the width, the proof or a delivery is another → TermsMismatch
/// ├── when there are too few or too many words, members or proof nodes → TermsMismatch
/// ├── when a member is beyond the last order → UnknownOrder, before TermsMismatch
/// ├── when a step for one order is given another position, word, width or proof node → TermsMismatch
/// └── when all is right → any set of members of a batch in one call
contract SelectionsTest is SettlementFixture {
    uint256 private constant FIRST = 4;
    uint256 private constant WIDTH = 11;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 3; ++i) {
            _record(_retail(amy, 100));
        }
        OrderInput[] memory orders = new OrderInput[](WIDTH);
        for (uint256 i = 0; i < WIDTH; ++i) {
            orders[i] = _retail(amy, 1_000 + i);
        }
        _record(orders);
        _record(orders);
        _advance(90);
    }

    function test_WhenAWordIsAnother_RevertsWithTermsMismatch() public {
        for (uint256 i = 0; i < 4; ++i) {
            for (uint256 bit = 0; bit < 256; bit += 17) {
                Selection memory sel = _selection();
                sel.words[i] ^= 1 << bit;
                _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
            }
        }
    }

    function test_WhenAProofNodeIsAnother_RevertsWithTermsMismatch() public {
        uint256 nodes = _selection().proof.length;
        assertGt(nodes, 3);
        for (uint256 i = 0; i < nodes; ++i) {
            Selection memory sel = _selection();
            sel.proof[i] ^= bytes32(uint256(1));
            _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
        }
    }

    function test_WhenTheProofIsShorterOrLonger_RevertsWithTermsMismatch() public {
        Selection memory sel = _selection();
        bytes32[] memory proof = sel.proof;
        for (uint256 n = 0; n <= proof.length + 1; ++n) {
            if (n == proof.length) continue;
            sel.proof = new bytes32[](n);
            for (uint256 i = 0; i < n && i < proof.length; ++i) {
                sel.proof[i] = proof[i];
            }
            _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
        }
    }

    function test_WhenTheWholeBatchComesWithAProof_RevertsWithTermsMismatch() public {
        Selection memory sel = _selectMembers(FIRST, 2 ** WIDTH - 1);
        assertEq(sel.proof.length, 0);
        sel.proof = new bytes32[](1);
        _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
    }

    function test_WhenTheWidthIsAnother_RevertsWithTermsMismatch() public {
        uint256[8] memory wrong = [uint256(0), 1, 2, WIDTH - 1, WIDTH + 1, 241, 257, type(uint256).max];
        for (uint256 i = 0; i < 8; ++i) {
            Selection memory sel = _selection();
            sel.width = wrong[i];
            _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
        }
    }

    function test_WhenTheFirstIsAnother_RevertsWithTermsMismatch() public {
        uint256[4] memory wrong = [uint256(1), FIRST - 1, FIRST + 1, FIRST + WIDTH];
        for (uint256 i = 0; i < 4; ++i) {
            Selection memory sel = _selection();
            sel.first = wrong[i];
            _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, wrong[i]));
        }
    }

    function test_WhenTheMembersAreOthers_RevertsWithTermsMismatch() public {
        // two of them, as there are words; then one more, one less, and one out of the batch
        uint256[5] memory wrong = [uint256(12), 3, 10 | 1, 2, 2 | (1 << WIDTH)];
        for (uint256 i = 0; i < 5; ++i) {
            Selection memory sel = _selection();
            sel.members = wrong[i];
            _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
        }
    }

    function test_WhenTheWordsAreSwapped_RevertsWithTermsMismatch() public {
        Selection memory sel = _selection();
        (sel.words[0], sel.words[2]) = (sel.words[2], sel.words[0]);
        (sel.words[1], sel.words[3]) = (sel.words[3], sel.words[1]);
        _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
    }

    function test_WhenNothingIsSelected_RevertsWithTermsMismatch() public {
        Selection memory sel = _selectMembers(FIRST, 0);
        _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
        sel.members = 1;
        _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
        sel.words = new uint256[](1);
        _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
    }

    function test_WhenAnInnerNodeIsGivenAsALeaf_RevertsWithTermsMismatch() public {
        // a tree of half the height whose leaf would be the hash of two leaves
        Selection memory sel = _selection();
        sel.width = 6;
        sel.members = 2;
        uint256[] memory words = new uint256[](2);
        (words[0], words[1]) = (uint256(sel.proof[0]), uint256(sel.proof[1]));
        sel.words = words;
        _refuse(sel, abi.encodeWithSelector(TermsMismatch.selector, FIRST));
    }

    function test_WhenAMemberIsBeyondTheLastOrder_RevertsWithUnknownOrder() public {
        uint256 last = _nextOrder() - 1;
        Selection memory sel = _selectMembers(FIRST + WIDTH, 1);
        sel.members = 1 << WIDTH;
        _refuse(sel, abi.encodeWithSelector(UnknownOrder.selector, last + 1));
        sel.first = last + 1;
        _refuse(sel, abi.encodeWithSelector(UnknownOrder.selector, last + 1));
        sel.first = type(uint256).max;
        _refuse(sel, abi.encodeWithSelector(UnknownOrder.selector, type(uint256).max));
        sel.first = 0;
        _refuse(sel, abi.encodeWithSelector(UnknownOrder.selector, 0));
    }

    function test_WhenTheOneOrderIsBeyondTheLast_RevertsWithUnknownOrder() public {
        uint256 last = _nextOrder() - 1;
        uint256[4] memory firsts = [uint256(0), last, last + 1, type(uint256).max - 1];
        for (uint256 i = 0; i < 4; ++i) {
            ProvedOrder memory one = _prove(FIRST);
            (one.order.first, one.order.position) = (firsts[i], 1);
            _refuseOne(one, abi.encodeWithSelector(UnknownOrder.selector, firsts[i] + 1));
        }
        ProvedOrder memory huge = _prove(FIRST);
        (huge.order.first, huge.order.position) = (type(uint256).max, 1);
        _refuseOne(huge, abi.encodeWithSelector(UnknownOrder.selector, 0));
    }

    function test_WhenTheOneOrderIsAtAnotherPosition_RevertsWithTermsMismatch() public {
        // within the batch, in the next one, before the batch by way of the highest number, and on the far side of the tree
        uint256[4] memory wrong = [uint256(2), WIDTH, type(uint256).max, type(uint256).max - FIRST];
        for (uint256 i = 0; i < 4; ++i) {
            ProvedOrder memory one = _prove(FIRST + 1);
            one.order.position = wrong[i];
            bool none = wrong[i] == type(uint256).max - FIRST;
            _refuseOne(
                one,
                none
                    ? abi.encodeWithSelector(UnknownOrder.selector, type(uint256).max)
                    : abi.encodeWithSelector(TermsMismatch.selector, FIRST)
            );
            one.order.width = type(uint256).max;
            vm.startPrank(operator);
            vm.expectRevert();
            settlement.refund(one.order, 0, 1, one.deliveries, one.proof);
            vm.stopPrank();
        }
    }

    function test_WhenTheOneOrdersWordsProofOrWidthAreOthers_RevertsWithTermsMismatch() public {
        bytes memory error_ = abi.encodeWithSelector(TermsMismatch.selector, FIRST);
        for (uint256 bit = 0; bit < 256; bit += 17) {
            ProvedOrder memory one = _prove(FIRST + 1);
            one.order.amounts ^= 1 << bit;
            _refuseOne(one, error_);
            one = _prove(FIRST + 1);
            one.order.parties ^= 1 << bit;
            _refuseOne(one, error_);
        }
        uint256[8] memory widths = [uint256(0), 1, 2, WIDTH - 1, WIDTH + 1, 241, 257, type(uint256).max];
        for (uint256 i = 0; i < 8; ++i) {
            ProvedOrder memory one = _prove(FIRST + 1);
            one.order.width = widths[i];
            _refuseOne(one, error_);
        }
        bytes32[] memory proof = _prove(FIRST + 1).proof;
        for (uint256 n = 0; n <= proof.length + 1; ++n) {
            ProvedOrder memory one = _prove(FIRST + 1);
            if (n < proof.length) one.proof[n] ^= bytes32(uint256(1));
            else one.proof = new bytes32[](n == proof.length ? n - 1 : n);
            for (uint256 i = 0; i < one.proof.length && i < proof.length && n >= proof.length; ++i) {
                one.proof[i] = proof[i];
            }
            _refuseOne(one, error_);
        }
    }

    function test_WhenTermsAreForged_NoStepTakesThem() public {
        Selection memory sel = _select(FIRST);
        sel.words[0] += 1_000_000;
        _refuseEverywhere(sel);
    }

    function test_WhenTheDeliveriesAreOthers_NoStepTakesThem() public {
        Selection memory sel = _select(FIRST);
        sel.deliveries = _list((80 << 240) | 1);
        _refuseEverywhere(sel);
        _deliver(FIRST + 1);
        _advance(1);
        _deliver(FIRST + 2);
        (uint256 first, uint256 second) = (deliveriesOf[FIRST][0], deliveriesOf[FIRST][1]);
        uint256[][6] memory wrong = [
            new uint256[](0),
            _list(first),
            _list(second, first),
            _list(first, second, 0),
            _list(first, second | 1),
            _list(first - (1 << 240), second)
        ];
        for (uint256 i = 0; i < 6; ++i) {
            sel.deliveries = wrong[i];
            _refuseEverywhere(sel);
        }
        sel.deliveries = deliveriesOf[FIRST];
        Selection[] memory sels = new Selection[](1);
        sels[0] = sel;
        settlement.voidOrders(sels);
    }

    /// @dev By every step that takes a selection.
    function _refuseEverywhere(Selection memory sel) private {
        bytes memory error_ = abi.encodeWithSelector(TermsMismatch.selector, FIRST);
        _refuse(sel, error_);
        Selection[] memory sels = new Selection[](1);
        sels[0] = sel;
        vm.expectRevert(error_);
        settlement.settle(sels);
        OrderEntry memory entry = OrderEntry(FIRST, sel.width, 0, sel.words[0], sel.words[1]);
        _refuseOne(ProvedOrder(entry, sel.deliveries, sel.proof), error_);
    }

    /// @dev By every step for one order.
    function _refuseOne(ProvedOrder memory one, bytes memory error_) private {
        vm.startPrank(operator);
        vm.expectRevert(error_);
        settlement.refund(one.order, 0, 1_000_000, one.deliveries, one.proof);
        vm.expectRevert(error_);
        settlement.payBalance(one.order, one.deliveries, one.proof);
        vm.expectRevert(error_);
        settlement.compensate(one.order, 1, one.deliveries, one.proof);
        vm.expectRevert(error_);
        settlement.claimInsurance(one.order, 1, one.deliveries, one.proof);
        vm.stopPrank();
    }

    /// @dev Any set of members is proved, and only the members are touched.
    function testFuzz_AnySetOfMembersIsTaken(uint256 members) public {
        members = bound(members, 1, 2 ** WIDTH - 1);
        Selection[] memory sels = new Selection[](1);
        sels[0] = _selectMembers(FIRST, members);
        settlement.voidOrders(sels);
        (, uint256 dropped,,,) = settlement.orderPage(0);
        assertEq(dropped, members << FIRST);
    }

    /// @dev The second and the fourth order of the batch.
    function _selection() private view returns (Selection memory) {
        return _selectMembers(FIRST, 10);
    }

    function _refuse(Selection memory sel, bytes memory error_) private {
        Selection[] memory sels = new Selection[](1);
        sels[0] = sel;
        vm.expectRevert(error_);
        settlement.voidOrders(sels);
    }
}

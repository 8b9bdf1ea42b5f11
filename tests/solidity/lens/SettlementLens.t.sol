// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccountView, OrderInput, ParticipantView, TermsView} from "../../../contracts/SettlementLens.sol";
import {Lines} from "../../../contracts/pure/Split.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {BatchProofs} from "../BatchProofs.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice SettlementLens
/// ├── participant, account, orderState: what is stored, in names
/// ├── encode → the words that recordOrders takes; AmountTooLarge, UnknownChannel; decode → the terms in names
/// ├── split: what an order pays under its plan; InvalidPrice where the net price is above the price or there is none
/// ├── leaf, proves: whether these are the terms and deliveries on record; deliveriesOf: the deliveries, read out
/// └── settlement: the contract that is read
contract SettlementLensTest is SettlementFixture {
    function test_AParticipantIsReadInNames() public {
        vm.startPrank(operator);
        settlement.certify(amy, true);
        vm.stopPrank();
        _sell(_retail(amy, 10_000));
        _sell(_retail(_member(amy, 0), 10_000));
        vm.prank(riskOfficer);
        settlement.freeze(amy, "file");
        ParticipantView memory expected = ParticipantView({
            wallet: walletOf[amy],
            kind: "agent",
            introducer: boss,
            leader: boss,
            level: 2,
            boss: false,
            tier: "starter",
            region: 310_000,
            active: true,
            certified: true,
            frozen: true,
            activeDirects: 1,
            teamActive: 1
        });
        assertEq(keccak256(abi.encode(lens.participant(amy))), keccak256(abi.encode(expected)));
        assertEq(lens.participant(99).kind, "");
        assertEq(lens.participant(99).level, 0);
    }

    function test_AnAccountIsReadInNames() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        vm.warp(START + 29 days);
        uint256 order = _record(_crossBorder(amy, 12_800));
        _deliver(order);
        _advance(8);
        _settle(order);
        _advance(30);
        uint256 other = _record(_retail(amy, 10_000));
        _deliver(other);
        _settleAfterWindow(other);
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 5_000);
        AccountView memory expected = AccountView({
            available: 3_712 + 2_000 - 5_000,
            withdrawn: 5_000,
            deposit: 128,
            debt: 0,
            lockedUntil: 67,
            month: 2,
            weight: 2_000,
            weightBefore: 2_560
        });
        assertEq(keccak256(abi.encode(lens.account(amy))), keccak256(abi.encode(expected)));
    }

    function test_AnOrdersStateIsReadFromTheBitmaps() public {
        vm.prank(operator);
        settlement.openPresale(1, 50);
        uint256 settled = _record(_campaign(amy, boss, 1, 10_000));
        _payBalance(settled);
        uint256 held = _record(_retail(amy, 10_000));
        _hold(held);
        uint256 dropped = _record(_retail(amy, 10_000));
        _refund(dropped, 10_000);
        _deliver(settled);
        _advance(8);
        _settle(settled);
        _assertState(settled, [true, false, false, true, false]);
        _assertState(held, [false, false, true, false, false]);
        _assertState(dropped, [false, true, false, false, false]);
        _assertState(dropped + 256, [false, false, false, false, false]);
    }

    function testFuzz_WhatIsEncodedIsDecoded(uint48[5] memory a, uint32[5] memory p, uint256 channel) public view {
        OrderInput memory o = OrderInput(channel % 4, a[0], a[1], a[2], a[3], a[4], p[0], p[1], p[2], p[3], p[4]);
        (uint256 amounts, uint256 parties) = lens.encode(o);
        TermsView memory v = lens.decode(amounts, parties);
        TermsView memory expected =
            TermsView(channel % 4, a[0], a[1], a[2], a[3], a[4], p[0], p[1], p[2], p[3], p[4], 0, 0, 0, 0);
        assertEq(keccak256(abi.encode(v)), keccak256(abi.encode(expected)));
    }

    function test_WhenAnAmountDoesNotFit_RevertsWithAmountTooLarge() public {
        uint256 max = 2 ** 48 - 1;
        for (uint256 i = 0; i < 5; ++i) {
            uint256[11] memory fields;
            fields[i + 1] = max + 1;
            _refuseEncoding(fields, abi.encodeWithSelector(AmountTooLarge.selector, max + 1, max));
        }
    }

    function test_WhenANumberDoesNotFit_RevertsWithAmountTooLarge() public {
        uint256 max = 2 ** 32 - 1;
        for (uint256 i = 6; i < 11; ++i) {
            uint256[11] memory fields;
            fields[i] = max + 1;
            _refuseEncoding(fields, abi.encodeWithSelector(AmountTooLarge.selector, max + 1, max));
        }
    }

    function test_WhenTheChannelIsUnknown_RevertsWithUnknownChannel() public {
        uint256[11] memory fields;
        fields[0] = 4;
        _refuseEncoding(fields, abi.encodeWithSelector(UnknownChannel.selector, 4));
    }

    function test_TheSplitIsThatOfTheOrdersPlan() public {
        uint256 order = _record(_retail(amy, 12_800));
        PlanParameters memory p = _seed();
        (p.teamBps, p.fundBps, p.dividendBps, p.capBps) = (0, 0, 0, 1_000);
        _publish(p);
        Lines memory l = lens.split(termsOf[order].amounts, termsOf[order].parties, 12_800);
        assertEq(l.team, 1_024);
        assertEq(l.platform, 2_828);
        uint256 later = _record(_retail(amy, 12_800));
        l = lens.split(termsOf[later].amounts, termsOf[later].parties, 12_800);
        assertEq(l.direct, 1_280);
        assertEq(l.fund + l.dividend + l.team, 0);
        assertEq(l.platform, 7_552 - 1_280);
    }

    function test_EveryChannelIsSplitByItsOwnRates() public {
        vm.startPrank(operator);
        settlement.certify(amy, true);
        settlement.openGroupBuy(1, 1, 9);
        vm.stopPrank();
        uint256 order = _record(_campaign(amy, boss, 1, 12_800));
        assertEq(lens.split(termsOf[order].amounts, termsOf[order].parties, 12_800).host, 1_536);
        order = _record(_inStore(amy, 12_800));
        assertEq(lens.split(termsOf[order].amounts, termsOf[order].parties, 12_800).guide, 1_792);
        order = _record(_crossBorder(amy, 12_800));
        assertEq(lens.split(termsOf[order].amounts, termsOf[order].parties, 12_800).service, 1_280);
        uint256 parties = amy | (boss << 64) | (2_000 << 208) | (1 << 224);
        assertEq(lens.split(12_800, parties, 12_800).region, 384);
    }

    function test_WhenTheNetPriceIsAboveThePrice_RevertsWithInvalidPrice() public {
        uint256 order = _record(_retail(amy, 12_800));
        vm.expectRevert(abi.encodeWithSelector(InvalidPrice.selector, 0));
        lens.split(termsOf[order].amounts, termsOf[order].parties, 12_801);
        vm.expectRevert(abi.encodeWithSelector(InvalidPrice.selector, 0));
        lens.split(0, 0, 0);
    }

    function test_TermsOnRecordAreProved_AndNoOthers() public {
        OrderInput[] memory orders = new OrderInput[](5);
        for (uint256 i = 0; i < 5; ++i) {
            orders[i] = _retail(amy, 1_000 + i);
        }
        uint256 first = _record(orders);
        uint256[] memory none;
        for (uint256 i = 0; i < 5; ++i) {
            uint256 order = first + i;
            bytes32[] memory proof = BatchProofs.proof(_leaves(first), 1 << i);
            (uint256 a, uint256 p) = (termsOf[order].amounts, termsOf[order].parties);
            assertEq(lens.leaf(order, a, p), BatchProofs.leaf(order, a, p));
            assertTrue(lens.proves(first, 5, none, order, a, p, proof));
            assertFalse(lens.proves(first, 5, none, order, a + 1, p, proof));
            assertFalse(lens.proves(first, 5, none, order, a, p + 1, proof));
            assertFalse(lens.proves(first, 5, none, order + 1, a, p, proof));
            assertFalse(lens.proves(first, 6, none, order, a, p, proof));
            assertFalse(lens.proves(first + 1, 5, none, order, a, p, proof));
            assertFalse(lens.proves(first, 5, none, order, a, p, new bytes32[](0)));
            assertFalse(lens.proves(first, 5, none, first + 5, a, p, proof));
            assertFalse(lens.proves(first, 241, none, order, a, p, proof));
            assertFalse(lens.proves(first, 5, _list(0), order, a, p, proof));
            if (first > 1) assertFalse(lens.proves(first, 5, none, first - 1, a, p, proof));
        }
    }

    function test_DeliveriesOnRecordAreProved_AndNoOthers() public {
        OrderInput[] memory orders = new OrderInput[](3);
        orders[0] = orders[1] = orders[2] = _retail(amy, 1_000);
        uint256 first = _record(orders);
        _advance(4);
        _deliver(_list(first, first + 2));
        _advance(1);
        _deliver(first + 1);
        uint256[] memory words = deliveriesOf[first];
        assertEq(words, _list((4 << 240) | 5, (5 << 240) | 2));
        assertTrue(_proves(first, words));
        assertFalse(_proves(first, new uint256[](0)));
        assertFalse(_proves(first, _list(words[0])));
        assertFalse(_proves(first, _list(words[1], words[0])));
        assertFalse(_proves(first, _list(words[0], words[1], 0)));
        assertFalse(_proves(first, _list(words[0] ^ (1 << 240), words[1])));
        assertFalse(_proves(first, _list(words[0], words[1] ^ 1)));

        (uint256[] memory days_, uint256[] memory members) = lens.deliveriesOf(words);
        assertEq(days_, _list(4, 5));
        assertEq(members, _list(5, 2));
        (days_, members) = lens.deliveriesOf(_list(type(uint256).max));
        assertEq(days_, _list(2 ** 16 - 1));
        assertEq(members, _list(2 ** 240 - 1));
        (days_, members) = lens.deliveriesOf(new uint256[](0));
        assertEq(days_.length + members.length, 0);
    }

    function test_ItReadsTheSettlementContract() public view {
        assertEq(address(lens.settlement()), address(settlement));
    }

    function _settleAfterWindow(uint256 order) private {
        _advance(8);
        _settle(order);
    }

    /// @dev Whether the first order of a batch is proved with these deliveries.
    function _proves(uint256 first, uint256[] memory words) private view returns (bool) {
        bytes32[] memory proof = BatchProofs.proof(_leaves(first), 1);
        (uint256 a, uint256 p) = (termsOf[first].amounts, termsOf[first].parties);
        return lens.proves(first, widthOf[first], words, first, a, p, proof);
    }

    function _assertState(uint256 order, bool[5] memory expected) private view {
        (bool a, bool b, bool c, bool d, bool e) = lens.orderState(order);
        assertEq(keccak256(abi.encode(a, b, c, d, e)), keccak256(abi.encode(expected)));
    }

    function _refuseEncoding(uint256[11] memory f, bytes memory error_) private {
        OrderInput memory o = OrderInput(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10]);
        vm.expectRevert(error_);
        lens.encode(o);
    }
}

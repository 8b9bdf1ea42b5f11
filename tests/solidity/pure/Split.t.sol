// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Lines, Split} from "../../../contracts/pure/Split.sol";
import {OrderPlan, OrderPlanWord} from "../../../contracts/types/OrderPlan.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {PlainSplit, Sale} from "./PlainSplit.sol";

/// @notice Split, for any order that can be recorded, any plan and any net price
/// ├── equals the rules' formula worked out plainly
/// ├── the lines sum to the net price; the selling commission is within the cap
/// ├── costs are the order's at its full price, and all lines 0 at net price 0
/// ├── supply, fees, duty, insurance and service never fall when the net price rises
/// ├── a higher rate never lowers the slot nor raises what is retained; a higher cap never lowers the commission
/// ├── what is written does not depend on what was there before
/// ├── comparing two splits tells what each line fell or rose by, and whether any rose
/// └── nothing overflows at the largest amounts
contract SplitTest is Test {
    uint256 private constant MAX = 2 ** 48 - 1;

    function testFuzz_EqualsTheRulesFormula(Sale memory s, uint256 net) public pure {
        _bound(s);
        net = bound(net, 0, s.price);
        assertEq(keccak256(abi.encode(_split(s, net))), keccak256(abi.encode(PlainSplit.split(s, net))));
    }

    function testFuzz_TheLinesSumToTheNetPrice(Sale memory s, uint256 net) public pure {
        _bound(s);
        net = bound(net, 0, s.price);
        Lines memory l = _split(s, net);
        uint256 costs = l.supply + l.fees + l.duty + l.insurance + l.service;
        assertEq(costs + _commission(l) + l.fund + l.dividend + l.platform, net);
    }

    function testFuzz_TheCommissionIsWithinTheCap(Sale memory s, uint256 net) public pure {
        _bound(s);
        net = bound(net, 0, s.price);
        assertLe(_commission(_split(s, net)), net * s.capBps / 10_000);
    }

    function testFuzz_AtTheFullPriceTheCostsAreTheOrders(Sale memory s) public pure {
        _bound(s);
        Lines memory l = _split(s, s.price);
        assertEq(l.supply, s.cost);
        assertEq(l.fees, s.fees);
        assertEq(l.duty, s.duty);
        assertEq(l.insurance, s.insurance);
        Lines memory none;
        assertEq(keccak256(abi.encode(_split(s, 0))), keccak256(abi.encode(none)));
    }

    function testFuzz_OnlyTheChannelsLinesAreAbove0(Sale memory s, uint256 net) public pure {
        _bound(s);
        Lines memory l = _split(s, bound(net, 0, s.price));
        if (s.channel != 0) assertEq(l.region, 0);
        if (s.channel != 1) assertEq(l.host, 0);
        if (s.channel != 2) assertEq(l.guide + l.store, 0);
        if (s.channel != 3) assertEq(l.duty + l.insurance + l.service, 0);
        if (!s.hasSeller) assertEq(l.guide, 0);
        if (!s.hasLeader) assertEq(l.team, 0);
    }

    function testFuzz_CostsNeverFallWhenTheNetPriceRises(Sale memory s, uint256 low, uint256 high) public pure {
        _bound(s);
        low = bound(low, 0, s.price);
        high = bound(high, low, s.price);
        Lines memory a = _split(s, low);
        Lines memory b = _split(s, high);
        assertLe(a.supply, b.supply);
        assertLe(a.fees, b.fees);
        assertLe(a.duty, b.duty);
        assertLe(a.insurance, b.insurance);
        assertLe(a.service, b.service);
    }

    function testFuzz_AHigherRateNeverLowersTheSlot(Sale memory s, uint256 net, uint256 higher) public pure {
        _bound(s);
        net = bound(net, 0, s.price);
        Lines memory a = _split(s, net);
        s.rate = bound(higher, s.rate, 10_000);
        Lines memory b = _split(s, net);
        assertLe(_commission(a) - a.team, _commission(b) - b.team);
        assertGe(a.team, b.team);
        assertGe(a.fund + a.dividend + a.platform, b.fund + b.dividend + b.platform);
    }

    function testFuzz_AHigherCapNeverLowersTheCommission(Sale memory s, uint256 net, uint256 higher) public pure {
        _bound(s);
        net = bound(net, 0, s.price);
        uint256 before = _commission(_split(s, net));
        s.capBps = bound(higher, s.capBps, 10_000);
        assertLe(before, _commission(_split(s, net)));
    }

    function testFuzz_WhatWasThereBeforeDoesNotMatter(Sale memory s, uint256 net, Lines memory dirty) public pure {
        _bound(s);
        net = bound(net, 0, s.price);
        (Terms memory t, OrderPlan plan) = _pack(s);
        Split.split(t, plan, net, dirty);
        assertEq(keccak256(abi.encode(dirty)), keccak256(abi.encode(_split(s, net))));
    }

    function testFuzz_ComparingTellsWhatEachLineFellOrRoseBy(Lines memory before, Lines memory after_) public pure {
        uint256[14] memory was = abi.decode(abi.encode(before), (uint256[14]));
        uint256[14] memory became = abi.decode(abi.encode(after_), (uint256[14]));
        for (uint256 i = 0; i < 14; ++i) {
            (was[i], became[i]) = (was[i] & MAX, became[i] & MAX);
            // in half of all runs no line rises
            if (before.supply & 1 == 0 && became[i] > was[i]) (was[i], became[i]) = (became[i], was[i]);
        }
        before = abi.decode(abi.encode(was), (Lines));
        after_ = abi.decode(abi.encode(became), (Lines));
        bool rose = Split.compare(before, after_);
        uint256[14] memory fell = abi.decode(abi.encode(before), (uint256[14]));
        uint256[14] memory gained = abi.decode(abi.encode(after_), (uint256[14]));
        bool any;
        for (uint256 i = 0; i < 14; ++i) {
            assertEq(fell[i], was[i] > became[i] ? was[i] - became[i] : 0);
            any = any || became[i] > was[i];
        }
        assertEq(rose, any);
        for (uint256 i = 0; rose && i < 14; ++i) {
            assertEq(gained[i], became[i] > was[i] ? became[i] - was[i] : 0);
        }
    }

    function test_ComparingASplitWithItselfTellsNothing() public pure {
        Lines memory same = Lines(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
        Lines memory again = Lines(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
        assertFalse(Split.compare(same, again));
        assertEq(same.platform + same.supply, 0);
    }

    function test_AtTheLargestAmountsNothingOverflows() public pure {
        Sale memory s;
        (s.channel, s.price, s.rate, s.hasSeller, s.hasLeader) = (3, MAX, 10_000, true, true);
        (s.capBps, s.teamBps, s.serviceBps, s.fundBps, s.dividendBps) = (10_000, 10_000, 10_000, 10_000, 10_000);
        Lines memory l = _split(s, MAX);
        assertEq(l.service, MAX);
        s.serviceBps = 0;
        assertEq(_split(s, MAX).direct, MAX);
        s.rate = 0;
        assertEq(_split(s, MAX).team, MAX);
        s.hasLeader = false;
        assertEq(_split(s, MAX).fund, MAX);
        s.fundBps = 0;
        assertEq(_split(s, MAX).dividend, MAX);
        (s.dividendBps, s.cost) = (0, MAX);
        assertEq(_split(s, MAX).supply, MAX);
        assertEq(_split(s, MAX - 1).supply, MAX - 1);
    }

    function test_ServiceIsForCrossBorderAlone() public pure {
        for (uint256 channel = 0; channel < 4; ++channel) {
            assertEq(Split.service(channel, 12_809, 1000), channel == 3 ? 1_280 : 0);
        }
    }

    /// @dev An order that can be recorded: costs and service within the price.
    function _bound(Sale memory s) private pure {
        s.channel = bound(s.channel, 0, 3);
        s.price = bound(s.price, 1, s.price % 3 == 0 ? 1_000 : MAX);
        (s.rate, s.capBps, s.teamBps) = (s.rate % 10_001, s.capBps % 10_001, s.teamBps % 10_001);
        (s.regionBps, s.hostBps, s.guideBps) = (s.regionBps % 10_001, s.hostBps % 10_001, s.guideBps % 10_001);
        (s.serviceBps, s.fundBps, s.dividendBps) = (s.serviceBps % 10_001, s.fundBps % 10_001, s.dividendBps % 10_001);
        uint256 left = s.price;
        if (s.channel == 3) {
            left -= s.price * s.serviceBps / 10_000;
            s.duty = bound(s.duty, 0, left);
            left -= s.duty;
            s.insurance = bound(s.insurance, 0, left);
            left -= s.insurance;
        } else {
            (s.duty, s.insurance) = (0, 0);
        }
        s.cost = bound(s.cost, 0, left);
        s.fees = bound(s.fees, 0, left - s.cost);
        if (s.channel != 2) s.hasSeller = true;
        if (!s.hasSeller) s.hasLeader = false;
    }

    function _split(Sale memory s, uint256 net) private pure returns (Lines memory l) {
        (Terms memory t, OrderPlan plan) = _pack(s);
        Split.split(t, plan, net, l);
    }

    function _pack(Sale memory s) private pure returns (Terms memory t, OrderPlan plan) {
        t.amounts =
            s.price | (s.cost << 48) | (s.fees << 96) | (s.duty << 144) | (s.insurance << 192) | (s.channel << 240);
        uint256 seller = s.hasSeller ? 20 : 0;
        uint256 partner = s.channel == 1 ? (s.partnerIsSeller ? seller : 21) : s.hasPartner ? 22 : 0;
        t.parties = seller | (16 << 32) | (partner << 64) | (uint256(s.hasLeader ? 19 : 0) << 128) | (s.rate << 208);
        PlanParameters memory p;
        (p.capBps, p.teamBps, p.regionBps, p.hostBps) = (s.capBps, s.teamBps, s.regionBps, s.hostBps);
        (p.guideBps, p.serviceBps, p.fundBps, p.dividendBps) = (s.guideBps, s.serviceBps, s.fundBps, s.dividendBps);
        plan = OrderPlanWord.pack(p);
    }

    function _commission(Lines memory l) private pure returns (uint256) {
        return l.direct + l.region + l.host + l.guide + l.store + l.team;
    }
}

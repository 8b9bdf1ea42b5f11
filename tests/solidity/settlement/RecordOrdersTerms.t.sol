// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput, TermsView} from "../../../contracts/SettlementLens.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {BatchProofs} from "../BatchProofs.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice recordOrders: what is fixed and told (rules, section 3); refusals are in RecordOrders.t.sol
/// ├── the price moves from treasury to escrow, the count goes up, the batch's root over the fixed terms is stored, BatchRecorded
/// ├── retail: RetailOrderRecorded
/// │   ├── when the ship-to region is protected by another and the seller's is another region → the holder is fixed
/// │   ├── when the holder is the seller, or the seller is of the region, or nobody protects it → no holder
/// ├── campaign: CampaignOrderRecorded, the campaign's count + 1
/// ├── store: StoreOrderRecorded; without a guide → starter's rate, no leader
/// ├── cross-border: CrossBorderOrderRecorded
/// ├── the seller's rate is its tier's, its leader none for a boss, the plan the one in force, the day today
/// └── whatever else the operator puts into the words is ignored
contract RecordOrdersTermsTest is SettlementFixture {
    uint256 private holder;
    uint256 private silverMember;

    function setUp() public override {
        super.setUp();
        PlanParameters memory p = _seed();
        p.silverTeam = 1;
        p.promotionDirects = 9;
        _publish(p);
        holder = _founder(440_300);
        silverMember = _member(holder, 440_300);
        _sell(_retail(_member(silverMember, 0), 10_000));
        vm.startPrank(operator);
        settlement.certify(amy, true);
        settlement.protectRegion(440_300, holder);
        settlement.openGroupBuy(1, 3, 50);
        vm.stopPrank();
    }

    function test_WhenRecorded_ThePriceIsInEscrowAndTheRootIsStored() public {
        uint256 treasury = _treasury();
        OrderInput[] memory orders = new OrderInput[](3);
        orders[0] = _retail(amy, 10_000);
        orders[1] = _inStore(0, 777);
        orders[2] = _crossBorder(amy, 1);
        uint256 first = _record(orders);
        assertEq(first, 2);
        assertEq(_nextOrder(), 5);
        assertEq(_treasury(), treasury - 10_778);
        assertEq(_escrow(), 10_778);
        assertEq(settlement.batch(first), _commitment(first), "root over the fixed terms");
        assertEq(settlement.batch(first + 1), 0);
        _assertBalanced();
    }

    function test_WhenRecorded_BatchRecordedNamesPlanDayAndRoot() public {
        OrderInput[] memory orders = new OrderInput[](2);
        (orders[0], orders[1]) = (_retail(amy, 10_000), _retail(boss, 20_000));
        uint256[] memory words = _words(orders);
        _keepBatch(2, _terms(orders, words));
        vm.expectEmit(address(settlement));
        emit RetailOrderRecorded(2, amy, supplier, 10_000, 4_000, 100, 2000, boss, 0);
        vm.expectEmit(address(settlement));
        emit RetailOrderRecorded(3, boss, supplier, 20_000, 8_000, 200, 2000, 0, 0);
        vm.expectEmit(address(settlement));
        emit BatchRecorded(2, 2, 2, 8, BatchProofs.root(_leaves(2)));
        vm.prank(operator);
        settlement.recordOrders(2, words);
    }

    function test_WhenAnotherProtectsTheShipToRegion_TheHolderIsFixed() public {
        OrderInput memory o = _retail(amy, 10_000);
        o.shipTo = 440_300;
        _expectRetail(o, holder);
    }

    function test_WhenTheHolderIsTheSeller_NoHolderIsFixed() public {
        OrderInput memory o = _retail(holder, 10_000);
        o.shipTo = 440_300;
        vm.expectEmit(address(settlement));
        emit RetailOrderRecorded(2, holder, supplier, 10_000, 4_000, 100, 2200, 0, 0);
        _record(o);
    }

    function test_WhenTheSellerIsOfTheRegion_NoHolderIsFixed() public {
        uint256 local = _member(boss, 440_300);
        OrderInput memory o = _retail(local, 10_000);
        o.shipTo = 440_300;
        vm.expectEmit(address(settlement));
        emit RetailOrderRecorded(2, local, supplier, 10_000, 4_000, 100, 2000, boss, 0);
        _record(o);
    }

    function test_WhenNobodyProtectsTheRegion_NoHolderIsFixed() public {
        OrderInput memory o = _retail(amy, 10_000);
        o.shipTo = 110_000;
        _expectRetail(o, 0);
        o.shipTo = 0;
        _expectRetail(o, 0);
    }

    function test_WhenTheRegionIsReleasedLater_TheOrdersHolderStays() public {
        OrderInput memory o = _retail(amy, 10_000);
        o.shipTo = 440_300;
        uint256 order = _record(o);
        vm.prank(operator);
        settlement.releaseRegion(440_300);
        uint256 before = _available(holder);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_available(holder), before + 300);
    }

    function test_WhenOfACampaign_ItIsCounted() public {
        vm.expectEmit(address(settlement));
        emit CampaignOrderRecorded(2, amy, supplier, 10_000, 4_000, 100, 2000, boss, holder, 1);
        _record(_campaign(amy, holder, 1, 10_000));
        assertEq(settlement.campaign(1).count, 1);
        _record(_campaign(amy, amy, 1, 10_000));
        assertEq(settlement.campaign(1).count, 2);
    }

    function test_WhenInAStore_TheGuideIsTheSeller() public {
        vm.expectEmit(address(settlement));
        emit StoreOrderRecorded(2, silverMember, supplier, 10_000, 4_000, 100, 2200, holder, store);
        _record(_inStore(silverMember, 10_000));
    }

    function test_WhenInAStoreWithoutAGuide_TheRateIsStartersAndNobodyLeads() public {
        vm.expectEmit(address(settlement));
        emit StoreOrderRecorded(2, 0, supplier, 10_000, 4_000, 100, 2000, 0, store);
        _record(_inStore(0, 10_000));
    }

    function test_WhenAcrossBorders_DutyAndInsuranceAreTold() public {
        vm.expectEmit(address(settlement));
        emit CrossBorderOrderRecorded(2, amy, supplier, 10_000, 4_000, 100, 900, 100, 2000, boss);
        _record(_crossBorder(amy, 10_000));
    }

    function test_WhenTheSellersTierRisesLater_TheOrdersRateStays() public {
        uint256 order = _record(_retail(amy, 10_000));
        _sell(_retail(_member(amy, 0), 10_000));
        assertEq(lens.participant(amy).tier, "silver");
        uint256 later = _record(_retail(amy, 10_000));
        assertEq(_decoded(order).rateBps, 2000);
        assertEq(_decoded(later).rateBps, 2200);
        assertTrue(_onRecord(order) && _onRecord(later));
    }

    function test_WhenTheSellerLeavesItsTeamLater_TheOrdersLeaderStays() public {
        uint256 order = _record(_retail(amy, 10_000));
        PlanParameters memory p = _seed();
        p.promotionDirects = 1;
        _publish(p);
        _sell(_retail(_member(amy, 0), 10_000));
        assertTrue(lens.participant(amy).boss);
        assertEq(_decoded(order).leader, boss);
        assertEq(_decoded(_record(_retail(amy, 10_000))).leader, 0);
        uint256 before = _available(boss);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_available(boss), before + 800);
    }

    function test_WhateverElseIsInTheWords_IsIgnored() public {
        OrderInput[] memory one = new OrderInput[](1);
        one[0] = _inStore(amy, 10_000);
        uint256[] memory clean = _words(one);
        _keepBatch(2, _terms(one, clean));
        // ship-to region, refunded, rate, plan and day are not the operator's to say here
        clean[1] |= type(uint256).max << 128;
        vm.expectEmit(address(settlement));
        emit StoreOrderRecorded(2, amy, supplier, 10_000, 4_000, 100, 2000, boss, store);
        vm.prank(operator);
        settlement.recordOrders(2, clean);
        assertEq(settlement.batch(2), _commitment(2));
    }

    function test_WhenABatchHas240Orders_AllAreRecorded() public {
        OrderInput[] memory orders = new OrderInput[](240);
        for (uint256 i = 0; i < 240; ++i) {
            orders[i] = _retail(amy, 100 + i);
        }
        uint256 first = _record(orders);
        assertEq(_nextOrder(), first + 240);
        assertEq(settlement.batch(first), _commitment(first));
        assertTrue(_onRecord(first) && _onRecord(first + 127) && _onRecord(first + 239));
    }

    function _expectRetail(OrderInput memory o, uint256 holder_) private {
        vm.expectEmit(address(settlement));
        emit RetailOrderRecorded(_nextOrder(), amy, supplier, 10_000, 4_000, 100, 2000, boss, holder_);
        uint256 order = _record(o);
        assertEq(_decoded(order).partner, holder_);
        assertTrue(_onRecord(order));
    }

    function _decoded(uint256 order) private view returns (TermsView memory) {
        return lens.decode(termsOf[order].amounts, termsOf[order].parties);
    }

    /// @dev Whether the journal's terms are the ones on record.
    function _onRecord(uint256 order) private view returns (bool) {
        uint256 first = firstOf[order];
        Terms memory t = termsOf[order];
        bytes32[] memory proof = BatchProofs.proof(_leaves(first), 1 << (order - first));
        return lens.proves(first, widthOf[first], deliveriesOf[first], order, t.amounts, t.parties, proof);
    }
}

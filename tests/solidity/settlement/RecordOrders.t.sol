// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice recordOrders: what is refused, in the order of the rules' table (section 4); effects are in RecordOrdersTerms.t.sol
/// ├── when the first number is not the next → OutOfSequence
/// ├── when there are no words, an odd number of them, or more than 240 orders → InvalidBatch
/// ├── when the channel is unknown → UnknownChannel
/// ├── when the price is 0 → InvalidPrice
/// ├── supplier: nobody → UnknownParticipant; an agent or a store → WrongKind
/// ├── seller: nobody, a supplier or a store (0 only in a store) → UnknownParticipant; frozen → AgentFrozen
/// ├── host: no agent → UnknownParticipant; a frozen one is taken
/// ├── campaign: not opened → UnknownCampaign; past its deadline day → CampaignClosed
/// ├── store: nobody → UnknownParticipant; an agent or a supplier → WrongKind
/// ├── cross-border seller without certificate → NotCertified
/// ├── duty, insurance, partner or campaign where the channel has none → WrongChannel
/// ├── when costs and service are above the price → PriceBelowCost; at the price it is taken
/// ├── when the treasury holds less than the price → InsufficientTreasury; exactly the price is taken
/// ├── when two of these are wrong → the first in this order is named
/// └── when one order of several is wrong → none is recorded; the first wrong one is named
contract RecordOrdersTest is SettlementFixture {
    uint256 private carl;

    function setUp() public override {
        super.setUp();
        carl = _founder(0);
        vm.startPrank(operator);
        settlement.certify(carl, true);
        settlement.openGroupBuy(1, 3, 5);
        vm.stopPrank();
    }

    // ---- the batch ----

    function test_WhenTheFirstNumberIsNotTheNext_RevertsWithOutOfSequence() public {
        OrderInput[] memory one = new OrderInput[](1);
        one[0] = _retail(amy, 10_000);
        uint256[] memory words = _words(one);
        uint256[3] memory wrong = [uint256(0), 2, type(uint256).max];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(OutOfSequence.selector, wrong[i], 1));
            vm.prank(operator);
            settlement.recordOrders(wrong[i], words);
        }
        _record(one);
        vm.expectRevert(abi.encodeWithSelector(OutOfSequence.selector, 1, 2));
        vm.prank(operator);
        settlement.recordOrders(1, words);
    }

    function test_WhenTheBatchIsEmpty_RevertsWithInvalidBatch() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidBatch.selector, 0));
        vm.prank(operator);
        settlement.recordOrders(1, new uint256[](0));
    }

    function test_WhenAWordIsMissing_RevertsWithInvalidBatch() public {
        vm.startPrank(operator);
        vm.expectRevert(abi.encodeWithSelector(InvalidBatch.selector, 1));
        settlement.recordOrders(1, new uint256[](1));
        vm.expectRevert(abi.encodeWithSelector(InvalidBatch.selector, 3));
        settlement.recordOrders(1, new uint256[](3));
    }

    function test_WhenThereAreMoreThan240Orders_RevertsWithInvalidBatch() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidBatch.selector, 482));
        vm.prank(operator);
        settlement.recordOrders(1, new uint256[](482));
    }

    function test_WhenOutOfSequenceAndEmpty_RevertsWithOutOfSequence() public {
        vm.expectRevert(abi.encodeWithSelector(OutOfSequence.selector, 9, 1));
        vm.prank(operator);
        settlement.recordOrders(9, new uint256[](0));
    }

    // ---- one check after the other ----

    function test_WhenTheChannelIsUnknown_RevertsWithUnknownChannel() public {
        uint256[] memory words = new uint256[](2);
        for (uint256 channel = 4; channel < 70_000; channel *= 4) {
            words[0] = (channel & 0xffff) << 240;
            if (words[0] == 0) continue;
            vm.expectRevert(abi.encodeWithSelector(UnknownChannel.selector, channel & 0xffff));
            vm.prank(operator);
            settlement.recordOrders(1, words);
        }
    }

    function test_WhenThePriceIs0_RevertsWithInvalidPrice_BeforeAllElse() public {
        OrderInput memory o = _retail(99, 0);
        o.supplier = 99;
        _refuseOrder(abi.encodeWithSelector(InvalidPrice.selector, 1), o);
    }

    function test_WhenTheSupplierIsNobody_RevertsWithUnknownParticipant_BeforeTheSeller() public {
        uint256[3] memory nobodies = [uint256(0), 1, 99];
        for (uint256 i = 0; i < 3; ++i) {
            OrderInput memory o = _retail(98, 10_000);
            o.supplier = nobodies[i];
            _refuseOrder(abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]), o);
        }
    }

    function test_WhenTheSupplierIsOfAnotherKind_RevertsWithWrongKind_BeforeTheSeller() public {
        OrderInput memory o = _retail(98, 10_000);
        o.supplier = amy;
        _refuseOrder(abi.encodeWithSelector(WrongKind.selector, amy, 1), o);
        o.supplier = store;
        _refuseOrder(abi.encodeWithSelector(WrongKind.selector, store, 3), o);
    }

    function test_WhenTheSellerIsNoAgent_RevertsWithUnknownParticipant_InEveryChannel() public {
        uint256[4] memory nobodies = [uint256(99), supplier, store, 0];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 seller = nobodies[i];
            bytes memory error_ = abi.encodeWithSelector(UnknownParticipant.selector, seller);
            _refuseOrder(error_, _retail(seller, 10_000));
            _refuseOrder(error_, _campaign(seller, amy, 1, 10_000));
            _refuseOrder(error_, _crossBorder(seller, 10_000));
            if (seller != 0) _refuseOrder(error_, _inStore(seller, 10_000));
        }
    }

    function test_WhenTheSellerIsFrozen_RevertsWithAgentFrozen_BeforeHostCampaignStoreAndCertificate() public {
        _freeze(amy);
        bytes memory error_ = abi.encodeWithSelector(AgentFrozen.selector, amy);
        _refuseOrder(error_, _retail(amy, 10_000));
        _refuseOrder(error_, _campaign(amy, 99, 7, 10_000));
        _refuseOrder(error_, _crossBorder(amy, 10_000));
        OrderInput memory o = _inStore(amy, 10_000);
        o.partner = 99;
        _refuseOrder(error_, o);
    }

    function test_WhenTheHostIsNoAgent_RevertsWithUnknownParticipant_BeforeTheCampaign() public {
        uint256[4] memory nobodies = [uint256(0), 99, supplier, store];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]);
            _refuseOrder(error_, _campaign(amy, nobodies[i], 7, 10_000));
        }
    }

    function test_WhenTheHostIsFrozen_IsTaken() public {
        _freeze(carl);
        _record(_campaign(amy, carl, 1, 10_000));
    }

    function test_WhenTheCampaignWasNotOpened_RevertsWithUnknownCampaign_BeforeDutyAndCosts() public {
        OrderInput memory o = _campaign(amy, carl, 7, 10_000);
        (o.duty, o.cost) = (1, 10_001);
        _refuseOrder(abi.encodeWithSelector(UnknownCampaign.selector, 7), o);
        o.campaign = 0;
        _refuseOrder(abi.encodeWithSelector(UnknownCampaign.selector, 0), o);
    }

    function test_WhenTheCampaignsDeadlineDayIsPast_RevertsWithCampaignClosed() public {
        OrderInput memory o = _campaign(amy, carl, 1, 10_000);
        _advance(5);
        _record(o);
        _advance(1);
        o.duty = 1;
        _refuseOrder(abi.encodeWithSelector(CampaignClosed.selector, 1, 5), o);
        assertEq(settlement.campaign(1).count, 1);
    }

    function test_WhenTheStoreIsNone_RevertsWithUnknownParticipantOrWrongKind_BeforeWrongChannel() public {
        OrderInput memory o = _inStore(amy, 10_000);
        (o.campaign, o.duty) = (1, 1);
        o.partner = 0;
        _refuseOrder(abi.encodeWithSelector(UnknownParticipant.selector, 0), o);
        o.partner = 99;
        _refuseOrder(abi.encodeWithSelector(UnknownParticipant.selector, 99), o);
        o.partner = boss;
        _refuseOrder(abi.encodeWithSelector(WrongKind.selector, boss, 1), o);
        o.partner = supplier;
        _refuseOrder(abi.encodeWithSelector(WrongKind.selector, supplier, 2), o);
    }

    function test_WhenNotCertified_RevertsWithNotCertified_BeforeWrongChannelAndCosts() public {
        OrderInput memory o = _crossBorder(amy, 10_000);
        (o.partner, o.campaign, o.cost) = (boss, 1, 10_001);
        _refuseOrder(abi.encodeWithSelector(NotCertified.selector, amy), o);
    }

    function test_WhenTheChannelDoesNotHaveIt_RevertsWithWrongChannel_BeforePriceBelowCost() public {
        for (uint256 channel = 0; channel < 4; ++channel) {
            for (uint256 field = 0; field < 4; ++field) {
                OrderInput memory o = _ofChannel(channel);
                if (!_addForeign(o, field)) continue;
                o.cost = 10_001;
                _refuseOrder(abi.encodeWithSelector(WrongChannel.selector, 1, channel), o);
            }
        }
    }

    function test_WhenCostsAreAboveThePrice_RevertsWithPriceBelowCost_BeforeInsufficientTreasury() public {
        uint256 price = FUNDS + 1;
        OrderInput memory o = _retail(amy, price);
        (o.cost, o.fees) = (price, 1);
        _refuseOrder(abi.encodeWithSelector(PriceBelowCost.selector, 1, price, price + 1), o);
    }

    function test_WhenCostsAreThePrice_IsTaken() public {
        OrderInput memory o = _retail(amy, 10_000);
        (o.cost, o.fees) = (9_999, 1);
        _record(o);
        (o.cost, o.fees) = (9_999, 2);
        _refuseOrder(abi.encodeWithSelector(PriceBelowCost.selector, 2, 10_000, 10_001), o);
    }

    function test_WhenCostsDutyInsuranceAndServiceAreThePrice_IsTaken_AndNotOneMore() public {
        OrderInput memory o = _crossBorder(carl, 10_009);
        // service: 10 % of 10 009, rounded down
        (o.cost, o.fees, o.duty, o.insurance) = (8_000, 9, 900, 100);
        _record(o);
        o.insurance = 101;
        _refuseOrder(abi.encodeWithSelector(PriceBelowCost.selector, 2, 10_009, 10_010), o);
    }

    function test_WhenTheTreasuryHoldsLess_RevertsWithInsufficientTreasury() public {
        _refuseOrder(abi.encodeWithSelector(InsufficientTreasury.selector, FUNDS, FUNDS + 1), _retail(amy, FUNDS + 1));
        _record(_retail(amy, FUNDS));
        assertEq(_treasury(), 0);
        assertEq(_escrow(), FUNDS);
        _refuseOrder(abi.encodeWithSelector(InsufficientTreasury.selector, 0, 1), _retail(amy, 1));
    }

    // ---- several orders ----

    function test_WhenOneOfSeveralIsWrong_NoneIsRecorded() public {
        OrderInput[] memory orders = new OrderInput[](3);
        orders[0] = _campaign(amy, carl, 1, 10_000);
        orders[1] = _retail(99, 10_000);
        orders[2] = _retail(amy, 0);
        _refuseOrders(abi.encodeWithSelector(UnknownParticipant.selector, 99), orders);
        orders[1] = _retail(amy, 10_000);
        _refuseOrders(abi.encodeWithSelector(InvalidPrice.selector, 3), orders);
        assertEq(_nextOrder(), 1);
        assertEq(_treasury(), FUNDS);
        assertEq(settlement.campaign(1).count, 0);
        assertEq(settlement.batch(1), 0);
    }

    function test_WhenTheTreasuryIsUsedUpWithinTheBatch_RevertsWithInsufficientTreasury() public {
        OrderInput[] memory orders = new OrderInput[](2);
        orders[0] = _retail(amy, FUNDS - 5);
        orders[1] = _retail(amy, 6);
        _refuseOrders(abi.encodeWithSelector(InsufficientTreasury.selector, 5, 6), orders);
        orders[1] = _retail(amy, 5);
        _record(orders);
        assertEq(_treasury(), 0);
    }

    function _ofChannel(uint256 channel) private view returns (OrderInput memory) {
        if (channel == 0) return _retail(amy, 10_000);
        if (channel == 1) return _campaign(amy, carl, 1, 10_000);
        return channel == 2 ? _inStore(amy, 10_000) : _crossBorder(carl, 10_000);
    }

    /// @dev Adds something that the channel does not have; false where it has it.
    function _addForeign(OrderInput memory o, uint256 field) private view returns (bool) {
        if (field == 0) o.duty = 1;
        else if (field == 1) o.insurance = 1;
        else if (field == 2) o.partner = carl;
        else o.campaign = 1;
        if (o.channel == 3) return field >= 2;
        if (o.channel == 1) return field < 2;
        return o.channel == 0 || field != 2;
    }

    function _freeze(uint256 agent) private {
        vm.prank(riskOfficer);
        settlement.freeze(agent, "file");
    }
}

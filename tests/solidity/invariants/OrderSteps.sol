// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {CAMPAIGN, CROSS_BORDER, RETAIL, STORE} from "../../../contracts/types/Channels.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {PeopleSteps} from "./PeopleSteps.sol";

/// @title Steps of orders: campaigns, recording in all channels, delivery, settlement, voids, refunds, holds
abstract contract OrderSteps is PeopleSteps {
    uint256 private constant BATCH = 6;

    function openGroupBuy(uint256 seed, uint256 which) external kept {
        uint256 id = _anything(seed) ? seed % 4 : campaigns + 1;
        vm.prank(operator);
        settlement.openGroupBuy(id, _draw(seed, 1) % 8, which % 50);
        campaigns = id;
    }

    function openPresale(uint256 seed, uint256 which) external kept {
        uint256 id = _anything(seed) ? seed % 4 : campaigns + 1;
        vm.prank(operator);
        settlement.openPresale(id, which % 50);
        campaigns = id;
    }

    function recordRetail(uint256 seed, uint256 count) external kept {
        _recordSome(seed, count, RETAIL);
    }

    function recordCampaign(uint256 seed, uint256 count) external kept {
        _recordSome(seed, count, CAMPAIGN);
    }

    function recordStore(uint256 seed, uint256 count) external kept {
        _recordSome(seed, count, STORE);
    }

    function recordCrossBorder(uint256 seed, uint256 count) external kept {
        _recordSome(seed, count, CROSS_BORDER);
    }

    /// @dev A batch over all channels.
    function recordMixed(uint256 seed, uint256 count) external kept {
        _record(_randomOrders(seed, 1 + count % (2 * BATCH)));
    }

    function deliver(uint256 seed, uint256 most) external kept {
        _deliver(_orders(seed, 1 + most % (2 * BATCH), _canDeliver));
    }

    function payBalance(uint256 seed, uint256) external kept {
        _payBalance(_order(seed, _canPayBalance));
    }

    function settle(uint256 seed, uint256 most) external kept {
        _settle(_orders(seed, 1 + most % (2 * BATCH), _canSettle));
    }

    /// @dev A sale from recording to settlement, the days between included.
    function sell(uint256 seed, uint256 count) external kept {
        OrderInput[] memory orders = new OrderInput[](1 + count % BATCH);
        uint256[] memory numbers = new uint256[](orders.length);
        for (uint256 i = 0; i < orders.length; ++i) {
            orders[i] = _randomOrder(_draw(seed, i), [RETAIL, STORE, CROSS_BORDER][_draw(seed, i) % 3]);
            numbers[i] = _nextOrder() + i;
        }
        _record(orders);
        _deliver(numbers);
        vm.warp(vm.getBlockTimestamp() + 11 days);
        _settle(numbers);
    }

    function voidOrders(uint256 seed, uint256 most) external kept {
        settlement.voidOrders(_select(_orders(seed, 1 + most % BATCH, _canVoid)));
    }

    function refundOpen(uint256 seed, uint256 amount) external kept {
        uint256 order = _order(seed, _isOpen);
        _refund(order, _part(amount, termsOf[order].net()));
    }

    function refundSettled(uint256 seed, uint256 amount) external kept {
        uint256 order = _order(seed, _canRefundSettled);
        _refund(order, _part(amount, termsOf[order].net()));
    }

    function hold(uint256 seed, uint256 by) external kept {
        uint256 order = _order(seed, _canHold);
        vm.prank(by % 2 == 0 ? operator : riskOfficer);
        settlement.hold(order, "reason");
        (, uint256 first,) = settlement.orderNotes(order);
        if (firstHeldOn[order] == 0) firstHeldOn[order] = settlement.today();
        if (first != firstHeldOn[order]) _fail("the day of the first hold moved");
        isHeld[order] = true;
    }

    function release(uint256 seed, uint256) external kept {
        uint256 order = _order(seed, _isHeld);
        vm.prank(riskOfficer);
        settlement.release(order);
        isHeld[order] = false;
    }

    function compensate(uint256 seed, uint256 amount) external kept {
        uint256 order = _order(seed, _canCompensate);
        (,, uint256 before) = settlement.orderNotes(order);
        ProvedOrder memory proved = _prove(order);
        vm.prank(operator);
        settlement.compensate(proved.order, _part(amount, termsOf[order].price() - before), proved.deliveries, proved.proof);
    }

    function claimInsurance(uint256 seed, uint256 loss) external kept {
        uint256 order = _order(seed, _canClaimInsurance);
        ProvedOrder memory proved = _prove(order);
        uint256 duty = termsOf[order].duty() * termsOf[order].net() / _max(termsOf[order].price(), 1);
        vm.prank(operator);
        settlement.claimInsurance(proved.order, _part(loss, duty), proved.deliveries, proved.proof);
        if (insurancePaid[order] != 0) _fail("insurance paid twice");
    }

    function _randomOrders(uint256 seed, uint256 count) internal view returns (OrderInput[] memory orders) {
        orders = new OrderInput[](count);
        for (uint256 i = 0; i < count; ++i) {
            orders[i] = _randomOrder(_draw(seed, i), _draw(seed, i) % 4);
        }
    }

    function _recordSome(uint256 seed, uint256 count, uint256 channel) private {
        OrderInput[] memory orders = new OrderInput[](1 + count % BATCH);
        for (uint256 i = 0; i < orders.length; ++i) {
            orders[i] = _randomOrder(_draw(seed, i), channel);
        }
        _record(orders);
    }

    /// @dev An order that the contract takes in most cases; one in eight has nothing left of its price.
    function _randomOrder(uint256 seed, uint256 channel) private view returns (OrderInput memory o) {
        o.channel = channel;
        o.price = 1 + _draw(seed, 1) % (_draw(seed, 2) % 4 == 0 ? 60 : 200_000);
        o.cost = o.price * (_draw(seed, 3) % 50) / 100;
        o.fees = o.price * (_draw(seed, 4) % 4) / 100;
        o.supplier = suppliers[_draw(seed, 5) % suppliers.length];
        o.seller = _agent(_draw(seed, 6), channel == CROSS_BORDER ? _mayCross : _isFree);
        uint256 service;
        if (channel == RETAIL) {
            o.shipTo = _region(_draw(seed, 7));
        } else if (channel == CAMPAIGN) {
            o.campaign = _campaignFor(_draw(seed, 8));
            o.partner = _draw(seed, 9) % 4 == 0 ? o.seller : _agent(_draw(seed, 9));
        } else if (channel == STORE) {
            o.partner = stores[_draw(seed, 10) % stores.length];
            if (_draw(seed, 11) % 4 == 0) o.seller = 0;
        } else {
            o.duty = o.price * (_draw(seed, 12) % 15) / 100;
            o.insurance = o.price * (_draw(seed, 13) % 4) / 100;
            service = o.price * settlement.plan(settlement.book().plan).serviceBps / 10_000;
        }
        uint256 others = o.fees + o.duty + o.insurance + service;
        if (_draw(seed, 14) % 8 == 0 && others < o.price) o.cost = o.price - others;
    }

    /// @dev A campaign that is open still; the last one where there is none.
    function _campaignFor(uint256 seed) private view returns (uint256) {
        for (uint256 i = 0; i < campaigns; ++i) {
            uint256 id = addmod(seed, i, campaigns) + 1;
            if (settlement.today() <= settlement.campaign(id).deadline) return id;
        }
        return campaigns;
    }

    /// @dev All of it one time in four, else 1 to all; now and then too much or nothing.
    function _part(uint256 seed, uint256 all) internal pure returns (uint256) {
        if (_anything(seed)) return seed % 2 == 0 ? 0 : all + 1;
        return all == 0 || seed % 4 == 0 ? all : 1 + _draw(seed, 1) % all;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? b : a;
    }
}

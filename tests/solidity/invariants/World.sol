// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccountView, OrderInput, ParticipantView, TermsView} from "../../../contracts/SettlementLens.sol";
import {Campaign, PoolClock} from "../../../contracts/state/State.sol";
import {CROSS_BORDER} from "../../../contracts/types/Channels.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {SettlementFixture} from "../SettlementFixture.sol";
import {EventLedger} from "./EventLedger.sol";
import {Line, RulesSplit} from "./RulesSplit.sol";

/// @title A deployment in the middle of its life, and what the steps of a random history choose from
/// @notice Conditions of tiers are low, so that a short history has diamonds, regions and pools. A step picks what it can
/// succeed with, and now and then anything at all.
abstract contract World is SettlementFixture, EventLedger {
    uint256 private constant ANYTHING = 16;

    uint256[] internal agents;
    uint256[] internal suppliers;
    uint256[] internal stores;
    uint256 internal campaigns;

    /// @dev As they were when the agent joined.
    mapping(uint256 agent => uint256) internal introducerOf;
    mapping(uint256 agent => uint256) internal leaderAtJoining;
    mapping(uint256 order => bool) internal isHeld;
    mapping(uint256 order => uint256) internal firstHeldOn;
    mapping(uint256 version => bytes32) internal planHash;

    /// @dev Enters the events of the step into the books. The step's revert, where it fails, takes everything back.
    modifier kept() {
        vm.recordLogs();
        _;
        _enter(vm.getRecordedLogs(), address(settlement));
    }

    function setUp() public virtual override {
        vm.recordLogs();
        super.setUp();
        _keepPlan();
        PlanParameters memory plan = _seed();
        (plan.bronzeDirects, plan.silverTeam, plan.goldTeam, plan.diamondTeam) = (1, 2, 3, 4);
        plan.activityPrice = 1000;
        _publish(plan);
        _keepPlan();
        suppliers = [supplier, _supplier()];
        stores = [store, _store()];
        _keepAgent(boss, 0);
        _keepAgent(amy, boss);
        _keepAgent(_founder(440_000), 0);
        for (uint256 i = 0; i < 3; ++i) {
            _keepAgent(_member(i < 2 ? boss : amy, 440_000), i < 2 ? boss : amy);
        }
        _live();
        _enter(vm.getRecordedLogs(), address(settlement));
    }

    /// @dev Everybody sells once, so that the boss is a diamond; roles that need a state are filled.
    function _live() private {
        OrderInput[] memory orders = new OrderInput[](agents.length + 1);
        for (uint256 i = 0; i < agents.length; ++i) {
            orders[i] = _retail(agents[i], 10_000 + i);
        }
        vm.prank(operator);
        settlement.certify(amy, true);
        orders[agents.length] = _crossBorder(amy, 20_001);
        uint256 order = _record(orders);
        uint256[] memory numbers = new uint256[](orders.length);
        for (uint256 i = 0; i < orders.length; ++i) {
            numbers[i] = order + i;
        }
        _deliver(numbers);
        _advance(8);
        _settle(numbers);
        vm.startPrank(operator);
        settlement.protectRegion(310_000, boss);
        settlement.openGroupBuy(1, 3, 10);
        settlement.openPresale(2, 20);
        vm.stopPrank();
        campaigns = 2;
    }

    // ---- what the books ask ----

    function _payeeOf(uint256 order, Line line) internal view override returns (uint256) {
        return RulesSplit.payee(_termsView(order), line);
    }

    function _priceOf(uint256 order) internal view override returns (uint256) {
        return termsOf[order].price();
    }

    /// @dev Section 6.3: settled once, not before the window is over, not while held, not after it was closed otherwise.
    function _whenSettled(uint256 order) internal override {
        uint256 today = settlement.today();
        if (timesSettled[order] > 1) _fail("settled twice");
        if (timesDropped[order] != 0) _fail("settled after it was voided or refunded in full");
        if (!_isDelivered(order)) _fail("settled before it was delivered");
        if (today < _dueOn(order)) _fail("settled before its return window was over");
        if (isHeld[order] && today < firstHeldOn[order] + 60) _fail("settled while it was held");
    }

    function _termsView(uint256 order) internal view returns (TermsView memory) {
        Terms memory t = termsOf[order];
        return lens.decode(t.amounts, t.parties);
    }

    function _dueOn(uint256 order) internal view returns (uint256) {
        return _deliveredOn(order) + settlement.plan(termsOf[order].plan()).returnDays + 1;
    }

    /// @dev The wallet that a participant has now.
    function _walletOf(uint256 participant) internal view returns (address) {
        return lens.participant(participant).wallet;
    }

    function _keepAgent(uint256 agent, uint256 introducer) internal {
        agents.push(agent);
        introducerOf[agent] = introducer;
        leaderAtJoining[agent] = lens.participant(agent).leader;
    }

    function _keepPlan() internal {
        uint256 version = settlement.book().plan;
        planHash[version] = keccak256(abi.encode(settlement.plan(version)));
    }

    // ---- choosing ----

    function _draw(uint256 seed, uint256 salt) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }

    /// @dev One time in sixteen a step takes whatever comes, so that refusals are met, too.
    function _anything(uint256 seed) internal pure returns (bool) {
        return _draw(seed, 97) % ANYTHING == 0;
    }

    function _anybodyAt(uint256 seed) internal view returns (uint256) {
        return _draw(seed, 98) % (settlement.lastParticipant() + 2);
    }

    function _agent(uint256 seed) internal view returns (uint256) {
        return _anything(seed) ? _anybodyAt(seed) : agents[seed % agents.length];
    }

    /// @dev An agent that the condition holds for, from a random one on; without any, a random one.
    function _agent(uint256 seed, function(uint256) view returns (bool) condition) internal view returns (uint256) {
        if (_anything(seed)) return _anybodyAt(seed);
        for (uint256 i = 0; i < agents.length; ++i) {
            uint256 agent = agents[addmod(seed, i, agents.length)];
            if (condition(agent)) return agent;
        }
        return agents[seed % agents.length];
    }

    function _isFrozen(uint256 agent) internal view returns (bool) {
        return lens.participant(agent).frozen;
    }

    function _isFree(uint256 agent) internal view returns (bool) {
        return !lens.participant(agent).frozen;
    }

    function _mayCross(uint256 agent) internal view returns (bool) {
        return lens.participant(agent).certified && _isFree(agent);
    }

    function _mayIntroduce(uint256 agent) internal view returns (bool) {
        ParticipantView memory p = lens.participant(agent);
        return !p.frozen && (p.boss || lens.participant(p.introducer).boss);
    }

    function _mayProtect(uint256 agent) internal view returns (bool) {
        ParticipantView memory p = lens.participant(agent);
        return p.region != 0 && settlement.holderOf(p.region) == 0 && p.teamActive >= 2;
    }

    function _hasDeposit(uint256 agent) internal view returns (bool) {
        return lens.account(agent).deposit != 0;
    }

    function _canReleaseDeposit(uint256 agent) internal view returns (bool) {
        AccountView memory a = lens.account(agent);
        return a.deposit != 0 && a.debt == 0 && a.lockedUntil <= settlement.today() && _isFree(agent);
    }

    function _canWithdraw(uint256 agent) internal view returns (bool) {
        return _available(agent) != 0 && _isFree(agent);
    }

    function _canClaimSupport(uint256 agent) internal view returns (bool) {
        if (_closedMonths() == 0) return false;
        (uint256 weight, bool claimed) = settlement.supportWeight(_closedMonths() - 1, agent);
        return weight != 0 && !claimed;
    }

    function _canClaimDividend(uint256 agent) internal view returns (bool) {
        if (_closedYears() == 0) return false;
        (uint256 weight, bool claimed) = settlement.dividendWeight(_closedYears() - 1, agent);
        return weight != 0 && !claimed;
    }

    // ---- closings and orders ----

    function _clock() internal view returns (PoolClock memory clock) {
        (clock,) = settlement.supportMonth(0);
    }

    function _closedMonths() internal view returns (uint256) {
        return _clock().monthsClosed;
    }

    function _closedYears() internal view returns (uint256) {
        return _clock().yearsClosed;
    }

    function _lastOrder() internal view returns (uint256) {
        return settlement.book().orders;
    }

    function _isOpen(uint256 order) internal view returns (bool) {
        return timesSettled[order] == 0 && timesDropped[order] == 0;
    }

    function _isWon(uint256 order) internal view returns (bool) {
        uint256 id = termsOf[order].campaign();
        if (id == 0) return true;
        Campaign memory c = settlement.campaign(id);
        if (!c.presale) return c.count >= c.target;
        (,,, bool balancePaid,) = lens.orderState(order);
        return balancePaid;
    }

    function _isOver(uint256 order) internal view returns (bool) {
        uint256 id = termsOf[order].campaign();
        return id != 0 && settlement.today() > settlement.campaign(id).deadline;
    }

    function _canDeliver(uint256 order) internal view returns (bool) {
        return _isOpen(order) && !_isDelivered(order);
    }

    function _canSettle(uint256 order) internal view returns (bool) {
        uint256 today = settlement.today();
        return _isOpen(order) && _isDelivered(order) && today >= _dueOn(order)
            && (!isHeld[order] || today >= firstHeldOn[order] + 60) && (_isWon(order) || _isOver(order));
    }

    function _canVoid(uint256 order) internal view returns (bool) {
        if (!_isOpen(order) || _isDelivered(order)) return false;
        bool failed = _isOver(order) && !_isWon(order);
        return failed || settlement.today() >= termsOf[order].day() + 90;
    }

    function _canPayBalance(uint256 order) internal view returns (bool) {
        return _isOpen(order) && termsOf[order].campaign() != 0
            && settlement.campaign(termsOf[order].campaign()).presale && !_isOver(order);
    }

    function _canRefundSettled(uint256 order) internal view returns (bool) {
        uint256 days_ = settlement.plan(termsOf[order].plan()).refundDays;
        uint256 last = _deliveredOn(order) + days_;
        return timesSettled[order] != 0 && termsOf[order].net() != 0 && settlement.today() <= last;
    }

    function _canHold(uint256 order) internal view returns (bool) {
        return _isOpen(order) && !isHeld[order];
    }

    function _isHeld(uint256 order) internal view returns (bool) {
        return isHeld[order];
    }

    function _canCompensate(uint256 order) internal view returns (bool) {
        (,, uint256 compensated) = settlement.orderNotes(order);
        return compensated < termsOf[order].price();
    }

    function _canClaimInsurance(uint256 order) internal view returns (bool) {
        return termsOf[order].channel() == CROSS_BORDER && timesSettled[order] != 0 && insurancePaid[order] == 0
            && termsOf[order].insurance() != 0;
    }

    /// @dev Up to `most` orders that the condition holds for, ascending from a random one on; without any, a random one.
    function _orders(uint256 seed, uint256 most, function(uint256) view returns (bool) condition)
        internal
        view
        returns (uint256[] memory found)
    {
        uint256 last = _lastOrder();
        found = new uint256[](most);
        uint256 count;
        bool anything = _anything(seed);
        if (!anything) {
            uint256 start = seed % last;
            for (uint256 i = 0; i < last && count < most; ++i) {
                uint256 order = (start + i) % last + 1;
                if (condition(order)) found[count++] = order;
            }
        }
        if (count == 0) found[count++] = anything ? _draw(seed, 99) % (last + 2) : seed % last + 1;
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    function _order(uint256 seed, function(uint256) view returns (bool) condition) internal view returns (uint256) {
        return _orders(seed, 1, condition)[0];
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Test} from "forge-std/Test.sol";
import {Settlement} from "../../contracts/Settlement.sol";
import {AccountView, OrderInput, ParticipantView, SettlementLens} from "../../contracts/SettlementLens.sol";
import {ISettlementErrors} from "../../contracts/interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../../contracts/interfaces/ISettlementEvents.sol";
import {Delivery} from "../../contracts/logic/OrderCare.sol";
import {Epoch, PoolClock} from "../../contracts/state/State.sol";
import {LocalToken} from "../../contracts/token/LocalToken.sol";
import {CAMPAIGN, CROSS_BORDER, RETAIL, STORE} from "../../contracts/types/Channels.sol";
import {PlanParameters} from "../../contracts/types/Plan.sol";
import {GUARDIAN, OPERATOR, RISK, TREASURER} from "../../contracts/types/Roles.sol";
import {Terms} from "../../contracts/types/Terms.sol";
import {Consents} from "./Consents.sol";
import {OrderJournal, ProvedOrder} from "./OrderJournal.sol";

/// @title A whole deployment with its people, for the tests of the settlement contract
/// @notice Steps are taken by whoever may take them, and kept in the journal. Amounts are minor units.
abstract contract SettlementFixture is Test, OrderJournal, ISettlementErrors, ISettlementEvents {
    /// @dev 09:00 of a day in UTC+8, the deployment's time zone.
    uint256 internal constant START = 20_000 days + 1 hours;
    int256 internal constant UTC_OFFSET = 8 hours;
    uint256 internal constant FUNDS = 10 ** 12;
    /// @dev A deadline that no test reaches.
    uint256 internal constant LATER = START + 36_500 days;

    /// @dev Roles and delay of plans in the access manager.
    uint64 internal constant PLAN_ADMIN = 1;
    uint64 internal constant PLAN_GUARDIAN = 2;
    uint32 internal constant PLAN_DELAY = 2 days;

    address internal immutable admin = makeAddr("admin");
    address internal immutable operator = makeAddr("operator");
    address internal immutable riskOfficer = makeAddr("risk officer");
    address internal immutable treasurer = makeAddr("treasurer");
    address internal immutable guardian = makeAddr("guardian");
    address internal immutable planAdmin = makeAddr("plan administrator");
    address internal immutable planGuardian = makeAddr("plan guardian");
    address internal immutable anybody = makeAddr("anybody");

    AccessManager internal manager;
    LocalToken internal token;
    Settlement internal settlement;
    SettlementLens internal lens;

    /// @dev The people that are there from the start: a supplier, a store, a boss and a member of its team.
    uint256 internal supplier;
    uint256 internal store;
    uint256 internal boss;
    uint256 internal amy;

    mapping(address wallet => uint256) internal keyOf;
    /// @dev The wallet that a participant joined with.
    mapping(uint256 participant => address) internal walletOf;
    uint256 private _wallets;

    function setUp() public virtual {
        vm.warp(START);
        token = new LocalToken(address(this));
        _deploy(token);
        token.mint(anybody, FUNDS);
        vm.startPrank(anybody);
        token.approve(address(settlement), type(uint256).max);
        settlement.fund(FUNDS);
        vm.stopPrank();
        supplier = _supplier();
        store = _store();
        boss = _founder(310_000);
        amy = _member(boss, 310_000);
    }

    /// @dev The contracts over a token, with all roles given.
    function _deploy(IERC20 token_) internal {
        manager = new AccessManager(admin);
        settlement = new Settlement(token_, address(manager), UTC_OFFSET, _seed());
        lens = new SettlementLens(settlement);
        bytes4[] memory plans = new bytes4[](1);
        plans[0] = Settlement.publishPlan.selector;
        vm.startPrank(admin);
        manager.setTargetFunctionRole(address(settlement), plans, PLAN_ADMIN);
        manager.setRoleGuardian(PLAN_ADMIN, PLAN_GUARDIAN);
        manager.grantRole(PLAN_ADMIN, planAdmin, PLAN_DELAY);
        manager.grantRole(PLAN_GUARDIAN, planGuardian, 0);
        settlement.setRole(operator, OPERATOR);
        settlement.setRole(riskOfficer, RISK);
        settlement.setRole(treasurer, TREASURER);
        settlement.setRole(guardian, GUARDIAN);
        vm.stopPrank();
    }

    // ---- time and plans ----

    function _advance(uint256 days_) internal {
        vm.warp(vm.getBlockTimestamp() + days_ * 1 days);
    }

    /// @dev Puts a plan into force at once, by a planner without delay.
    function _publish(PlanParameters memory plan) internal {
        address planner = makeAddr("planner without delay");
        vm.prank(admin);
        manager.grantRole(PLAN_ADMIN, planner, 0);
        vm.prank(planner);
        settlement.publishPlan(plan);
    }

    /// @dev Plan `seed` of the rules, section 2.
    function _seed() internal pure returns (PlanParameters memory p) {
        p.tierBps = [uint256(2000), 2000, 2200, 2500, 3000];
        (p.bronzeDirects, p.silverTeam, p.goldTeam, p.diamondTeam) = (5, 30, 100, 500);
        (p.teamBps, p.capBps, p.fundBps, p.dividendBps) = (800, 4500, 2500, 500);
        (p.regionBps, p.hostBps, p.guideBps) = (300, 6000, 7000);
        (p.serviceBps, p.holdbackBps, p.insuranceBps) = (1000, 1000, 8000);
        (p.returnDays, p.promotionDirects, p.dividendShareCapBps) = (7, 2, 5000);
        (p.activityPrice, p.refundDays, p.depositLockDays) = (5000, 180, 30);
    }

    // ---- people ----

    /// @dev A wallet that nobody has yet, with its key kept.
    function _wallet() internal returns (address wallet) {
        uint256 key;
        (wallet, key) = makeAddrAndKey(string.concat("wallet ", vm.toString(++_wallets)));
        keyOf[wallet] = key;
    }

    function _supplier() internal returns (uint256 id) {
        address wallet = _wallet();
        vm.prank(operator);
        id = settlement.registerSupplier(wallet);
        walletOf[id] = wallet;
    }

    function _store() internal returns (uint256 id) {
        address wallet = _wallet();
        vm.prank(operator);
        id = settlement.registerStore(wallet);
        walletOf[id] = wallet;
    }

    function _founder(uint256 region) internal returns (uint256 id) {
        address wallet = _wallet();
        vm.prank(operator);
        id = settlement.joinFounder(wallet, region);
        walletOf[id] = wallet;
    }

    function _member(uint256 introducer, uint256 region) internal returns (uint256 id) {
        address wallet = _wallet();
        bytes memory consent = _sign(wallet, Consents.join(_domain(), wallet, introducer, region, LATER));
        id = settlement.join(wallet, introducer, region, LATER, consent);
        walletOf[id] = wallet;
    }

    function _domain() internal view returns (bytes32) {
        return Consents.domain(block.chainid, address(settlement));
    }

    function _sign(address wallet, bytes32 digest) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s_) = vm.sign(keyOf[wallet], digest);
        return abi.encodePacked(r, s_, v);
    }

    // ---- orders ----

    /// @dev A sale with costs of 40 % and fees of 1 % of the price.
    function _sale(uint256 channel, uint256 seller, uint256 price) private view returns (OrderInput memory o) {
        (o.channel, o.seller, o.supplier) = (channel, seller, supplier);
        (o.price, o.cost, o.fees) = (price, price * 4 / 10, price / 100);
    }

    function _retail(uint256 seller, uint256 price) internal view returns (OrderInput memory) {
        return _sale(RETAIL, seller, price);
    }

    function _campaign(uint256 seller, uint256 host, uint256 campaign, uint256 price)
        internal
        view
        returns (OrderInput memory o)
    {
        o = _sale(CAMPAIGN, seller, price);
        (o.partner, o.campaign) = (host, campaign);
    }

    function _inStore(uint256 guide, uint256 price) internal view returns (OrderInput memory o) {
        o = _sale(STORE, guide, price);
        o.partner = store;
    }

    /// @dev Duty 9 %, insurance 1 % of the price.
    function _crossBorder(uint256 seller, uint256 price) internal view returns (OrderInput memory o) {
        o = _sale(CROSS_BORDER, seller, price);
        (o.duty, o.insurance) = (price * 9 / 100, price / 100);
    }

    function _record(OrderInput memory o) internal returns (uint256) {
        OrderInput[] memory one = new OrderInput[](1);
        one[0] = o;
        return _record(one);
    }

    /// @dev Records one batch and keeps it in the journal. Returns the first order's number.
    function _record(OrderInput[] memory orders) internal returns (uint256 first) {
        first = _nextOrder();
        uint256[] memory words = _words(orders);
        Terms[] memory terms = _terms(orders, words);
        vm.prank(operator);
        settlement.recordOrders(first, words);
        _keepBatch(first, terms);
    }

    /// @dev The next order, which is refused with `error_`.
    function _refuseOrder(bytes memory error_, OrderInput memory o) internal {
        OrderInput[] memory one = new OrderInput[](1);
        one[0] = o;
        _refuseOrders(error_, one);
    }

    function _refuseOrders(bytes memory error_, OrderInput[] memory orders) internal {
        uint256 first = _nextOrder();
        uint256[] memory words = _words(orders);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.recordOrders(first, words);
    }

    function _nextOrder() internal view returns (uint256) {
        return uint256(settlement.book().orders) + 1;
    }

    function _words(OrderInput[] memory orders) internal view returns (uint256[] memory words) {
        words = new uint256[](2 * orders.length);
        for (uint256 i = 0; i < orders.length; ++i) {
            (words[2 * i], words[2 * i + 1]) = lens.encode(orders[i]);
        }
    }

    /// @dev The terms that these orders are fixed to when they are recorded now (rules, section 3).
    function _terms(OrderInput[] memory orders, uint256[] memory words) internal view returns (Terms[] memory terms) {
        terms = new Terms[](orders.length);
        uint256 version = settlement.book().plan;
        PlanParameters memory plan = settlement.plan(version);
        for (uint256 i = 0; i < orders.length; ++i) {
            OrderInput memory o = orders[i];
            ParticipantView memory seller = lens.participant(o.seller);
            uint256 partner = o.channel == RETAIL ? _holderDue(o, seller.region) : o.partner;
            uint256 rate = plan.tierBps[_tierIndex(seller.tier)];
            uint256 parties = o.seller | (o.supplier << 32) | (partner << 64) | (o.campaign << 96)
                | (seller.leader << 128) | (rate << 208) | (version << 224) | (settlement.today() << 240);
            terms[i] = Terms(words[2 * i], parties);
        }
    }

    function _holderDue(OrderInput memory o, uint256 sellerRegion) private view returns (uint256) {
        uint256 holder = settlement.holderOf(o.shipTo);
        return o.shipTo == sellerRegion || holder == o.seller ? 0 : holder;
    }

    function _tierIndex(string memory tier) private pure returns (uint256) {
        string[5] memory tiers = ["starter", "bronze", "silver", "gold", "diamond"];
        for (uint256 i = 0; i < 5; ++i) {
            if (keccak256(bytes(tiers[i])) == keccak256(bytes(tier))) return i;
        }
        revert(string.concat("no such tier: ", tier));
    }

    function _deliver(uint256 order) internal {
        _deliver(_list(order));
    }

    function _deliver(uint256[] memory orders) internal {
        uint256 today = settlement.today();
        Delivery[] memory batches = _deliveries(orders, today);
        vm.prank(operator);
        settlement.deliver(batches);
        _keepDeliveries(batches, today);
    }

    function _payBalance(uint256 order) internal {
        ProvedOrder memory proved = _prove(order);
        vm.prank(operator);
        settlement.payBalance(proved.order, proved.deliveries, proved.proof);
    }

    function _settle(uint256 order) internal {
        settlement.settle(_select(_list(order)));
    }

    function _settle(uint256[] memory orders) internal {
        settlement.settle(_select(orders));
    }

    function _void(uint256 order) internal {
        settlement.voidOrders(_select(_list(order)));
    }

    function _refund(uint256 order, uint256 amount) internal {
        ProvedOrder memory proved = _prove(order);
        vm.prank(operator);
        settlement.refund(proved.order, 0, amount, proved.deliveries, proved.proof);
        termsOf[order].parties += amount << 160;
    }

    function _hold(uint256 order) internal {
        vm.prank(riskOfficer);
        settlement.hold(order, "reason");
    }

    /// @dev A sale from recording to settlement, eight days later.
    function _sell(OrderInput memory o) internal returns (uint256 order) {
        order = _record(o);
        _deliver(order);
        _advance(8);
        _settle(order);
    }

    // ---- money ----

    function _available(uint256 account) internal view returns (uint256) {
        return lens.account(account).available;
    }

    function _treasury() internal view returns (uint256) {
        return settlement.book().treasury;
    }

    function _escrow() internal view returns (uint256) {
        return settlement.book().escrow;
    }

    /// @dev Tokens for a participant's wallet, approved to the settlement contract.
    function _endow(uint256 participant, uint256 amount) internal {
        address wallet = walletOf[participant];
        token.mint(wallet, amount);
        vm.prank(wallet);
        token.approve(address(settlement), type(uint256).max);
    }

    /// @dev The left side of section 6.1: treasury + escrow + pools + what is available + deposits.
    function _held() internal view returns (uint256 held) {
        held = _treasury() + _escrow() + _pooled();
        for (uint256 id = 1; id <= settlement.lastParticipant(); ++id) {
            AccountView memory a = lens.account(id);
            held += a.available + a.deposit;
        }
    }

    /// @dev What is gathered and not closed, and what is closed and not claimed.
    function _pooled() internal view returns (uint256 pooled) {
        uint256 months = settlement.today() / 30;
        for (uint256 m = 0; m <= months; ++m) {
            (PoolClock memory clock, Epoch memory e) = settlement.supportMonth(m);
            pooled += m < clock.monthsClosed ? e.left : e.gathered;
        }
        for (uint256 y = 0; y <= months * 30 / 365 + 1; ++y) {
            (PoolClock memory clock, Epoch memory e) = settlement.dividendYear(y);
            pooled += y < clock.yearsClosed ? e.left : e.gathered;
        }
    }

    /// @dev A month of the support fund: how many months are closed, its weights, what it gathered (its pool once closed).
    function _epochOfMonth(uint256 month) internal view returns (uint256 closed, uint256 weight, uint256 gathered) {
        (PoolClock memory clock, Epoch memory e) = settlement.supportMonth(month);
        return (clock.monthsClosed, e.weight, e.gathered);
    }

    /// @dev The same of a year of the dividend.
    function _epochOfYear(uint256 year) internal view returns (uint256 closed, uint256 weight, uint256 gathered) {
        (PoolClock memory clock, Epoch memory e) = settlement.dividendYear(year);
        return (clock.yearsClosed, e.weight, e.gathered);
    }

    /// @dev Every token that came in is on the books, and no more (section 6.1).
    function _assertBalanced() internal view {
        assertEq(_held(), token.balanceOf(address(settlement)), "books and tokens differ");
    }

    function _list(uint256 a) internal pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = a;
    }

    function _list(uint256 a, uint256 b) internal pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function _list(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }
}

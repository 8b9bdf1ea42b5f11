// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice A call for many that succeeds equals the same calls one by one, in its order (rules, section 6.6)
/// ├── recordOrders: one batch or batches of one → the same terms, books and campaigns
/// ├── deliver: one call or one an order, on one day or on several → the same stored batches
/// ├── settle: one call over several batches, days and plans, or one call an order → the same accounts, pools, weights, people
/// └── voidOrders: one call or one an order
contract BatchEqualsSinglesTest is SettlementFixture {
    uint256 private constant COUNT = 9;

    uint256 private ben;
    uint256 private cora;

    function setUp() public override {
        super.setUp();
        PlanParameters memory p = _seed();
        // tiers change in the midst of a batch
        (p.bronzeDirects, p.silverTeam, p.diamondTeam, p.holdbackBps) = (1, 2, 3, 5_000);
        _publish(p);
        ben = _member(amy, 440_300);
        cora = _member(boss, 0);
        vm.startPrank(operator);
        settlement.certify(amy, true);
        settlement.openGroupBuy(1, 1, 100);
        vm.stopPrank();
        // a debt that settlements pay off
        uint256 order = _sell(_retail(amy, 4_000));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 800);
        _refund(order, 4_000);
        // the next month, so that all that follows settles within one
        vm.warp(START + 30 days);
    }

    function testFuzz_ManyAtOnceEqualOneByOne(uint256 seed) public {
        OrderInput[] memory orders = _orders(seed);
        uint256 snapshot = vm.snapshotState();
        uint256[] memory way = _way(seed, _record(orders));
        bytes32 atOnce = _live(way, true, seed);
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < COUNT; ++i) {
            _record(orders[i]);
        }
        assertEq(_live(way, false, seed), atOnce);
    }

    function testFuzz_DeliveringManyAtOnceEqualsOneByOne(uint256 seed) public {
        uint256 first = _record(_orders(seed));
        uint256 second = _record(_orders(seed));
        _deliver(first);
        _advance(seed % 2);
        // of both batches or of the second alone
        uint256[] memory way = _way(seed, first + 1 + seed % COUNT);
        uint256 snapshot = vm.snapshotState();
        _deliver(way);
        (bytes32 atOnce, bytes32 other) = (settlement.batch(first), settlement.batch(second));
        vm.revertToState(snapshot);
        _deliverAll(way, false);
        assertEq(settlement.batch(first), atOnce);
        assertEq(settlement.batch(second), other);
    }

    function testFuzz_VoidingManyAtOnceEqualsOneByOne(uint256 seed) public {
        uint256[] memory way = _way(seed, _record(_orders(seed)));
        _advance(90);
        uint256 snapshot = vm.snapshotState();
        settlement.voidOrders(_select(way));
        bytes32 atOnce = _digest();
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < COUNT; ++i) {
            _void(way[i]);
        }
        assertEq(_digest(), atOnce);
    }

    /// @dev Delivered on two days and settled; at once or one by one.
    function _live(uint256[] memory way, bool atOnce, uint256 seed) private returns (bytes32) {
        uint256 half = seed % (COUNT + 1);
        uint256[] memory first = new uint256[](half);
        uint256[] memory second = new uint256[](COUNT - half);
        for (uint256 i = 0; i < COUNT; ++i) {
            if (i < half) first[i] = way[i];
            else second[i - half] = way[i];
        }
        _deliverAll(first, atOnce);
        _advance(1);
        _deliverAll(second, atOnce);
        _advance(8);
        if (atOnce) {
            _settle(way);
        } else {
            for (uint256 i = 0; i < COUNT; ++i) {
                _settle(way[i]);
            }
        }
        return _digest();
    }

    function _deliverAll(uint256[] memory orders, bool atOnce) private {
        if (atOnce) return _deliver(orders);
        for (uint256 i = 0; i < orders.length; ++i) {
            _deliver(orders[i]);
        }
    }

    /// @dev Every account, person, pool and page, and the book.
    function _digest() private view returns (bytes32 digest) {
        digest = keccak256(abi.encode(settlement.book(), settlement.campaign(1), _pooled()));
        for (uint256 id = 1; id <= settlement.lastParticipant(); ++id) {
            (uint256 weight,) = settlement.dividendWeight(0, id);
            digest = keccak256(abi.encode(digest, lens.account(id), lens.participant(id), weight));
        }
        (uint256 a, uint256 b, uint256 c, uint256 d, uint256 e) = settlement.orderPage(0);
        (, uint256 support, uint256 fund) = _epochOfMonth(settlement.today() / 30);
        (, uint256 yearly, uint256 dividend) = _epochOfYear(0);
        return keccak256(abi.encode(digest, a, b, c, d, e, support, fund, yearly, dividend));
    }

    function _orders(uint256 seed) private view returns (OrderInput[] memory orders) {
        orders = new OrderInput[](COUNT);
        for (uint256 i = 0; i < COUNT; ++i) {
            uint256 r = uint256(keccak256(abi.encode(seed, i)));
            uint256 seller = [amy, ben, cora, boss][r % 4];
            uint256 price = 1 + (r >> 8) % 20_000;
            uint256 kind = (r >> 80) % 4;
            if (kind == 0) orders[i] = _retail(seller, price);
            else if (kind == 1) orders[i] = _campaign(seller, boss, 1, price);
            else if (kind == 2) orders[i] = _inStore(r % 3 == 0 ? 0 : seller, price);
            else orders[i] = _crossBorder(amy, price);
        }
    }

    /// @dev All orders from `first` on, in some order.
    function _way(uint256 seed, uint256 first) private pure returns (uint256[] memory way) {
        way = new uint256[](COUNT);
        for (uint256 i = 0; i < COUNT; ++i) {
            way[i] = first + i;
        }
        for (uint256 i = COUNT - 1; i > 0; --i) {
            uint256 j = uint256(keccak256(abi.encode(seed, "way", i))) % (i + 1);
            (way[i], way[j]) = (way[j], way[i]);
        }
    }
}

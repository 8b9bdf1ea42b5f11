// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Epoch, PoolClock} from "../../../contracts/state/State.sol";
import {Steps} from "./Steps.sol";

/// @title A call for many equals the same calls one by one, in its order (rules, section 6.6)
/// @notice After a random history the call is made, everything that the contract shows is hashed, the chain is set back, and
/// the same is done one by one.
contract BatchEqualsSingles is Steps {
    function setUp() public override {
        super.setUp();
        vm.pauseGasMetering();
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_record(uint256 seed) public {
        _history(seed);
        OrderInput[] memory orders = _randomOrders(seed, 2 + seed % 7);
        uint256 before = vm.snapshotState();
        uint256 first = _nextOrder();
        (bool taken,) = address(this).call(abi.encodeCall(this.record, (orders)));
        vm.assume(taken);
        bytes32 together = keccak256(abi.encode(_everything(), _termsFrom(first)));
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _record(orders[i]);
        }
        assertEq(keccak256(abi.encode(_everything(), _termsFrom(first))), together);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_deliver(uint256 seed) public {
        _history(seed);
        uint256[] memory orders = _shuffled(seed, _orders(_sure(seed), 8, _canDeliver));
        vm.assume(orders.length > 1);
        uint256 before = vm.snapshotState();
        _deliver(orders);
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _deliver(orders[i]);
        }
        assertEq(_everything(), together);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_settle(uint256 seed) public {
        _history(seed);
        _unpause();
        uint256[] memory orders = _shuffled(seed, _orders(_sure(seed), 12, _canSettle));
        vm.assume(orders.length > 1);
        uint256 before = vm.snapshotState();
        _settle(orders);
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _settle(orders[i]);
        }
        assertEq(_everything(), together);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_void(uint256 seed) public {
        _history(seed);
        _advance(90);
        uint256[] memory orders = _shuffled(seed, _orders(_sure(seed), 8, _canVoid));
        vm.assume(orders.length > 1);
        uint256 before = vm.snapshotState();
        settlement.voidOrders(_select(orders));
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _void(orders[i]);
        }
        assertEq(_everything(), together);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_claimSupport(uint256 seed) public {
        _history(seed);
        _advance(30);
        _closeAMonth();
        uint256[] memory claimants = _claimants();
        vm.assume(claimants.length > 1);
        uint256 month = _closedMonths() - 1;
        uint256 before = vm.snapshotState();
        settlement.claimSupport(month, claimants);
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < claimants.length; ++i) {
            settlement.claimSupport(month, _list(claimants[i]));
        }
        assertEq(_everything(), together);
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: quick.fuzz.runs = 24
    /// forge-config: deep.fuzz.runs = 1000
    function testFuzz_pushWithdrawals(uint256 seed) public {
        _history(seed);
        _unpause();
        uint256[] memory to = agents;
        uint256 before = vm.snapshotState();
        vm.prank(treasurer);
        settlement.pushWithdrawals(to);
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < to.length; ++i) {
            vm.prank(treasurer);
            settlement.pushWithdrawals(_list(to[i]));
        }
        assertEq(_everything(), together);
    }

    function record(OrderInput[] calldata orders) external {
        _record(orders);
    }

    // ---- the history before ----

    function _history(uint256 seed) private {
        bytes4[] memory list = this.selectors();
        for (uint256 i = 0; i < 24; ++i) {
            _try(list[_draw(seed, i) % list.length], _draw(seed, 1000 + i));
        }
        for (uint256 i = 0; i < 3; ++i) {
            _try(this.recordMixed.selector, _draw(seed, 2000 + i));
            _try(this.deliver.selector, _draw(seed, 3000 + i));
        }
        _try(this.windowPasses.selector, 7);
    }

    /// @dev A step that the contract refuses changes nothing, and is as good as none.
    function _try(bytes4 step, uint256 seed) private {
        (bool success,) = address(this).call(abi.encodeWithSelector(step, seed, _draw(seed, 1)));
        if (!success) return;
    }

    function _unpause() private {
        vm.prank(admin);
        settlement.unpause(7);
    }

    function _closeAMonth() private {
        uint256 month = _closedMonths();
        uint256 earliest = (month + 1) * 30 + 15;
        if (settlement.today() < earliest) _advance(earliest - settlement.today());
        if (settlement.today() < _monthClock().closedOn + 15) _advance(15);
        settlement.closeMonth(month);
    }

    function _claimants() private view returns (uint256[] memory list) {
        list = new uint256[](agents.length);
        uint256 count;
        for (uint256 i = 0; i < agents.length; ++i) {
            if (_canClaimSupport(agents[i])) list[count++] = agents[i];
        }
        assembly ("memory-safe") {
            mstore(list, count)
        }
    }

    /// @dev The seed, or one near it, for which a step takes what it can succeed with.
    function _sure(uint256 seed) private pure returns (uint256) {
        while (_anything(seed)) seed = _draw(seed, 1);
        return seed;
    }

    function _shuffled(uint256 seed, uint256[] memory list) private pure returns (uint256[] memory) {
        if (seed % 2 == 0) return list;
        for (uint256 i = 1; i < list.length; ++i) {
            uint256 j = _draw(seed, i) % (i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
        return list;
    }

    // ---- all that can be seen ----

    function _everything() private view returns (bytes32 seen) {
        seen = keccak256(abi.encode(settlement.book(), token.balanceOf(address(settlement))));
        uint256 last = settlement.lastParticipant();
        for (uint256 id = 1; id <= last; ++id) {
            seen = keccak256(abi.encode(seen, lens.participant(id), lens.account(id)));
        }
        for (uint256 page = 0; page <= _lastOrder() >> 8; ++page) {
            seen = keccak256(abi.encode(seen, _page(page), settlement.deliveredOn(settlement.today(), page)));
        }
        uint256 months = settlement.today() / 30;
        for (uint256 month = 0; month <= months; ++month) {
            (PoolClock memory clock, Epoch memory epoch) = settlement.supportMonth(month);
            seen = keccak256(abi.encode(seen, clock, epoch));
            for (uint256 i = 0; i < agents.length; ++i) {
                (uint256 weight, bool claimed) = settlement.supportWeight(month, agents[i]);
                seen = keccak256(abi.encode(seen, weight, claimed));
            }
        }
        for (uint256 year = 0; year <= months * 30 / 365; ++year) {
            (PoolClock memory clock, Epoch memory epoch) = settlement.dividendYear(year);
            seen = keccak256(abi.encode(seen, clock, epoch));
            for (uint256 i = 0; i < agents.length; ++i) {
                (uint256 weight, bool claimed) = settlement.dividendWeight(year, agents[i]);
                seen = keccak256(abi.encode(seen, weight, claimed));
            }
        }
        for (uint256 id = 1; id <= campaigns; ++id) {
            seen = keccak256(abi.encode(seen, settlement.campaign(id)));
        }
    }

    function _page(uint256 page) private view returns (bytes memory) {
        (uint256 a, uint256 b, uint256 c, uint256 d, uint256 e, uint256 f) = settlement.orderPage(page);
        return abi.encode(a, b, c, d, e, f);
    }

    function _termsFrom(uint256 first) private view returns (bytes memory terms) {
        for (uint256 order = first; order <= _lastOrder(); ++order) {
            terms = abi.encode(terms, termsOf[order]);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Epoch} from "../../../contracts/state/State.sol";
import {Books} from "./Books.sol";

/// @title A call for many against the same calls one by one (rules, section 6.6)
/// @notice Each comparison makes the call, hashes everything that the contract shows, sets the chain back, does the same one by
/// one, and hashes again. It asks for at least two, and gives the draw up (vm.assume) where there are none.
abstract contract Comparisons is Books {
    function compareRecording(uint256 seed) external {
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
        assertEq(keccak256(abi.encode(_everything(), _termsFrom(first))), together, "6.6: recording");
    }

    function compareDelivery(uint256 seed) external {
        uint256[] memory orders = _some(seed, _canDeliver);
        uint256 before = vm.snapshotState();
        _deliver(orders);
        bytes32 together = keccak256(abi.encode(_everything(), _batches()));
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _deliver(orders[i]);
        }
        assertEq(keccak256(abi.encode(_everything(), _batches())), together, "6.6: delivery");
    }

    function compareSettlement(uint256 seed) external {
        uint256[] memory orders = _some(seed, _canSettle);
        uint256 before = vm.snapshotState();
        _settle(orders);
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _settle(orders[i]);
        }
        assertEq(_everything(), together, "6.6: settlement");
    }

    function compareVoiding(uint256 seed) external {
        _advance(90);
        uint256[] memory orders = _some(seed, _canVoid);
        uint256 before = vm.snapshotState();
        settlement.voidOrders(_select(orders));
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < orders.length; ++i) {
            _void(orders[i]);
        }
        assertEq(_everything(), together, "6.6: voiding");
    }

    function compareClaims(uint256) external {
        uint256 month = _closeAMonth();
        uint256[] memory claimants = _claimants();
        uint256 before = vm.snapshotState();
        settlement.claimSupport(month, claimants);
        bytes32 together = _everything();
        vm.revertToState(before);
        for (uint256 i = 0; i < claimants.length; ++i) {
            settlement.claimSupport(month, _list(claimants[i]));
        }
        assertEq(_everything(), together, "6.6: claims");
    }

    function comparePushes(uint256) external {
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
        assertEq(_everything(), together, "6.6: pushed withdrawals");
    }

    function record(OrderInput[] calldata orders) external {
        _record(orders);
    }

    // ---- what is compared ----

    /// @dev Two orders or more that the condition holds for, half of the time in any order.
    function _some(uint256 seed, function(uint256) view returns (bool) condition)
        private
        view
        returns (uint256[] memory list)
    {
        while (_anything(seed)) seed = _draw(seed, 1);
        list = _orders(seed, 10, condition);
        vm.assume(list.length > 1);
        if (seed % 2 == 0) return list;
        for (uint256 i = 1; i < list.length; ++i) {
            uint256 j = _draw(seed, i) % (i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }

    function _closeAMonth() private returns (uint256 month) {
        month = _closedMonths();
        _advance(45);
        uint256 earliest = (month + 1) * 30 + 15;
        if (settlement.today() < earliest) _advance(earliest - settlement.today());
        settlement.closeMonth(month);
    }

    function _claimants() private view returns (uint256[] memory list) {
        list = new uint256[](agents.length);
        uint256 count;
        for (uint256 i = 0; i < agents.length; ++i) {
            if (_canClaimSupport(agents[i])) list[count++] = agents[i];
        }
        vm.assume(count > 1);
        assembly ("memory-safe") {
            mstore(list, count)
        }
    }

    // ---- all that can be seen ----

    function _everything() private view returns (bytes32 seen) {
        seen = keccak256(abi.encode(settlement.book(), _clock(), token.balanceOf(address(settlement))));
        uint256 last = settlement.lastParticipant();
        for (uint256 id = 1; id <= last; ++id) {
            seen = keccak256(abi.encode(seen, lens.participant(id), lens.account(id)));
        }
        for (uint256 page = 0; page <= _lastOrder() >> 8; ++page) {
            seen = keccak256(abi.encode(seen, _page(page)));
        }
        uint256 months = settlement.today() / 30;
        for (uint256 month = 0; month <= months; ++month) {
            (, Epoch memory epoch) = settlement.supportMonth(month);
            seen = keccak256(abi.encode(seen, epoch));
            for (uint256 i = 0; i < agents.length; ++i) {
                (uint256 weight, bool claimed) = settlement.supportWeight(month, agents[i]);
                seen = keccak256(abi.encode(seen, weight, claimed));
            }
        }
        for (uint256 year = 0; year <= months * 30 / 365; ++year) {
            (, Epoch memory epoch) = settlement.dividendYear(year);
            seen = keccak256(abi.encode(seen, epoch));
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
        (uint256 a, uint256 b, uint256 c, uint256 d, uint256 e) = settlement.orderPage(page);
        return abi.encode(a, b, c, d, e);
    }

    /// @dev What is stored of the batches: apart, because recording one by one makes others.
    function _batches() private view returns (bytes32 seen) {
        for (uint256 order = 1; order <= _lastOrder(); ++order) {
            seen = keccak256(abi.encode(seen, settlement.batch(order)));
        }
    }

    function _termsFrom(uint256 first) private view returns (bytes memory terms) {
        for (uint256 order = first; order <= _lastOrder(); ++order) {
            terms = abi.encode(terms, termsOf[order]);
        }
    }
}

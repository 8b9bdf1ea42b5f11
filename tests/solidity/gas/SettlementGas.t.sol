// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";
import {OrderEntry, Selection} from "../../../contracts/logic/Batches.sol";
import {GasScenario} from "./GasScenario.sol";

/// @notice Whole-transaction gas of every row of docs/gas.md, held against the committed snapshot.
/// @dev Isolated: every call from here is a transaction of its own, with cold storage, 21 000 and calldata.
/// `make gas` writes the snapshot and the page anew.
contract SettlementGasTest is GasScenario {
    uint256 private constant BATCHES = 5;
    string private constant SNAPSHOT = "tests/gas/snapshot.json";

    function _last() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    /// @dev Fails where a row rose by more than 1 %; with GAS_SNAPSHOT=write it stores the row instead.
    function _check(string memory row, uint256 gas) private {
        console.log(row, gas);
        string memory key = string.concat(".", row);
        if (keccak256(bytes(vm.envOr("GAS_SNAPSHOT", string("")))) == keccak256("write")) {
            vm.writeJson(vm.toString(gas), SNAPSHOT, key);
            return;
        }
        uint256 before = vm.parseJsonUint(vm.readFile(SNAPSHOT), key);
        assertLe(gas * 100, before * 101, string.concat(row, ": more than 1 % above tests/gas/snapshot.json"));
    }

    /// forge-config: default.isolate = true
    function test_WholeBatches() public {
        uint256 recorded;
        uint256 delivered;
        uint256 settled;
        for (uint256 i = 0; i < BATCHES; ++i) {
            uint256 first = record(BATCH);
            recorded += _last();
            deliver(first, BATCH);
            delivered += _last();
            pass(8);
            settle(first, BATCH);
            settled += _last();
        }
        uint256 units = BATCH * BATCHES;
        _check("record", recorded / units);
        _check("deliver", delivered / units);
        _check("settle", settled / units);
        _check("life_whole_batches", (recorded + delivered + settled) / units);
    }

    /// forge-config: default.isolate = true
    function test_SingleOrder() public {
        _inTheMiddleOfAMonth();
        uint256 first = record(1);
        uint256 gas = _last();
        deliver(first, 1);
        gas += _last();
        pass(8);
        settle(first, 1);
        _check("life_single", gas + _last());
    }

    /// forge-config: default.isolate = true
    function test_ScatteredDeliveries() public {
        // 100 orders a day, each delivered 1 to 9 days later, settled on the first day on which that is possible
        uint256 start = nextOrder;
        uint256 gas;
        uint256 memory_;
        assembly {
            memory_ := mload(0x40)
        }
        for (uint256 day = 0; day < 40; ++day) {
            // what a day took of memory is free again on the next
            assembly {
                mstore(0x40, memory_)
            }
            if (day < 30) {
                record(BATCH);
                if (day >= 20) gas += _last();
            }
            uint256 used = _deliverDue(start, day);
            used += _settleDue(start, day);
            if (day >= 20 && day < 30) gas += used;
            pass(1);
        }
        _check("life_scattered", gas / 1000);
    }

    /// forge-config: default.isolate = true
    function test_Refunds() public {
        uint256 first = record(BATCH);
        _refund(first + 50, 100);
        _refund(first + 51, 100);
        _check("refund_before_part", _last());
        _refund(first + 54, PRICE);
        _refund(first + 52, PRICE);
        _check("refund_before_full", _last());
        first = _inTheMiddleOfAMonth();
        _refund(first + 50, 6400);
        _refund(first + 51, 6400);
        _check("refund_after", _last());
    }

    /// forge-config: default.isolate = true
    function test_WithdrawAndJoin() public {
        (address wallet, uint256 key) = makeAddrAndKey(string(abi.encode("seller", uint256(7))));
        vm.prank(wallet);
        settlement.withdraw(seller(7), 10);
        vm.prank(wallet);
        settlement.withdraw(seller(7), 10);
        _check("withdraw", _last());
        (wallet, key) = makeAddrAndKey("newcomer");
        join(wallet, key, leader(1));
        _check("join", _last());
    }

    /// @dev Until no month is open but the current one, in which a batch has settled. Returns that batch.
    function _inTheMiddleOfAMonth() private returns (uint256 first) {
        pass(38 - settlement.today() % 30);
        first = record(BATCH);
        deliver(first, BATCH);
        pass(8);
        settle(first, BATCH);
    }

    function _refund(uint256 order, uint256 amount) private {
        uint256[] memory one = new uint256[](1);
        one[0] = order;
        Selection memory sel = select(one);
        OrderEntry memory entry = OrderEntry(sel.first, sel.width, order - sel.first, sel.words[0], sel.words[1]);
        vm.prank(OPERATOR_ADDRESS);
        settlement.refund(entry, keccak256("receipt"), amount, sel.deliveries, sel.proof);
        words[order][1] += amount << 160;
    }

    /// @dev An order's lag from recording to delivery, 1 to 9 days, as if at random.
    function _lag(uint256 order) private pure returns (uint256) {
        return 1 + uint256(keccak256(abi.encode(order))) % 9;
    }

    function _deliverDue(uint256 start, uint256 day) private returns (uint256) {
        uint256[] memory due = new uint256[](BATCH * 9);
        uint256 count;
        uint256 from = nextOrder > start + 10 * BATCH ? nextOrder - 10 * BATCH : start;
        for (uint256 n = from; n < nextOrder; ++n) {
            if ((n - start) / BATCH + _lag(n) == day) due[count++] = n;
        }
        assembly {
            mstore(due, count)
        }
        if (count == 0) return 0;
        deliverAll(due);
        return _last();
    }

    function _settleDue(uint256 start, uint256 day) private returns (uint256) {
        if (day < 8) return 0;
        Selection[] memory selections = new Selection[](20);
        uint256 groups;
        uint256 from = nextOrder > start + 19 * BATCH ? nextOrder - 19 * BATCH : start;
        for (uint256 first = from; first < nextOrder; first += BATCH) {
            uint256[] memory due = new uint256[](BATCH);
            uint256 count;
            for (uint256 n = first; n < first + BATCH; ++n) {
                if ((n - start) / BATCH + _lag(n) + 8 == day) due[count++] = n;
            }
            if (count == 0) continue;
            assembly {
                mstore(due, count)
            }
            selections[groups++] = select(due);
        }
        if (groups == 0) return 0;
        assembly {
            mstore(selections, groups)
        }
        settlement.settle(selections);
        return _last();
    }
}

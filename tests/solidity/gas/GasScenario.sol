// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Selection} from "../../../contracts/logic/Batches.sol";
import {Delivery} from "../../../contracts/logic/OrderCare.sol";
import {BatchTree} from "../../../contracts/pure/BatchTree.sol";
import {Settlement} from "../../../contracts/Settlement.sol";
import {LocalToken} from "../../../contracts/token/LocalToken.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {TermsWords} from "../../../contracts/types/Terms.sol";

/// @notice A deployment in its steady state: 80 active agents under 20 bosses, three suppliers, everybody paid before.
abstract contract GasScenario is Test {
    uint256 internal constant BATCH = 100;
    uint256 internal constant SELLERS = 60;
    uint256 internal constant LEADERS = 20;
    uint256 internal constant SUPPLIERS = 3;
    uint256 internal constant PRICE = 12_800;

    address internal constant OPERATOR_ADDRESS = address(0x0be7a7);
    Settlement internal settlement;
    LocalToken internal token;
    uint256 internal nextOrder = 1;
    /// @dev The fixed words of every order, by number; where its batch starts and how wide it is.
    mapping(uint256 order => uint256[2]) internal words;
    mapping(uint256 order => uint256) internal firstOf;
    mapping(uint256 first => uint256) internal widthOf;
    mapping(uint256 first => uint256[]) internal deliveriesOf;

    function setUp() public virtual {
        vm.warp(1_700_006_400);
        token = new LocalToken(address(this));
        AccessManager manager = new AccessManager(address(this));
        settlement = new Settlement(token, address(manager), 8 hours, seedPlan());
        settlement.setRole(OPERATOR_ADDRESS, 1);
        settlement.setRole(address(0x415c), 2);
        token.mint(address(this), 1e15);
        token.approve(address(settlement), 1e15);
        settlement.fund(1e14);
        vm.startPrank(OPERATOR_ADDRESS);
        for (uint256 i = 0; i < SUPPLIERS; ++i) {
            settlement.registerSupplier(address(uint160(0x500 + i)));
        }
        for (uint256 i = 0; i < LEADERS; ++i) {
            settlement.joinFounder(address(uint160(0x1000 + i)), 310_000);
        }
        vm.stopPrank();
        for (uint256 i = 0; i < SELLERS; ++i) {
            (address wallet, uint256 key) = makeAddrAndKey(string(abi.encode("seller", i)));
            join(wallet, key, leader(i));
        }
        // everybody has sold, and been paid, before
        for (uint256 k = 0; k < 3; ++k) {
            uint256 first = record(BATCH);
            deliver(first, BATCH);
            pass(8);
            settle(first, BATCH);
        }
    }

    function supplier(uint256 i) internal pure returns (uint256) {
        return 16 + i % SUPPLIERS;
    }

    function leader(uint256 i) internal pure returns (uint256) {
        return 16 + SUPPLIERS + i % LEADERS;
    }

    function seller(uint256 i) internal pure returns (uint256) {
        return 16 + SUPPLIERS + LEADERS + i % SELLERS;
    }

    /// @dev Lets days pass; months are closed and claimed as a deployment in its steady state does.
    function pass(uint256 days_) internal {
        for (uint256 i = 0; i < days_; ++i) {
            vm.warp(block.timestamp + 1 days);
            if (settlement.today() % 30 == 15 && settlement.today() > 30) _closeMonth(settlement.today() / 30 - 1);
        }
    }

    function _closeMonth(uint256 month) private {
        settlement.closeMonth(month);
        for (uint256 i = 0; i < SELLERS; ++i) {
            (uint256 weight,) = settlement.supportWeight(month, seller(i));
            if (weight == 0) continue;
            uint256[] memory one = new uint256[](1);
            one[0] = seller(i);
            settlement.claimSupport(month, one);
        }
    }

    function join(address wallet, uint256 key, uint256 introducer) internal {
        bytes memory signature = joinSignature(wallet, key, introducer, 310_000);
        settlement.join(wallet, introducer, 310_000, type(uint256).max, signature);
    }

    function joinSignature(address wallet, uint256 key, uint256 introducer, uint256 region)
        internal
        view
        returns (bytes memory)
    {
        bytes32 struct_ = keccak256(
            abi.encode(
                keccak256("Join(address wallet,uint256 introducer,uint256 region,uint256 deadline)"),
                wallet,
                introducer,
                region,
                type(uint256).max
            )
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Liandong"),
                keccak256("1"),
                block.chainid,
                address(settlement)
            )
        );
        (uint8 v, bytes32 r, bytes32 t) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, struct_)));
        return abi.encodePacked(r, t, v);
    }

    /// @dev Records `count` retail orders in one batch; sellers and suppliers take turns.
    function record(uint256 count) internal returns (uint256 first) {
        first = nextOrder;
        uint256[] memory given = new uint256[](2 * count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 n = first + i;
            given[2 * i] = PRICE | (uint256(5_500) << 48) | (uint256(77) << 96);
            given[2 * i + 1] = seller(n) | (supplier(n) << 32) | (uint256(310_000) << 128);
            words[n] = [
                given[2 * i],
                TermsWords.fix(given[2 * i + 1], 0, leader((n % SELLERS)), 2_000, 1, settlement.today())
            ];
            firstOf[n] = first;
        }
        widthOf[first] = count;
        nextOrder += count;
        vm.prank(OPERATOR_ADDRESS);
        settlement.recordOrders(first, given);
    }

    function deliver(uint256 from, uint256 count) internal {
        uint256[] memory orders = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            orders[i] = from + i;
        }
        deliverAll(orders);
    }

    /// @dev Delivers ascending orders in one call.
    function deliverAll(uint256[] memory orders) internal {
        Delivery[] memory batches = new Delivery[](orders.length);
        uint256 count;
        for (uint256 i = 0; i < orders.length; ++i) {
            uint256 first = firstOf[orders[i]];
            if (count == 0 || batches[count - 1].first != first) batches[count++] = _batch(first);
            batches[count - 1].members |= 1 << (orders[i] - first);
        }
        assembly {
            mstore(batches, count)
        }
        for (uint256 i = 0; i < count; ++i) {
            deliveriesOf[batches[i].first].push((settlement.today() << 240) | batches[i].members);
        }
        vm.prank(OPERATOR_ADDRESS);
        settlement.deliver(batches);
    }

    /// @dev A batch's state, with nothing delivered of it yet today.
    function _batch(uint256 first) private view returns (Delivery memory) {
        bytes32[] memory leaves = new bytes32[](widthOf[first]);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = BatchTree.leaf(first + i, words[first + i][0], words[first + i][1]);
        }
        return Delivery(first, leaves.length, 0, BatchTree.root(leaves), deliveriesOf[first]);
    }

    function settle(uint256 first, uint256 count) internal {
        uint256[] memory orders = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            orders[i] = first + i;
        }
        Selection[] memory selections = new Selection[](1);
        selections[0] = select(orders);
        settlement.settle(selections);
    }

    /// @dev Ascending orders of one batch, with their proof.
    function select(uint256[] memory orders) internal view returns (Selection memory sel) {
        sel.first = firstOf[orders[0]];
        sel.width = widthOf[sel.first];
        sel.deliveries = deliveriesOf[sel.first];
        sel.words = new uint256[](2 * orders.length);
        for (uint256 i = 0; i < orders.length; ++i) {
            sel.members |= 1 << (orders[i] - sel.first);
            sel.words[2 * i] = words[orders[i]][0];
            sel.words[2 * i + 1] = words[orders[i]][1];
        }
        sel.proof = proof(sel.first, sel.width, sel.members);
    }

    /// @dev The missing nodes, level by level from the left.
    function proof(uint256 first, uint256 width, uint256 members) internal view returns (bytes32[] memory missing) {
        bytes32[] memory nodes = new bytes32[](width);
        bool[] memory known = new bool[](width);
        for (uint256 i = 0; i < width; ++i) {
            nodes[i] = BatchTree.leaf(first + i, words[first + i][0], words[first + i][1]);
            known[i] = members >> i & 1 != 0;
        }
        missing = new bytes32[](width);
        uint256 count;
        for (; width > 1; width = (width + 1) / 2) {
            for (uint256 i = 0; i < width; i += 2) {
                if (i + 1 == width) {
                    (nodes[i / 2], known[i / 2]) = (nodes[i], known[i]);
                    continue;
                }
                if (known[i] && !known[i + 1]) missing[count++] = nodes[i + 1];
                if (!known[i] && known[i + 1]) missing[count++] = nodes[i];
                (nodes[i / 2], known[i / 2]) = (keccak256(abi.encode(nodes[i], nodes[i + 1])), known[i] || known[i + 1]);
            }
        }
        assembly {
            mstore(missing, count)
        }
    }

    function seedPlan() internal pure returns (PlanParameters memory p) {
        p.tierBps = [uint256(2000), 2000, 2200, 2500, 3000];
        (p.bronzeDirects, p.silverTeam, p.goldTeam, p.diamondTeam) = (5, 30, 100, 500);
        (p.teamBps, p.capBps, p.fundBps, p.dividendBps, p.regionBps) = (800, 4500, 2500, 500, 300);
        (p.hostBps, p.guideBps, p.serviceBps, p.holdbackBps, p.insuranceBps) = (6000, 7000, 1000, 1000, 8000);
        (p.returnDays, p.promotionDirects, p.dividendShareCapBps) = (7, 2, 5000);
        (p.activityPrice, p.refundDays, p.depositLockDays) = (5000, 180, 30);
    }
}

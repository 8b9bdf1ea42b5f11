// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "./interfaces/ISettlementErrors.sol";
import {BatchTree} from "./pure/BatchTree.sol";
import {Deliveries} from "./pure/Deliveries.sol";
import {Lines, Split} from "./pure/Split.sol";
import {Settlement} from "./Settlement.sol";
import {Cold, Progress} from "./state/State.sol";
import {Account, AccountWord} from "./types/Account.sol";
import {Participant, ParticipantWord} from "./types/Participant.sol";
import {OrderPlanWord} from "./types/OrderPlan.sol";
import {PlanParameters} from "./types/Plan.sol";
import {Terms, TermsWords} from "./types/Terms.sol";

/// @notice A participant in names. `kind` and `tier` are words, `level` is 1 to 3 and 0 for who is no agent.
struct ParticipantView {
    address wallet;
    string kind;
    uint256 introducer;
    uint256 leader;
    uint256 level;
    bool boss;
    string tier;
    uint256 region;
    bool active;
    bool certified;
    bool frozen;
    uint256 activeDirects;
    uint256 teamActive;
}

/// @notice An account in names, in minor units; the support weights are of `month` and of the month before it.
struct AccountView {
    uint256 available;
    uint256 withdrawn;
    uint256 deposit;
    uint256 debt;
    uint256 lockedUntil;
    uint256 month;
    uint256 weight;
    uint256 weightBefore;
}

/// @notice An order as the mall knows it, before the contract fixes its terms.
struct OrderInput {
    uint256 channel;
    uint256 price;
    uint256 cost;
    uint256 fees;
    uint256 duty;
    uint256 insurance;
    uint256 seller;
    uint256 supplier;
    uint256 partner;
    uint256 campaign;
    uint256 shipTo;
}

/// @notice An order's terms as they are on record.
struct TermsView {
    uint256 channel;
    uint256 price;
    uint256 cost;
    uint256 fees;
    uint256 duty;
    uint256 insurance;
    uint256 seller;
    uint256 supplier;
    uint256 partner;
    uint256 campaign;
    uint256 leader;
    uint256 rateBps;
    uint256 plan;
    uint256 day;
    uint256 refunded;
}

/// @title Reads the settlement contract's packed words out in names, and works out what an order pays
/// @notice Holds nothing and can change nothing.
contract SettlementLens {
    /// @notice The contract that is read.
    Settlement public immutable settlement;

    constructor(Settlement settlement_) {
        settlement = settlement_;
    }

    /// @notice A participant by its number.
    function participant(uint256 id) external view returns (ParticipantView memory v) {
        (Participant p, Progress memory progress) = settlement.participantWord(id);
        v.wallet = p.wallet();
        v.kind = _kind(p.kind());
        (v.introducer, v.leader, v.level, v.region) = (p.introducer(), p.leader(), p.level(), p.region());
        v.tier = _tier(p.tier());
        v.boss = p.isBoss();
        v.active = p.has(ParticipantWord.ACTIVE);
        v.certified = p.has(ParticipantWord.CERTIFIED);
        v.frozen = p.has(ParticipantWord.FROZEN);
        (v.activeDirects, v.teamActive) = (progress.activeDirects, progress.teamActive);
    }

    /// @notice An account by its number: 1 platform, 2 fees, 3 duty, 4 insurance, 5 protection, 16 and up participants.
    function account(uint256 id) external view returns (AccountView memory v) {
        (Account a, Cold memory cold) = settlement.accountWord(id);
        (v.available, v.withdrawn) = (a.available(), a.withdrawn());
        (v.month, v.weight, v.weightBefore) = (a.month(), a.weightNow(), a.weightBefore());
        (v.deposit, v.debt, v.lockedUntil) = (cold.deposit, cold.debt, cold.lockedUntil);
    }

    /// @notice The two words that `recordOrders` takes for an order. Errors: AmountTooLarge, UnknownChannel.
    function encode(OrderInput calldata o) external pure returns (uint256 amounts, uint256 parties) {
        if (o.channel > 3) revert ISettlementErrors.UnknownChannel(o.channel);
        uint256 max = TermsWords.MAX_AMOUNT;
        amounts = _fit(o.price, max) | (_fit(o.cost, max) << 48) | (_fit(o.fees, max) << 96)
            | (_fit(o.duty, max) << 144) | (_fit(o.insurance, max) << 192) | (o.channel << 240);
        max = type(uint32).max;
        parties = _fit(o.seller, max) | (_fit(o.supplier, max) << 32) | (_fit(o.partner, max) << 64)
            | (_fit(o.campaign, max) << 96) | (_fit(o.shipTo, max) << 128);
    }

    /// @notice The terms in two words, in names.
    function decode(uint256 amounts, uint256 parties) external pure returns (TermsView memory v) {
        Terms memory t = Terms(amounts, parties);
        (v.channel, v.price, v.cost, v.fees) = (t.channel(), t.price(), t.cost(), t.fees());
        (v.duty, v.insurance) = (t.duty(), t.insurance());
        (v.seller, v.supplier, v.partner, v.campaign) = (t.seller(), t.supplier(), t.partner(), t.campaign());
        (v.leader, v.rateBps, v.plan, v.day, v.refunded) = (t.leader(), t.rate(), t.plan(), t.day(), t.refunded());
    }

    /// @notice What an order with these terms pays at a net price, by line; the lines sum to it.
    function split(uint256 amounts, uint256 parties, uint256 net) external view returns (Lines memory l) {
        Terms memory t = Terms(amounts, parties);
        if (t.price() == 0 || net > t.price()) revert ISettlementErrors.InvalidPrice(0);
        PlanParameters memory p = settlement.plan(t.plan());
        Split.split(t, OrderPlanWord.pack(p), net, l);
    }

    /// @notice The leaf of an order in its batch's tree.
    function leaf(uint256 order, uint256 amounts, uint256 parties) external pure returns (bytes32) {
        return BatchTree.leaf(order, amounts, parties);
    }

    /// @notice Whether these are the terms on record of one order, and these the deliveries of its batch: `proof` leads from
    /// the order's leaf to the root of its batch.
    /// @param first The batch's first order; width how many it has; deliveries its deliveries, as `deliveriesOf` reads them;
    /// proof the missing nodes from the leaf's level up.
    function proves(
        uint256 first,
        uint256 width,
        uint256[] calldata deliveries,
        uint256 order,
        uint256 amounts,
        uint256 parties,
        bytes32[] calldata proof
    ) external view returns (bool) {
        if (order < first || order - first >= width || width > Deliveries.MAX_WIDTH) return false;
        bytes32 leaf_ = BatchTree.leaf(order, amounts, parties);
        // nothing replaces the leaf here
        // slither-disable-next-line unused-return
        (bytes32 root,) = BatchTree.roots(leaf_, leaf_, order - first, width, proof);
        return root != 0 && settlement.batch(first) == Deliveries.commitment(root, width, deliveries);
    }

    /// @notice A batch's words of deliveries, read out: bit i of `orders[k]` is order `first + i`, delivered on `dayOf[k]`.
    function deliveriesOf(uint256[] calldata deliveries)
        external
        pure
        returns (uint256[] memory dayOf, uint256[] memory orders)
    {
        dayOf = new uint256[](deliveries.length);
        orders = new uint256[](deliveries.length);
        for (uint256 i = 0; i < deliveries.length; ++i) {
            (dayOf[i], orders[i]) = Deliveries.read(deliveries[i]);
        }
    }

    /// @notice Whether and how an order is closed and what happened to it, from the bitmaps. Deliveries are in its batch.
    function orderState(uint256 number)
        external
        view
        returns (bool settled, bool dropped, bool held, bool balancePaid, bool insuranceClaimed)
    {
        (uint256 a, uint256 b, uint256 c, uint256 d, uint256 e) = settlement.orderPage(number >> 8);
        uint256 bit = 1 << (number & 0xff);
        return (a & bit != 0, b & bit != 0, c & bit != 0, d & bit != 0, e & bit != 0);
    }

    function _fit(uint256 value, uint256 max) private pure returns (uint256) {
        if (value > max) revert ISettlementErrors.AmountTooLarge(value, max);
        return value;
    }

    function _kind(uint256 kind) private pure returns (string memory) {
        if (kind == 1) return "agent";
        if (kind == 2) return "supplier";
        return kind == 3 ? "store" : "";
    }

    function _tier(uint256 tier) private pure returns (string memory) {
        if (tier == 0) return "starter";
        if (tier == 1) return "bronze";
        if (tier == 2) return "silver";
        return tier == 3 ? "gold" : "diamond";
    }
}

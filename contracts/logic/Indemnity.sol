// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Lines, Split} from "../pure/Split.sol";
import {State} from "../state/State.sol";
import {Account} from "../types/Account.sol";
import {INSURANCE, PROTECTION} from "../types/Accounts.sol";
import {CROSS_BORDER} from "../types/Channels.sol";
import {OrderPlan} from "../types/OrderPlan.sol";
import {Terms} from "../types/Terms.sol";
import {Batches, OrderEntry} from "./Batches.sol";
import {BrandAccounts} from "./BrandAccounts.sol";
import {Ledger} from "./Ledger.sol";
import {OrderPages} from "./OrderPages.sol";
import {OrderStatus} from "./OrderStatus.sol";

/// @title What insurance and protection pay for (rules, section 4)
library Indemnity {
    using OrderPages for mapping(uint256 => uint256);

    /// @notice Pays from the protection account into the treasury, for the refund of an order's buyer.
    /// Errors: UnknownOrder, RefundExceedsPrice, InsufficientBalance.
    function compensate(
        State storage s,
        OrderEntry calldata entry,
        uint256 amount,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) external {
        (uint256 order, Terms memory t) = Batches.openOne(s, entry, deliveries, proof);
        uint256 left = t.price() - s.compensated[order];
        if (amount == 0 || amount > left) revert ISettlementErrors.RefundExceedsPrice(order, amount, left);
        Account protection = Ledger.account(s, PROTECTION).word;
        if (amount > protection.available()) {
            revert ISettlementErrors.InsufficientBalance(PROTECTION, amount, protection.available());
        }
        Ledger.account(s, PROTECTION).word = protection.minus(amount);
        s.compensated[order] += amount;
        Ledger.intoTreasury(s, amount);
        emit ISettlementEvents.BuyerCompensated(order, amount, s.compensated[order]);
    }

    /// @notice Pays the seller of a cross-border order for a duty loss, once an order: ⌊loss · insurance_bps⌋.
    /// Errors: UnknownOrder, WrongChannel, NotSettled, AlreadyClaimed, NotInsured, LossExceedsDuty, InsufficientBalance.
    function claimInsurance(
        State storage s,
        OrderEntry calldata entry,
        uint256 loss,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) external {
        (uint256 order, Terms memory t) = Batches.openOne(s, entry, deliveries, proof);
        if (t.channel() != CROSS_BORDER) revert ISettlementErrors.WrongChannel(order, t.channel());
        if (!OrderStatus.isSettled(s, order)) revert ISettlementErrors.NotSettled(order);
        if (s.insuranceClaimed.has(order)) revert ISettlementErrors.AlreadyClaimed(order);
        OrderPlan plan = s.plans[t.plan()].order;
        // slither-disable-next-line uninitialized-local (the split writes it)
        Lines memory l;
        Split.split(t, plan, t.net(), l);
        if (l.insurance == 0) revert ISettlementErrors.NotInsured(order);
        if (loss == 0 || loss > l.duty) revert ISettlementErrors.LossExceedsDuty(order, loss, l.duty);
        uint256 amount = loss * plan.insuranceBps() / 10_000;
        BrandAccounts.take(s, INSURANCE, amount);
        s.insuranceClaimed.set(order);
        Ledger.creditNow(s, t.seller(), amount);
        emit ISettlementEvents.InsurancePaid(order, t.seller(), loss, amount);
    }
}

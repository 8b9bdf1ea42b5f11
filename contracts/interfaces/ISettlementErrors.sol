// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Every way in which a call can fail
/// @notice Names are those of the settlement rules (docs/settlement-rules.md, section 4), the same on chain, in Python and in the API.
/// Each contract and library of the project reverts with these, so that one ABI decodes all failures.
interface ISettlementErrors {
    // ---- people (section 1) ----

    /// @notice The wallet belongs, or once belonged, to a participant already.
    error AlreadyRegistered(address wallet, uint256 participant);
    /// @notice There is no participant with this number, or it is not of the kind that is called for (usually: an agent).
    error UnknownParticipant(uint256 participant);
    /// @notice The participant exists but is of another kind (1 agent, 2 supplier, 3 store).
    error WrongKind(uint256 participant, uint256 kind);
    /// @notice A frozen agent cannot sell, introduce, withdraw or take its deposit back.
    error AgentFrozen(uint256 agent);
    /// @notice Neither the introducer nor the introducer's introducer is a boss: the newcomer would stand below three levels.
    error TeamTooDeep(uint256 introducer);
    /// @notice The seller is not certified for cross-border sales.
    error NotCertified(uint256 agent);
    /// @notice The agent's tier is too low; silver (2) is needed.
    error TierTooLow(uint256 agent, uint256 tier);
    /// @notice The region is protected already, by `holder`.
    error RegionTaken(uint256 region, uint256 holder);
    /// @notice An agent can protect its own region only, and region 0 is none.
    error RegionMismatch(uint256 agent, uint256 region);
    /// @notice Nobody protects the region.
    error RegionFree(uint256 region);

    // ---- orders (sections 3 and 4) ----

    /// @notice The batch does not start with the next order number, `expected`.
    error OutOfSequence(uint256 first, uint256 expected);
    /// @notice The price must be above 0.
    error InvalidPrice(uint256 order);
    /// @notice The amount does not fit: amounts of an order are below 2^48 minor units, and a packed field names its own limit.
    error AmountTooLarge(uint256 amount, uint256 limit);
    /// @notice There is no campaign with this number.
    error UnknownCampaign(uint256 campaign);
    /// @notice The campaign's deadline day is past.
    error CampaignClosed(uint256 campaign, uint256 deadline);
    /// @notice A campaign with this number was opened already.
    error CampaignExists(uint256 campaign);
    /// @notice The order names something that its channel does not have.
    error WrongChannel(uint256 order, uint256 channel);
    /// @notice Costs and service fee together are above the price.
    error PriceBelowCost(uint256 order, uint256 price, uint256 costs);
    /// @notice The treasury holds less than what is to be paid out of it.
    error InsufficientTreasury(uint256 treasury, uint256 needed);
    /// @notice There is no order with this number.
    error UnknownOrder(uint256 order);
    /// @notice The order is not in a state that this step is for.
    error OrderClosed(uint256 order);
    /// @notice The order was delivered already.
    error AlreadyDelivered(uint256 order);
    /// @notice The order has not been delivered.
    error NotDelivered(uint256 order);
    /// @notice The order's return window is open up to, and not including, `settleableFrom` (a day since deployment).
    error ReturnWindowOpen(uint256 order, uint256 settleableFrom);
    /// @notice The order is held; the hold lapses on day `lapses`.
    error OrderHeld(uint256 order, uint256 lapses);
    /// @notice The order is not held.
    error NotHeld(uint256 order);
    /// @notice The order is settled already, so it cannot be held any more.
    error AlreadySettled(uint256 order);
    /// @notice The order is not settled yet.
    error NotSettled(uint256 order);
    /// @notice The order's campaign is neither won nor failed yet.
    error CampaignPending(uint256 order, uint256 campaign);
    /// @notice The order's campaign failed and the order was not delivered; it can be voided.
    error CampaignFailed(uint256 order, uint256 campaign);
    /// @notice The order's campaign has not failed, and it is not `voidableFrom` yet.
    error NotVoidable(uint256 order, uint256 voidableFrom);
    /// @notice The amount is 0 or more than what is left of the price.
    error RefundExceedsPrice(uint256 order, uint256 amount, uint256 left);
    /// @notice The last day for refunds of this settled order was `lastDay`.
    error RefundTooLate(uint256 order, uint256 lastDay);
    /// @notice The order carries no insurance line now.
    error NotInsured(uint256 order);
    /// @notice The loss is 0 or more than the order's duty line.
    error LossExceedsDuty(uint256 order, uint256 loss, uint256 duty);
    /// @notice It was claimed already (`subject`: the order of an insurance claim, the agent of a pool claim).
    error AlreadyClaimed(uint256 subject);

    // ---- money (sections 4 and 5) ----

    /// @notice The amount must be above 0.
    error InvalidAmount(uint256 amount);
    /// @notice The amount is 0 or more than what is available.
    error InsufficientBalance(uint256 account, uint256 amount, uint256 available);
    /// @notice The amount is 0 or more than the deposit.
    error InsufficientDeposit(uint256 agent, uint256 amount, uint256 deposit);
    /// @notice A deposit is not released while debt is outstanding.
    error DebtOutstanding(uint256 agent, uint256 debt);
    /// @notice The deposit is locked until day `until`.
    error DepositLocked(uint256 agent, uint256 until);
    /// @notice Insurance and protection are not withdrawn; they pay claims and compensations only.
    error NotWithdrawable(uint256 account);
    /// @notice Months and years are closed one after the other; `expected` is next.
    error EpochOutOfOrder(uint256 epoch, uint256 expected);
    /// @notice The month or year is not closed, or cannot be closed yet.
    error EpochOpen(uint256 epoch);
    /// @notice What was not claimed of this month or year went into the next one.
    error ClaimExpired(uint256 epoch);
    /// @notice The agent has no weight in this month or year.
    error NothingToClaim(uint256 agent, uint256 epoch);
    /// @notice A parameter of the plan is out of its range (see section 2); `parameter` names it.
    error InvalidPlan(string parameter);

    // ---- outside the rules: access, proofs, signatures, tokens ----

    /// @notice The caller lacks the role (1 operator, 2 risk, 4 treasurer, 8 guardian).
    error MissingRole(address caller, uint256 role);
    /// @notice Roles are apart: an address holds one of them at most.
    error RolesNotApart(address holder, uint256 roles);
    /// @notice Only the wallet that owns the account may do this.
    error NotAccountOwner(uint256 account, address caller);
    /// @notice This part is paused (1 recording, 2 settlement, 4 withdrawals).
    error Paused(uint256 part);
    /// @notice The terms and proof do not lead to the stored root of the batch: they are of another batch, or from before a refund.
    error TermsMismatch(uint256 first);
    /// @notice A batch takes 1 to 240 orders, given as two words each.
    error InvalidBatch(uint256 length);
    /// @notice There is no channel with this number (0 retail, 1 campaign, 2 store, 3 cross-border).
    error UnknownChannel(uint256 channel);
    /// @notice A participant needs a wallet that is not the zero address.
    error InvalidWallet(address wallet);
    /// @notice The signature is not the wallet's over this message on this chain and contract.
    error InvalidSignature(address wallet);
    /// @notice The signature was good until `deadline` (Unix seconds).
    error SignatureExpired(uint256 deadline);
    /// @notice The token moved another amount than asked for; tokens that take a fee or rebase cannot be used.
    error UnsupportedToken(address token, uint256 asked, uint256 received);
}

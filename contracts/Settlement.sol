// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISettlementErrors} from "./interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "./interfaces/ISettlementEvents.sol";
import {Consent} from "./logic/Consent.sol";
import {OrderEntry, Selection} from "./logic/Batches.sol";
import {Campaigns} from "./logic/Campaigns.sol";
import {Cashier} from "./logic/Cashier.sol";
import {Indemnity} from "./logic/Indemnity.sol";
import {Lineage} from "./logic/Lineage.sol";
import {Delivery, OrderCare} from "./logic/OrderCare.sol";
import {Plans} from "./logic/Plans.sol";
import {Pools} from "./logic/Pools.sol";
import {Recording} from "./logic/Recording.sol";
import {Refunds} from "./logic/Refunds.sol";
import {Settling} from "./logic/Settling.sol";
import {SettlementViews} from "./SettlementViews.sol";
import {DUTY, FEES, INSURANCE, PLATFORM, PROTECTION, TREASURY} from "./types/Accounts.sol";
import {Participant, STORE_KIND, SUPPLIER} from "./types/Participant.sol";
import {PlanParameters} from "./types/Plan.sol";
import {GUARDIAN, OPERATOR, RECORDING, RISK, SETTLING, TREASURER, WITHDRAWING} from "./types/Roles.sol";

/// @title Liandong settlement (链动结算)
/// @notice Holds the money of a brand's agent sales, records who introduced whom, and pays commissions for delivered sales
/// whose return window is over. The rules are docs/settlement-rules.md; each function names its errors in the order of its
/// checks. What a step does lives in a library of its own under `logic`; this contract says who may take it.
/// @dev Not upgradable: change is a plan version or a new deployment. Days count from deployment in the time zone given there.
contract Settlement is
    SettlementViews,
    Consent,
    ISettlementErrors,
    ISettlementEvents,
    AccessManaged,
    ReentrancyGuardTransient
{
    using SafeERC20 for IERC20;

    modifier only(uint256 role) {
        _requireRole(role);
        _;
    }

    modifier whileRunning(uint256 part) {
        if (s.book.paused & part != 0) revert Paused(part);
        _;
    }

    /// @param token_ The ERC-20 that is settled in; it must move exactly what it is asked to.
    /// @param authority The access manager that administers plans, roles and the end of a pause, with its delays.
    /// @param utcOffset_ Seconds that the deployment's calendar is ahead of UTC.
    /// @param plan_ The first plan version.
    constructor(IERC20 token_, address authority, int256 utcOffset_, PlanParameters memory plan_)
        SettlementViews(token_, utcOffset_)
        AccessManaged(authority)
    {
        Plans.publish(s, plan_);
    }

    // ---- rules, roles, pauses ----

    /// @notice Puts a plan version into force; it waits for the administrator's delay in the access manager.
    /// Errors: InvalidPlan, AmountTooLarge.
    // slither-disable-next-line shadowing-local (of a view; callers read the name)
    function publishPlan(PlanParameters calldata plan) external restricted {
        Plans.publish(s, plan);
    }

    /// @notice Gives an address one role, or none (0): 1 operator, 2 risk, 4 treasurer, 8 guardian. Errors: RolesNotApart.
    function setRole(address holder, uint256 role) external restricted {
        bool one = role == OPERATOR || role == RISK || role == TREASURER || role == GUARDIAN;
        if (role != 0 && !one) revert RolesNotApart(holder, role);
        s.roles[holder] = role;
        emit RolesChanged(holder, role);
    }

    /// @notice Pauses parts: 1 recording, 2 settlement, 4 withdrawals and refunds after settlement. Guardian.
    function pause(uint256 parts) external only(GUARDIAN) {
        _setPaused(s.book.paused | (parts & 7));
    }

    /// @notice Ends pauses. Whoever pauses cannot do this: it is for the administrator.
    function unpause(uint256 parts) external restricted {
        _setPaused(s.book.paused & ~parts);
    }

    // ---- people ----

    /// @notice Registers a supplier. Operator. Errors: AlreadyRegistered.
    function registerSupplier(address wallet) external only(OPERATOR) returns (uint256 supplier) {
        return Lineage.register(s, wallet, SUPPLIER);
    }

    /// @notice Registers a store. Operator. Errors: AlreadyRegistered.
    function registerStore(address wallet) external only(OPERATOR) returns (uint256 store) {
        return Lineage.register(s, wallet, STORE_KIND);
    }

    /// @notice Lets an agent join without an introducer: a founder. Operator. Errors: AlreadyRegistered.
    function joinFounder(address wallet, uint256 region) external only(OPERATOR) returns (uint256 agent) {
        return Lineage.joinFounder(s, wallet, region);
    }

    /// @notice Lets an agent join by its introducer, with its wallet's signed consent; anybody may send it.
    /// Errors: SignatureExpired, InvalidSignature; AlreadyRegistered; of the introducer UnknownParticipant, AgentFrozen, TeamTooDeep.
    function join(address wallet, uint256 introducer, uint256 region, uint256 deadline, bytes calldata signature)
        external
        returns (uint256 agent)
    {
        _requireJoinConsent(wallet, introducer, region, deadline, signature);
        return Lineage.join(s, wallet, introducer, region);
    }

    /// @notice Moves the caller's account to another wallet, which consents by its signature.
    /// Errors: UnknownParticipant, NotAccountOwner; SignatureExpired, InvalidSignature; AlreadyRegistered.
    function changeWallet(uint256 participant, address wallet, uint256 deadline, bytes calldata signature) external {
        Participant p = Lineage.participantAt(s, participant);
        if (p.kind() == 0) revert UnknownParticipant(participant);
        if (p.wallet() != msg.sender) revert NotAccountOwner(participant, msg.sender);
        _requireWalletConsent(participant, wallet, deadline, signature);
        Lineage.changeWallet(s, participant, wallet);
    }

    /// @notice Allows or forbids an agent's cross-border sales. Operator. Errors: UnknownParticipant.
    function certify(uint256 agent, bool certified) external only(OPERATOR) {
        Lineage.certify(s, agent, certified);
    }

    /// @notice Freezes an agent; it is still credited. Risk. Errors: UnknownParticipant.
    function freeze(uint256 agent, bytes32 reason) external only(RISK) {
        Lineage.freeze(s, agent, reason);
    }

    /// @notice Ends a freeze. Risk. Errors: UnknownParticipant.
    function unfreeze(uint256 agent) external only(RISK) {
        Lineage.unfreeze(s, agent);
    }

    /// @notice Protects an agent's own region. Operator. Errors: UnknownParticipant, TierTooLow, RegionTaken, RegionMismatch.
    function protectRegion(uint256 region, uint256 holder) external only(OPERATOR) {
        Lineage.protectRegion(s, region, holder);
    }

    /// @notice Ends the protection of a region. Operator. Errors: RegionFree.
    function releaseRegion(uint256 region) external only(OPERATOR) {
        Lineage.releaseRegion(s, region);
    }

    // ---- orders ----

    /// @notice Opens a group buy, won when `target` orders are recorded. Operator.
    /// Errors: CampaignExists, InvalidAmount, AmountTooLarge.
    // slither-disable-next-line shadowing-local (of a view; callers read the name)
    function openGroupBuy(uint256 campaign, uint256 target, uint256 deadlineDays) external only(OPERATOR) {
        Campaigns.openGroupBuy(s, today(), campaign, target, deadlineDays);
    }

    /// @notice Opens a live presale, won order by order when its balance is paid. Operator. Errors: CampaignExists.
    // slither-disable-next-line shadowing-local (of a view; callers read the name)
    function openPresale(uint256 campaign, uint256 deadlineDays) external only(OPERATOR) {
        Campaigns.openPresale(s, today(), campaign, deadlineDays);
    }

    /// @notice Records the orders `first`, `first` + 1, … or none of them. Operator.
    /// @param words Two words an order, as `Terms` lays them out; the lens encodes and decodes them.
    /// Errors: OutOfSequence, then an order after the other those that `Recording` names.
    function recordOrders(uint256 first, uint256[] calldata words)
        external
        only(OPERATOR)
        whileRunning(RECORDING)
    {
        Recording.record(s, today(), first, words);
    }

    /// @notice Puts today on record as the day of delivery of all orders given, batch by batch. Operator.
    /// Errors: UnknownOrder, OrderClosed, AlreadyDelivered.
    function deliver(Delivery[] calldata batches) external only(OPERATOR) {
        OrderCare.deliver(s, today(), batches);
    }

    /// @notice Puts on record that the balance of a presale order was paid. Operator.
    /// Errors: UnknownOrder, OrderClosed, WrongChannel, CampaignClosed.
    function payBalance(OrderEntry calldata order, uint256[] calldata deliveries, bytes32[] calldata proof)
        external
        only(OPERATOR)
    {
        OrderCare.payBalance(s, today(), order, deliveries, proof);
    }

    /// @notice Settles delivered orders whose return window is over. Anybody.
    /// Errors: UnknownOrder, OrderClosed, OrderHeld, CampaignPending, CampaignFailed, NotDelivered, ReturnWindowOpen.
    function settle(Selection[] calldata orders) external whileRunning(SETTLING) {
        Settling.settleAsSent(s, today(), orders);
    }

    /// @notice Voids orders that will not be delivered. Anybody. Errors: UnknownOrder, OrderClosed, AlreadyDelivered, NotVoidable.
    function voidOrders(Selection[] calldata orders) external {
        OrderCare.voidOrders(s, today(), orders);
    }

    /// @notice Refunds part or all of an order's price. Operator.
    /// @param receipt A salted commitment to the buyer's refund receipt; 0 where there is none.
    /// @param deliveries The batch's deliveries; proof: the nodes that lead from the order to its batch's root.
    /// Errors: UnknownOrder, OrderClosed, RefundExceedsPrice, RefundTooLate, InsufficientTreasury.
    /// @dev The parameters' order gives it a low selector, which is found first (docs/gas.md).
    function refund(
        OrderEntry calldata order,
        bytes32 receipt,
        uint256 amount,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) external only(OPERATOR) {
        Refunds.refund(s, today(), order, receipt, amount, deliveries, proof);
    }

    /// @notice Holds an order for at most 60 days from its first hold. Operator or risk.
    /// Errors: UnknownOrder, AlreadySettled, OrderClosed.
    function hold(uint256 order, bytes32 reason) external only(OPERATOR | RISK) {
        OrderCare.hold(s, today(), order, reason);
    }

    /// @notice Ends a hold. Risk. Errors: UnknownOrder, NotHeld.
    function release(uint256 order) external only(RISK) {
        OrderCare.release(s, order);
    }

    // ---- pools ----

    /// @notice Closes a month of the support fund. Anybody. Errors: EpochOutOfOrder, EpochOpen.
    function closeMonth(uint256 month) external {
        Pools.closeMonth(s, today(), month);
    }

    /// @notice Closes a year of the dividend. Anybody. Errors: EpochOutOfOrder, EpochOpen.
    function closeYear(uint256 year) external {
        Pools.closeYear(s, today(), year);
    }

    /// @notice Credits agents with their shares of a closed month. Anybody, for the agents; all or none.
    /// Errors: UnknownParticipant, EpochOpen, ClaimExpired, AlreadyClaimed, NothingToClaim.
    function claimSupport(uint256 month, uint256[] calldata agents) external {
        Pools.claimSupport(s, month, agents);
    }

    /// @notice Credits diamonds with their shares of a closed year. Anybody, for the agents; all or none.
    /// Errors: UnknownParticipant, EpochOpen, ClaimExpired, AlreadyClaimed, NothingToClaim.
    function claimDividend(uint256 year, uint256[] calldata agents) external {
        Pools.claimDividend(s, year, agents);
    }

    // ---- money ----

    /// @notice Pays the caller's tokens into the treasury. Anybody. Errors: InvalidAmount, UnsupportedToken.
    function fund(uint256 amount) external nonReentrant {
        Cashier.fund(s, token, amount);
    }

    /// @notice Pays the calling agent's tokens into its deposit, debt first.
    /// Errors: UnknownParticipant, NotAccountOwner, InvalidAmount, UnsupportedToken.
    function deposit(uint256 agent, uint256 amount) external nonReentrant {
        Cashier.deposit(s, token, agent, amount);
    }

    /// @notice Pays deposit back to the calling agent.
    /// Errors: UnknownParticipant, NotAccountOwner, AgentFrozen, DebtOutstanding, DepositLocked, InsufficientDeposit.
    function releaseDeposit(uint256 agent, uint256 amount) external nonReentrant whileRunning(WITHDRAWING) {
        Cashier.releaseDeposit(s, token, today(), agent, amount);
    }

    /// @notice Moves an agent's deposit to the protection account. Risk. Errors: UnknownParticipant, InsufficientDeposit.
    function slash(uint256 agent, uint256 amount, bytes32 reason) external only(RISK) {
        Cashier.slash(s, agent, amount, reason);
    }

    /// @notice Pays from protection into the treasury, for an order's buyer. Operator.
    /// Errors: UnknownOrder, RefundExceedsPrice, InsufficientBalance.
    function compensate(
        OrderEntry calldata order,
        uint256 amount,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) external only(OPERATOR) {
        Indemnity.compensate(s, order, amount, deliveries, proof);
    }

    /// @notice Pays the seller of a cross-border order for a duty loss. Operator.
    /// Errors: UnknownOrder, WrongChannel, NotSettled, AlreadyClaimed, NotInsured, LossExceedsDuty, InsufficientBalance.
    function claimInsurance(
        OrderEntry calldata order,
        uint256 loss,
        uint256[] calldata deliveries,
        bytes32[] calldata proof
    ) external only(OPERATOR) {
        Indemnity.claimInsurance(s, order, loss, deliveries, proof);
    }

    /// @notice Withdraws from an account to its owner: a participant's wallet, or for treasury, platform, fees and duty the
    /// brand's treasurer, who calls. Errors: NotWithdrawable, UnknownParticipant, NotAccountOwner, AgentFrozen, InsufficientBalance.
    function withdraw(uint256 account, uint256 amount) external nonReentrant whileRunning(WITHDRAWING) {
        if (account == INSURANCE || account == PROTECTION) revert NotWithdrawable(account);
        if (account == TREASURY || account == PLATFORM || account == FEES || account == DUTY) _requireRole(TREASURER);
        else if (_ownerOf(account) != msg.sender) revert NotAccountOwner(account, msg.sender);
        _payOut(account, msg.sender, amount);
    }

    /// @notice Withdraws on the owner's signed word; anybody may send it, the tokens go to the owner's wallet.
    /// Errors: UnknownParticipant, SignatureExpired, InvalidSignature, AgentFrozen, InsufficientBalance.
    function withdrawFor(uint256 account, uint256 amount, uint256 deadline, bytes calldata signature)
        external
        nonReentrant
        whileRunning(WITHDRAWING)
    {
        address owner = _ownerOf(account);
        _requireWithdrawalConsent(owner, account, amount, s.nonces[account]++, deadline, signature);
        _payOut(account, owner, amount);
    }

    /// @notice Pays participants all that they have available, each to its own wallet; who cannot be paid is passed over.
    /// Treasurer.
    function pushWithdrawals(uint256[] calldata participants)
        external
        only(TREASURER)
        nonReentrant
        whileRunning(WITHDRAWING)
    {
        Cashier.push(s, token, participants);
    }

    function _payOut(uint256 account, address to, uint256 amount) private {
        Cashier.take(s, account, amount);
        emit Withdrawn(account, to, amount);
        token.safeTransfer(to, amount);
    }

    function _ownerOf(uint256 account) private view returns (address) {
        Participant p = Lineage.participantAt(s, account);
        if (p.kind() == 0) revert UnknownParticipant(account);
        return p.wallet();
    }

    function _setPaused(uint256 paused_) private {
        s.book.paused = uint8(paused_);
        emit PauseChanged(msg.sender, paused_);
    }

    function _requireRole(uint256 role) private view {
        if (s.roles[msg.sender] & role == 0) revert MissingRole(msg.sender, role);
    }
}

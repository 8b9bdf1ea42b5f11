// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlanParameters} from "../types/Plan.sol";

/// @title Everything that the settlement contract tells
/// @notice Flat and typed, one event for each that is paid, with the payee indexed: whoever knows its number can filter by it.
/// Amounts are minor units (1 = 0.01 yuan), rates basis points, days count from deployment in the deployment's time zone.
interface ISettlementEvents {
    // ---- people ----

    /// @notice An agent joined. `introducer` 0: a founder. `leader` 0: a boss.
    event AgentJoined(
        uint256 indexed agent, uint256 indexed introducer, uint256 indexed leader, address wallet, uint256 region
    );
    /// @notice A supplier was registered.
    event SupplierRegistered(uint256 indexed supplier, address wallet);
    /// @notice A store was registered.
    event StoreRegistered(uint256 indexed store, address wallet);
    /// @notice A participant moved to another wallet.
    event WalletChanged(uint256 indexed participant, address previous, address wallet);
    /// @notice An order that the agent sold settled with a net price that makes it active.
    event AgentActivated(uint256 indexed agent, uint256 indexed order);
    /// @notice Somebody below became active; the counters as they are now.
    event ProgressMade(uint256 indexed agent, uint256 activeDirects, uint256 teamActive);
    /// @notice The agent reached a tier (1 bronze, 2 silver, 3 gold, 4 diamond).
    event TierReached(uint256 indexed agent, uint256 tier, string name);
    /// @notice The agent left its leader's team and became a boss; the team that it has stays (走人留人).
    event BecameBoss(uint256 indexed agent, uint256 indexed formerLeader);
    /// @notice The agent may, or may no longer, sell across borders.
    event CertificationChanged(uint256 indexed agent, bool certified);
    /// @notice The agent was frozen for `reason` (a salted commitment to the file of the case).
    event AgentFrozenBy(uint256 indexed agent, address indexed officer, bytes32 reason);
    /// @notice The agent is not frozen any more.
    event AgentUnfrozenBy(uint256 indexed agent, address indexed officer);
    /// @notice The region is protected by `holder` from now on.
    event RegionProtected(uint256 indexed region, uint256 indexed holder);
    /// @notice Nobody protects the region any more.
    event RegionReleased(uint256 indexed region, uint256 indexed holder);

    // ---- orders ----

    /// @notice A batch of orders was recorded under one plan version on one day.
    event BatchRecorded(uint256 indexed first, uint256 count, uint256 plan, uint256 day, bytes32 root);
    /// @notice A retail order (零售). `leader` gets the team line, `holder` the region line; 0: none.
    event RetailOrderRecorded(
        uint256 indexed order,
        uint256 indexed seller,
        uint256 indexed supplier,
        uint256 price,
        uint256 cost,
        uint256 fees,
        uint256 rateBps,
        uint256 leader,
        uint256 holder
    );
    /// @notice An order of a campaign (活动): group buy or live presale.
    event CampaignOrderRecorded(
        uint256 indexed order,
        uint256 indexed seller,
        uint256 indexed supplier,
        uint256 price,
        uint256 cost,
        uint256 fees,
        uint256 rateBps,
        uint256 leader,
        uint256 host,
        uint256 campaign
    );
    /// @notice An order of a store (门店); `guide` 0: nobody guided the buyer.
    event StoreOrderRecorded(
        uint256 indexed order,
        uint256 indexed guide,
        uint256 indexed supplier,
        uint256 price,
        uint256 cost,
        uint256 fees,
        uint256 rateBps,
        uint256 leader,
        uint256 store
    );
    /// @notice A cross-border order (代购).
    event CrossBorderOrderRecorded(
        uint256 indexed order,
        uint256 indexed seller,
        uint256 indexed supplier,
        uint256 price,
        uint256 cost,
        uint256 fees,
        uint256 duty,
        uint256 insurance,
        uint256 rateBps,
        uint256 leader
    );
    /// @notice Orders of the batch that starts with order `first` were delivered: bit i of `orders` is order `first` + i.
    event OrdersDelivered(uint256 indexed first, uint256 indexed day, uint256 orders);
    /// @notice The balance of a presale order was paid.
    event BalancePaid(uint256 indexed order, uint256 indexed campaign);
    /// @notice Orders of the batch that starts with order `first` were settled: bit i of `orders` is order `first` + i. Each
    /// payee of an order has an event of its own, the brand's lines are told in sum, and the lens tells all lines of an
    /// order (`split`).
    event OrdersSettled(uint256 indexed first, uint256 orders);
    /// @notice What the orders settled in this call paid to the brand's accounts and into the two pools, in sum.
    event BrandLinesPaid(
        uint256 fees, uint256 duty, uint256 insurance, uint256 platform, uint256 fund, uint256 dividend
    );
    /// @notice The supplier was paid (供货).
    event SupplyPaid(uint256 indexed order, uint256 indexed supplier, uint256 amount);
    /// @notice The certified seller was paid its service fee (代购); `heldBack` of it became deposit.
    event ServicePaid(uint256 indexed order, uint256 indexed seller, uint256 amount, uint256 heldBack);
    /// @notice The seller was paid (直推).
    event DirectPaid(uint256 indexed order, uint256 indexed seller, uint256 amount);
    /// @notice The holder of the ship-to region was paid (区域保护).
    event RegionPaid(uint256 indexed order, uint256 indexed holder, uint256 amount);
    /// @notice The campaign's host was paid (活动).
    event HostPaid(uint256 indexed order, uint256 indexed host, uint256 amount);
    /// @notice The guide was paid (导购).
    event GuidePaid(uint256 indexed order, uint256 indexed guide, uint256 amount);
    /// @notice The store was paid (门店).
    event StorePaid(uint256 indexed order, uint256 indexed store, uint256 amount);
    /// @notice The leader was paid (团队).
    event TeamPaid(uint256 indexed order, uint256 indexed leader, uint256 amount);
    /// @notice The order was voided; `amount` went back into the treasury.
    event OrderVoided(uint256 indexed order, uint256 amount);
    /// @notice The order was refunded; `receipt` commits to the buyer's receipt, 0: none. After settlement, an event for
    /// each account that a line was taken back from or added to comes before.
    event OrderRefunded(uint256 indexed order, uint256 amount, bytes32 receipt);
    /// @notice A refund took `amount` of an order's lines back from a payee.
    event PaymentTakenBack(uint256 indexed order, uint256 indexed account, uint256 amount);
    /// @notice Of what a refund took back from an account, it had `amount` too little: that became its debt.
    event DebtIncurred(uint256 indexed order, uint256 indexed account, uint256 amount);
    /// @notice A refund's rounding made a payee's lines `amount` higher.
    event PaymentAdded(uint256 indexed order, uint256 indexed account, uint256 amount);
    /// @notice A refund took this much of an order's lines back from the brand's accounts and out of the pools.
    event BrandLinesTakenBack(
        uint256 indexed order, uint256 fees, uint256 platform, uint256 fund, uint256 dividend
    );
    /// @notice Of a cross-border order (代购), a refund took this much back from the accounts for duty and insurance besides.
    event DutyTakenBack(uint256 indexed order, uint256 duty, uint256 insurance);
    /// @notice Of what a refund was to take out of the pools, they lacked `amount`; the platform was debited for it.
    event PoolsLacked(uint256 indexed order, uint256 amount);
    /// @notice A refund's rounding made lines of the brand's accounts and the pools this much higher.
    event BrandLinesAdded(
        uint256 indexed order,
        uint256 fees,
        uint256 duty,
        uint256 insurance,
        uint256 platform,
        uint256 fund,
        uint256 dividend
    );
    /// @notice The order is held for `reason`; its first hold was on day `since`.
    event OrderHeldBy(uint256 indexed order, address indexed officer, uint256 since, bytes32 reason);
    /// @notice The order is not held any more.
    event OrderReleasedBy(uint256 indexed order, address indexed officer);
    /// @notice A group buy was opened; it is won when `target` orders are recorded by the end of day `deadline`.
    event GroupBuyOpened(uint256 indexed campaign, uint256 target, uint256 deadline);
    /// @notice A live presale was opened; an order is won when its balance is paid by the end of day `deadline`.
    event PresaleOpened(uint256 indexed campaign, uint256 deadline);

    // ---- money ----

    /// @notice Tokens came into the treasury.
    event TreasuryFunded(address indexed from, uint256 amount);
    /// @notice Tokens left for the account's wallet.
    event Withdrawn(uint256 indexed account, address indexed to, uint256 amount);
    /// @notice A pushed withdrawal could not be made and was passed over.
    event PushPassedOver(uint256 indexed account, string reason);
    /// @notice The agent paid a deposit in; `repaid` of it paid debt.
    event DepositPaid(uint256 indexed agent, uint256 amount, uint256 repaid);
    /// @notice The agent took deposit back.
    event DepositReleased(uint256 indexed agent, address indexed to, uint256 amount);
    /// @notice Deposit went to the protection account for `reason`.
    event DepositSlashed(uint256 indexed agent, address indexed officer, uint256 amount, bytes32 reason);
    /// @notice A credit paid `amount` of the account's debt into the treasury; `left` is still owed.
    event DebtRepaid(uint256 indexed account, uint256 amount, uint256 left);
    /// @notice The protection account paid `amount` into the treasury for the buyer of an order.
    event BuyerCompensated(uint256 indexed order, uint256 amount, uint256 total);
    /// @notice The insurance paid for a duty loss.
    event InsurancePaid(uint256 indexed order, uint256 indexed seller, uint256 loss, uint256 amount);
    /// @notice A month of the support fund was closed: `pool` is shared by `weight`.
    event MonthClosed(uint256 indexed month, uint256 pool, uint256 weight, uint256 carried);
    /// @notice A year of the dividend was closed.
    event YearClosed(uint256 indexed year, uint256 pool, uint256 weight, uint256 carried, uint256 capBps);
    /// @notice A member got its share of a month's support fund (帮扶基金).
    event SupportClaimed(uint256 indexed month, uint256 indexed agent, uint256 amount, uint256 weight);
    /// @notice A diamond got its share of a year's dividend (年度分红).
    event DividendClaimed(uint256 indexed year, uint256 indexed agent, uint256 amount, uint256 weight);

    // ---- rules and roles ----

    /// @notice A plan version came into force.
    event PlanPublished(uint256 indexed version, PlanParameters plan);
    /// @notice The roles of an address changed (bits: 1 operator, 2 risk, 4 treasurer, 8 guardian).
    event RolesChanged(address indexed holder, uint256 roles);
    /// @notice The paused parts changed (bits: 1 recording, 2 settlement, 4 withdrawals).
    event PauseChanged(address indexed by, uint256 paused);
}

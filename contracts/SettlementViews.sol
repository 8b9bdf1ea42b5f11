// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Calendar} from "./pure/Calendar.sol";
import {OrderPages} from "./logic/OrderPages.sol";
import {OrderStatus} from "./logic/OrderStatus.sol";
import {Plans} from "./logic/Plans.sol";
import {SupportWeights} from "./logic/SupportWeights.sol";
import {Book, Campaign, Cold, Epoch, PoolClock, Progress, State} from "./state/State.sol";
import {Account} from "./types/Account.sol";
import {FIRST_PARTICIPANT} from "./types/Accounts.sol";
import {Participant} from "./types/Participant.sol";
import {PlanParameters} from "./types/Plan.sol";
import {BrandAccounts} from "./logic/BrandAccounts.sol";
import {Ledger} from "./logic/Ledger.sol";
import {PoolBook} from "./logic/PoolBook.sol";

/// @title What the settlement contract shows
/// @notice Every stored word can be read here, as it is; the lens (`SettlementLens`) reads the packed ones out in names.
abstract contract SettlementViews {
    using OrderPages for mapping(uint256 => uint256);

    /// @notice The ERC-20 that is settled in.
    IERC20 public immutable token;
    /// @notice Seconds that the calendar is ahead of UTC.
    int256 public immutable utcOffset;
    /// @notice The calendar day of deployment, counted from 1970; day 0 of everything here.
    uint256 public immutable dayZero;

    /// @dev When day 0 began.
    uint256 private immutable _start;

    State internal s;

    constructor(IERC20 token_, int256 utcOffset_) {
        token = token_;
        utcOffset = utcOffset_;
        uint256 day = Calendar.day(block.timestamp, utcOffset_);
        dayZero = day;
        _start = uint256(int256(day * 1 days) - utcOffset_);
    }

    /// @return Days since deployment.
    function today() public view returns (uint256) {
        unchecked {
            return (block.timestamp - _start) / 1 days; // never before the day of deployment
        }
    }

    /// @return Treasury and escrow in minor units, the number of orders, the plan version in force, the paused parts.
    function book() external view returns (Book memory) {
        return s.book;
    }

    /// @return The role of an address: 0 none, 1 operator, 2 risk, 4 treasurer, 8 guardian.
    function roleOf(address holder) external view returns (uint256) {
        return s.roles[holder];
    }

    /// @return A plan version, every parameter by its name.
    function plan(uint256 version) external view returns (PlanParameters memory) {
        return Plans.read(s, version);
    }

    /// @return The number of the participant that a wallet belongs or once belonged to; 0: none.
    function participantOf(address wallet) external view returns (uint256) {
        return s.participantOf[wallet];
    }

    /// @return The number of the last participant that was entered.
    function lastParticipant() external view returns (uint256) {
        return FIRST_PARTICIPANT + s.participantCount - 1;
    }

    /// @return A participant's word and its counters.
    function participantWord(uint256 id) external view returns (Participant, Progress memory) {
        return (s.participants[id], s.progress[id]);
    }

    /// @return An account's word, and its deposit, debt and lock. For platform, fees, duty and insurance, which share a
    /// slot, the word is made up here.
    function accountWord(uint256 id) external view returns (Account, Cold memory) {
        Account a = Ledger.account(s, id).word;
        if (BrandAccounts.includes(id)) a = a.plus(BrandAccounts.available(s, id));
        return (a, s.cold[id]);
    }

    /// @return The nonce of the account's next signed withdrawal.
    function nonceOf(uint256 account) external view returns (uint256) {
        return s.nonces[account];
    }

    /// @return Who protects a region; 0: nobody.
    function holderOf(uint256 region) external view returns (uint256) {
        return s.holderOf[region];
    }

    /// @return What is stored of the batch that starts with this order.
    function batch(uint256 first) external view returns (bytes32) {
        return s.batches[first].word;
    }

    /// @return settled Bitmap of a page of 256 orders: settled. dropped: voided or refunded in full before settlement. held:
    /// on hold. balancePaid: presale balance paid. insuranceClaimed: insurance paid.
    function orderPage(uint256 page)
        external
        view
        returns (uint256 settled, uint256 dropped, uint256 held, uint256 balancePaid, uint256 insuranceClaimed)
    {
        (settled, dropped) = OrderStatus.ofPage(s, page);
        return (settled, dropped, s.held[page], s.balancePaid[page], s.insuranceClaimed[page]);
    }

    /// @return held Whether it was ever held, firstHeld the day of its first hold, compensated what protection paid for it.
    function orderNotes(uint256 order) external view returns (bool held, uint256 firstHeld, uint256 compensated) {
        uint256 first = s.firstHeld[order];
        return (first != 0, first == 0 ? 0 : first - 1, s.compensated[order]);
    }

    /// @return A campaign.
    function campaign(uint256 id) external view returns (Campaign memory) {
        return s.campaigns[id];
    }

    /// @return clock How far months are closed; epoch: this month of the support fund.
    function supportMonth(uint256 month) external view returns (PoolClock memory clock, Epoch memory epoch) {
        return (PoolBook.clock(s), PoolBook.month(s, month));
    }

    /// @return clock How far years are closed; epoch: this year of the dividend.
    function dividendYear(uint256 year) external view returns (PoolClock memory clock, Epoch memory epoch) {
        return (PoolBook.clock(s), PoolBook.year(s, year));
    }

    /// @return weight The agent's support weight in a month, claimed whether it has claimed.
    function supportWeight(uint256 month, uint256 agent) external view returns (uint256 weight, bool claimed) {
        return (SupportWeights.weightOf(s, agent, month), s.support.claimed[month].has(agent));
    }

    /// @return weight The agent's dividend weight in a year, claimed whether it has claimed.
    function dividendWeight(uint256 year, uint256 agent) external view returns (uint256 weight, bool claimed) {
        return (s.dividend.weights[year][agent], s.dividend.claimed[year].has(agent));
    }
}

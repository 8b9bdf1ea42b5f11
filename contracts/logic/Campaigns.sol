// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Campaign, State} from "../state/State.sol";
import {OrderPages} from "./OrderPages.sol";

/// @title Group buys (拼团) and live presales (直播预售) (rules, sections 3 and 4)
library Campaigns {
    using OrderPages for mapping(uint256 => uint256);

    /// @notice Opens a group buy until `deadlineDays` from today. Errors: CampaignExists, InvalidAmount, AmountTooLarge.
    function openGroupBuy(State storage s, uint256 today, uint256 id, uint256 target, uint256 deadlineDays) internal {
        uint256 deadline = _requireNew(s, today, id, deadlineDays);
        if (target == 0) revert ISettlementErrors.InvalidAmount(target);
        if (target > type(uint64).max) revert ISettlementErrors.AmountTooLarge(target, type(uint64).max);
        s.campaigns[id] = Campaign(true, false, uint64(target), 0, uint32(deadline));
        emit ISettlementEvents.GroupBuyOpened(id, target, deadline);
    }

    /// @notice Opens a live presale until `deadlineDays` from today. Errors: CampaignExists, AmountTooLarge.
    function openPresale(State storage s, uint256 today, uint256 id, uint256 deadlineDays) internal {
        uint256 deadline = _requireNew(s, today, id, deadlineDays);
        s.campaigns[id] = Campaign(true, true, 0, 0, uint32(deadline));
        emit ISettlementEvents.PresaleOpened(id, deadline);
    }

    /// @notice Counts an order of a campaign. Errors: UnknownCampaign, CampaignClosed.
    function enter(State storage s, uint256 today, uint256 id) internal {
        Campaign memory c = s.campaigns[id];
        if (!c.open) revert ISettlementErrors.UnknownCampaign(id);
        if (today > c.deadline) revert ISettlementErrors.CampaignClosed(id, c.deadline);
        s.campaigns[id].count = c.count + 1;
    }

    /// @return Whether the campaign is won for this order: the group's target reached, or the presale's balance paid.
    function won(State storage s, uint256 id, uint256 order) internal view returns (bool) {
        Campaign memory c = s.campaigns[id];
        return c.presale ? s.balancePaid.has(order) : c.count >= c.target;
    }

    /// @return Whether what is not won is failed, not pending: the deadline day is past.
    function over(State storage s, uint256 today, uint256 id) internal view returns (bool) {
        return today > s.campaigns[id].deadline;
    }

    function _requireNew(State storage s, uint256 today, uint256 id, uint256 deadlineDays)
        private
        view
        returns (uint256 deadline)
    {
        if (s.campaigns[id].open) revert ISettlementErrors.CampaignExists(id);
        if (id == 0 || id >= 2 ** 32) revert ISettlementErrors.UnknownCampaign(id);
        if (deadlineDays > type(uint16).max) {
            revert ISettlementErrors.AmountTooLarge(deadlineDays, type(uint16).max);
        }
        return today + deadlineDays;
    }
}

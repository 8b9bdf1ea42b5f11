// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Progress, State} from "../state/State.sol";
import {AccountWord} from "../types/Account.sol";
import {DIAMOND_TIER, Participant, ParticipantWord} from "../types/Participant.sol";
import {TierPlan} from "../types/Plan.sol";
import {Ledger} from "./Ledger.sol";

/// @title What follows when an agent becomes active: counters, tiers, leaving with the team staying (rules, section 1)
/// @notice Nothing here pays anybody. Activity comes from a delivered sale whose return window is over, never from joining.
library Activity {
    /// @notice Makes the seller of `order` active and tells the up to three introducers above.
    /// @dev Conditions are those of the plan in force, not of the order's.
    function activate(State storage s, uint256 agent, uint256 order) internal {
        Participant p = s.participants[agent];
        s.participants[agent] = p.set(ParticipantWord.ACTIVE, true);
        Ledger.account(s, agent).word = Ledger.account(s, agent).word.set(AccountWord.ACTIVE);
        emit ISettlementEvents.AgentActivated(agent, order);

        TierPlan memory plan = s.plans[s.book.plan].tiers;
        uint256 above = p.introducer();
        for (uint256 step = 0; step < 3 && above != 0; ++step) {
            Participant q = s.participants[above];
            _advance(s, above, q, plan, step == 0);
            above = q.introducer();
        }
    }

    /// @dev One introducer: its counters, then its tier, then whether it leaves its leader's team.
    function _advance(State storage s, uint256 agent, Participant p, TierPlan memory plan, bool direct) private {
        Progress memory progress = s.progress[agent];
        if (direct) ++progress.activeDirects;
        ++progress.teamActive;
        s.progress[agent] = progress;
        emit ISettlementEvents.ProgressMade(agent, progress.activeDirects, progress.teamActive);

        Participant after_ = p;
        uint256 tier = _tier(progress, plan);
        if (tier > p.tier()) {
            after_ = after_.withTier(tier);
            if (tier == DIAMOND_TIER) Ledger.account(s, agent).word = Ledger.account(s, agent).word.set(AccountWord.DIAMOND);
            emit ISettlementEvents.TierReached(agent, tier, _name(tier));
        }
        if (direct && p.leader() != 0 && progress.activeDirects >= plan.promotionDirects) {
            after_ = after_.withoutLeader();
            emit ISettlementEvents.BecameBoss(agent, p.leader());
        }
        if (Participant.unwrap(after_) != Participant.unwrap(p)) s.participants[agent] = after_;
    }

    /// @dev The highest tier whose condition holds; the conditions stand each for itself.
    function _tier(Progress memory progress, TierPlan memory plan) private pure returns (uint256) {
        if (progress.teamActive >= plan.diamondTeam) return 4;
        if (progress.teamActive >= plan.goldTeam) return 3;
        if (progress.teamActive >= plan.silverTeam) return 2;
        return progress.activeDirects >= plan.bronzeDirects ? 1 : 0;
    }

    function _name(uint256 tier) private pure returns (string memory) {
        if (tier == 4) return "diamond";
        if (tier == 3) return "gold";
        return tier == 2 ? "silver" : "bronze";
    }
}

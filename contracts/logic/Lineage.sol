// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {State} from "../state/State.sol";
import {AccountWord} from "../types/Account.sol";
import {FIRST_PARTICIPANT} from "../types/Accounts.sol";
import {AGENT, Participant, ParticipantWord, SILVER, SUPPLIER} from "../types/Participant.sol";
import {Ledger} from "./Ledger.sol";

/// @title Who introduced whom: participants, wallets, regions, flags (rules, section 1)
library Lineage {
    /// @notice Enters a founder: an agent without introducer, and so a boss. Errors: AlreadyRegistered.
    function joinFounder(State storage s, address wallet, uint256 region) external returns (uint256) {
        _requireNew(s, wallet);
        return _enterAgent(s, wallet, 0, 0, region);
    }

    /// @notice Enters an agent under its introducer; its leader is fixed here.
    /// @return The new agent's number.
    /// Errors: AlreadyRegistered; of the introducer UnknownParticipant, AgentFrozen, TeamTooDeep.
    function join(State storage s, address wallet, uint256 introducer, uint256 region)
        external
        returns (uint256)
    {
        _requireNew(s, wallet);
        Participant above = agentAt(s, introducer);
        if (above.has(ParticipantWord.FROZEN)) revert ISettlementErrors.AgentFrozen(introducer);
        return _enterAgent(s, wallet, introducer, _leaderBelow(s, introducer, above), region);
    }

    /// @notice Enters a supplier or a store.
    /// Errors: AlreadyRegistered.
    function register(State storage s, address wallet, uint256 kind) external returns (uint256 participant) {
        _requireNew(s, wallet);
        participant = _enter(s, wallet, ParticipantWord.encode(wallet, kind, 0, 0, 0));
        if (kind == SUPPLIER) emit ISettlementEvents.SupplierRegistered(participant, wallet);
        else emit ISettlementEvents.StoreRegistered(participant, wallet);
    }

    /// @notice Moves a participant to a wallet that never belonged to one. The old wallet stays taken, so that a consent
    /// that it once signed can never be used again.
    /// Errors: AlreadyRegistered, InvalidWallet.
    function changeWallet(State storage s, uint256 participant, address wallet) external {
        _requireNew(s, wallet);
        Participant p = s.participants[participant];
        s.participants[participant] = p.withWallet(wallet);
        s.participantOf[wallet] = participant;
        emit ISettlementEvents.WalletChanged(participant, p.wallet(), wallet);
    }

    /// @notice Allows or forbids cross-border sales. Errors: UnknownParticipant.
    function certify(State storage s, uint256 agent, bool certified) external {
        s.participants[agent] = agentAt(s, agent).set(ParticipantWord.CERTIFIED, certified);
        emit ISettlementEvents.CertificationChanged(agent, certified);
    }

    /// @notice Freezes an agent: it cannot sell, introduce, withdraw or take its deposit back. Errors: UnknownParticipant.
    function freeze(State storage s, uint256 agent, bytes32 reason) external {
        s.participants[agent] = agentAt(s, agent).set(ParticipantWord.FROZEN, true);
        Ledger.account(s, agent).word = Ledger.account(s, agent).word.set(AccountWord.FROZEN);
        emit ISettlementEvents.AgentFrozenBy(agent, msg.sender, reason);
    }

    /// @notice Ends a freeze. Errors: UnknownParticipant.
    function unfreeze(State storage s, uint256 agent) external {
        s.participants[agent] = agentAt(s, agent).set(ParticipantWord.FROZEN, false);
        Ledger.account(s, agent).word = Ledger.account(s, agent).word.clear(AccountWord.FROZEN);
        emit ISettlementEvents.AgentUnfrozenBy(agent, msg.sender);
    }

    /// @notice Protects the agent's own region. Errors: UnknownParticipant, TierTooLow, RegionTaken, RegionMismatch.
    function protectRegion(State storage s, uint256 region, uint256 holder) external {
        Participant p = agentAt(s, holder);
        if (p.tier() < SILVER) revert ISettlementErrors.TierTooLow(holder, p.tier());
        if (s.holderOf[region] != 0) revert ISettlementErrors.RegionTaken(region, s.holderOf[region]);
        if (region == 0 || p.region() != region) revert ISettlementErrors.RegionMismatch(holder, region);
        s.holderOf[region] = holder;
        emit ISettlementEvents.RegionProtected(region, holder);
    }

    /// @notice Ends the protection of a region. Errors: RegionFree.
    function releaseRegion(State storage s, uint256 region) external {
        uint256 holder = s.holderOf[region];
        if (holder == 0) revert ISettlementErrors.RegionFree(region);
        s.holderOf[region] = 0;
        emit ISettlementEvents.RegionReleased(region, holder);
    }

    /// @return p The agent with this number. Reverts with UnknownParticipant where it is none.
    function agentAt(State storage s, uint256 agent) internal view returns (Participant p) {
        p = participantAt(s, agent);
        if (!p.isAgent()) revert ISettlementErrors.UnknownParticipant(agent);
    }

    /// @return The participant with this number; an empty word where there is none.
    function participantAt(State storage s, uint256 id) internal view returns (Participant) {
        if (id >= 2 ** 32) revert ISettlementErrors.UnknownParticipant(id);
        return s.participants[id];
    }

    /// @dev The introducer if that is a boss, else the introducer's introducer if that is one, else nobody can lead.
    function _leaderBelow(State storage s, uint256 introducer, Participant above) private view returns (uint256) {
        if (above.leader() == 0) return introducer;
        uint256 second = above.introducer();
        if (s.participants[second].isBoss()) return second;
        revert ISettlementErrors.TeamTooDeep(introducer);
    }

    function _requireNew(State storage s, address wallet) private view {
        if (wallet == address(0)) revert ISettlementErrors.InvalidWallet(wallet);
        uint256 taken = s.participantOf[wallet];
        if (taken != 0) revert ISettlementErrors.AlreadyRegistered(wallet, taken);
    }

    function _enterAgent(State storage s, address wallet, uint256 introducer, uint256 leader, uint256 region)
        private
        returns (uint256 agent)
    {
        if (region > ParticipantWord.MAX_REGION) {
            revert ISettlementErrors.AmountTooLarge(region, ParticipantWord.MAX_REGION);
        }
        agent = _enter(s, wallet, ParticipantWord.encode(wallet, AGENT, introducer, leader, region));
        emit ISettlementEvents.AgentJoined(agent, introducer, leader, wallet, region);
    }

    function _enter(State storage s, address wallet, Participant p) private returns (uint256 id) {
        id = FIRST_PARTICIPANT + s.participantCount++;
        s.participants[id] = p;
        s.participantOf[wallet] = id;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One participant in one word: wallet, lineage, tier and flags (rules, section 1).
/// @dev Bits from the lowest: wallet 160 | introducer 32 | leader 32 | region 20 | tier 3 | kind 2 | flags 3.
type Participant is uint256;

using ParticipantWord for Participant global;

/// @dev Kinds of participants.
uint256 constant AGENT = 1;
uint256 constant SUPPLIER = 2;
uint256 constant STORE_KIND = 3;

/// @dev Tiers, in their order.
uint256 constant SILVER = 2;
uint256 constant DIAMOND_TIER = 4;

/// @title The packed layout of a participant, known to this library alone
library ParticipantWord {
    uint256 internal constant FROZEN = 1 << 249;
    uint256 internal constant CERTIFIED = 1 << 250;
    uint256 internal constant ACTIVE = 1 << 251;

    uint256 internal constant MAX_REGION = (1 << 20) - 1;
    uint256 private constant MASK32 = type(uint32).max;

    function encode(address wallet_, uint256 kind_, uint256 introducer_, uint256 leader_, uint256 region_)
        internal
        pure
        returns (Participant)
    {
        return Participant.wrap(
            uint256(uint160(wallet_)) | (introducer_ << 160) | (leader_ << 192) | (region_ << 224) | (kind_ << 247)
        );
    }

    function wallet(Participant p) internal pure returns (address) {
        return address(uint160(Participant.unwrap(p)));
    }

    /// @return Who brought this agent in; 0 for a founder. Never changes.
    function introducer(Participant p) internal pure returns (uint256) {
        return (Participant.unwrap(p) >> 160) & MASK32;
    }

    /// @return The boss whose team this agent is a member of; 0 for a boss.
    function leader(Participant p) internal pure returns (uint256) {
        return (Participant.unwrap(p) >> 192) & MASK32;
    }

    function region(Participant p) internal pure returns (uint256) {
        return (Participant.unwrap(p) >> 224) & MAX_REGION;
    }

    /// @return 0 starter, 1 bronze, 2 silver, 3 gold, 4 diamond.
    function tier(Participant p) internal pure returns (uint256) {
        return (Participant.unwrap(p) >> 244) & 7;
    }

    /// @return 0 nobody, 1 agent, 2 supplier, 3 store.
    function kind(Participant p) internal pure returns (uint256) {
        return (Participant.unwrap(p) >> 247) & 3;
    }

    function isAgent(Participant p) internal pure returns (bool) {
        return kind(p) == AGENT;
    }

    /// @return Whether this is an agent without a leader (老板).
    function isBoss(Participant p) internal pure returns (bool) {
        return kind(p) == AGENT && leader(p) == 0;
    }

    /// @return 1 for a boss, 2 for a member that its leader introduced, else 3; 0 for who is not an agent.
    function level(Participant p) internal pure returns (uint256) {
        if (!isAgent(p)) return 0;
        if (leader(p) == 0) return 1;
        return leader(p) == introducer(p) ? 2 : 3;
    }

    function has(Participant p, uint256 flag) internal pure returns (bool) {
        return Participant.unwrap(p) & flag != 0;
    }

    function set(Participant p, uint256 flag, bool on) internal pure returns (Participant) {
        return Participant.wrap(on ? Participant.unwrap(p) | flag : Participant.unwrap(p) & ~flag);
    }

    function withTier(Participant p, uint256 tier_) internal pure returns (Participant) {
        return Participant.wrap((Participant.unwrap(p) & ~(uint256(7) << 244)) | (tier_ << 244));
    }

    function withoutLeader(Participant p) internal pure returns (Participant) {
        return Participant.wrap(Participant.unwrap(p) & ~(MASK32 << 192));
    }

    function withWallet(Participant p, address wallet_) internal pure returns (Participant) {
        return Participant.wrap(
            (Participant.unwrap(p) & ~uint256(type(uint160).max)) | uint256(uint160(wallet_))
        );
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Participant, ParticipantWord} from "../../../contracts/types/Participant.sol";

/// @notice The participant's word: every field is written and read back, and none of the others is touched
contract ParticipantWordTest is Test {
    struct Fields {
        address wallet;
        uint32 introducer;
        uint32 leader;
        uint256 region;
        uint256 tier;
        uint256 kind;
        bool frozen;
        bool certified;
        bool active;
    }

    function testFuzz_WhatIsEncodedIsReadBack(Fields memory f) public pure {
        _bound(f);
        (f.tier, f.frozen, f.certified, f.active) = (0, false, false, false);
        _assertFields(ParticipantWord.encode(f.wallet, f.kind, f.introducer, f.leader, f.region), f);
    }

    function testFuzz_ATierIsReplaced(Fields memory f, uint256 tier) public pure {
        Participant p = _participant(f);
        f.tier = bound(tier, 0, 4);
        _assertFields(p.withTier(f.tier), f);
    }

    function testFuzz_AWalletIsReplaced(Fields memory f, address wallet) public pure {
        Participant p = _participant(f);
        f.wallet = wallet;
        _assertFields(p.withWallet(wallet), f);
    }

    function testFuzz_ALeaderIsTaken(Fields memory f) public pure {
        Participant p = _participant(f);
        f.leader = 0;
        _assertFields(p.withoutLeader(), f);
    }

    function testFuzz_FlagsAreApart(Fields memory f, bool on) public pure {
        Participant p = _participant(f);
        f.frozen = on;
        _assertFields(p = p.set(ParticipantWord.FROZEN, on), f);
        f.certified = !on;
        _assertFields(p = p.set(ParticipantWord.CERTIFIED, !on), f);
        f.active = on;
        _assertFields(p.set(ParticipantWord.ACTIVE, on), f);
    }

    function testFuzz_LevelAndBossFollowTheLineage(Fields memory f) public pure {
        Participant p = _participant(f);
        bool agent = f.kind == 1;
        assertEq(p.isAgent(), agent);
        assertEq(p.isBoss(), agent && f.leader == 0);
        assertEq(p.level(), !agent ? 0 : f.leader == 0 ? 1 : f.leader == f.introducer ? 2 : 3);
    }

    function _bound(Fields memory f) private pure {
        f.region = f.region % 2 ** 20;
        f.tier = f.tier % 5;
        f.kind = f.kind % 4;
        if (f.region % 3 == 0) f.leader = f.introducer;
        if (f.region % 3 == 1) f.leader = 0;
    }

    /// @dev The word, put together from the layout that the type documents.
    function _participant(Fields memory f) private pure returns (Participant) {
        _bound(f);
        uint256 flags = (f.frozen ? 1 : 0) | (f.certified ? 2 : 0) | (f.active ? 4 : 0);
        return Participant.wrap(
            uint256(uint160(f.wallet)) | (uint256(f.introducer) << 160) | (uint256(f.leader) << 192) | (f.region << 224)
                | (f.tier << 244) | (f.kind << 247) | (flags << 249)
        );
    }

    function _assertFields(Participant p, Fields memory f) private pure {
        assertEq(p.wallet(), f.wallet, "wallet");
        assertEq(p.introducer(), f.introducer, "introducer");
        assertEq(p.leader(), f.leader, "leader");
        assertEq(p.region(), f.region, "region");
        assertEq(p.tier(), f.tier, "tier");
        assertEq(p.kind(), f.kind, "kind");
        assertEq(p.has(ParticipantWord.FROZEN), f.frozen, "frozen");
        assertEq(p.has(ParticipantWord.CERTIFIED), f.certified, "certified");
        assertEq(p.has(ParticipantWord.ACTIVE), f.active, "active");
    }
}

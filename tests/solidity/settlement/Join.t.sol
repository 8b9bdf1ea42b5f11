// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ParticipantView} from "../../../contracts/SettlementLens.sol";
import {Consents} from "../Consents.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice joinFounder, join (signatures are in Signatures.t.sol)
/// ├── when the wallet is a participant's, or was one's → AlreadyRegistered, whoever introduces it
/// ├── when the introducer is nobody, a supplier or a store → UnknownParticipant
/// ├── when the introducer is frozen → AgentFrozen
/// ├── when neither the introducer nor its introducer is a boss → TeamTooDeep
/// ├── when the introducer is frozen and too deep → AgentFrozen
/// ├── when the wallet is the zero address → InvalidWallet; the region has more than 20 bits → AmountTooLarge
/// ├── when there is no introducer (founder) → a boss, level 1
/// ├── when the introducer is a boss → its leader is the introducer, level 2
/// ├── when the introducer's introducer is a boss → its leader is that boss, level 3
/// ├── when the introducer left its leader's team → its leader is the introducer
/// └── when the introducer's introducer left → its leader is that new boss
contract JoinTest is SettlementFixture {
    function test_WhenTheWalletIsAParticipants_RevertsWithAlreadyRegistered() public {
        address taken = walletOf[store];
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, taken, store));
        vm.prank(operator);
        settlement.joinFounder(taken, 0);
        _refuse(taken, boss, 0, abi.encodeWithSelector(AlreadyRegistered.selector, taken, store));
    }

    function test_WhenTheWalletIsAParticipantsAndTheIntroducerIsWrongToo_RevertsWithAlreadyRegistered() public {
        address taken = walletOf[amy];
        bytes memory error_ = abi.encodeWithSelector(AlreadyRegistered.selector, taken, amy);
        _refuse(taken, 99, 0, error_);
        _refuse(taken, supplier, 0, error_);
        _refuse(taken, 0, 0, error_);
    }

    function test_WhenTheIntroducerIsNoAgent_RevertsWithUnknownParticipant() public {
        uint256[6] memory nobodies = [uint256(0), 1, supplier, store, 99, 2 ** 32];
        for (uint256 i = 0; i < nobodies.length; ++i) {
            _refuse(_wallet(), nobodies[i], 0, abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]));
        }
    }

    function test_WhenTheIntroducerIsFrozen_RevertsWithAgentFrozen() public {
        _freeze(amy);
        _refuse(_wallet(), amy, 0, abi.encodeWithSelector(AgentFrozen.selector, amy));
        vm.prank(riskOfficer);
        settlement.unfreeze(amy);
        _member(amy, 0);
    }

    function test_WhenNoBossIsWithinTwoSteps_RevertsWithTeamTooDeep() public {
        uint256 third = _member(amy, 0);
        _refuse(_wallet(), third, 0, abi.encodeWithSelector(TeamTooDeep.selector, third));
    }

    function test_WhenTheIntroducerIsFrozenAndTooDeep_RevertsWithAgentFrozen() public {
        uint256 third = _member(amy, 0);
        _freeze(third);
        _refuse(_wallet(), third, 0, abi.encodeWithSelector(AgentFrozen.selector, third));
    }

    function test_WhenTheWalletIsZero_RevertsWithInvalidWallet() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidWallet.selector, address(0)));
        vm.prank(operator);
        settlement.joinFounder(address(0), 0);
    }

    function test_WhenTheRegionHasMoreThan20Bits_RevertsWithAmountTooLarge() public {
        uint256 max = 2 ** 20 - 1;
        _refuse(_wallet(), boss, max + 1, abi.encodeWithSelector(AmountTooLarge.selector, max + 1, max));
        assertEq(lens.participant(_member(boss, max)).region, max);
    }

    function test_WhenThereIsNoIntroducer_JoinsAsABoss() public {
        address wallet = _wallet();
        uint256 next = settlement.lastParticipant() + 1;
        vm.expectEmit(address(settlement));
        emit AgentJoined(next, 0, 0, wallet, 440_300);
        vm.prank(operator);
        assertEq(settlement.joinFounder(wallet, 440_300), next);
        _assertAgent(next, 0, 0, 1);
        assertEq(lens.participant(next).region, 440_300);
        assertEq(lens.participant(next).wallet, wallet);
        assertEq(settlement.participantOf(wallet), next);
    }

    function test_WhenTheIntroducerIsABoss_IsOfItsTeam() public {
        address wallet = _wallet();
        uint256 next = settlement.lastParticipant() + 1;
        bytes memory consent = _consent(wallet, boss, 7);
        vm.expectEmit(address(settlement));
        emit AgentJoined(next, boss, boss, wallet, 7);
        assertEq(settlement.join(wallet, boss, 7, LATER, consent), next);
        _assertAgent(next, boss, boss, 2);
    }

    function test_WhenTheIntroducersIntroducerIsABoss_IsOfItsTeam() public {
        _assertAgent(_member(amy, 0), amy, boss, 3);
    }

    function test_WhenTheIntroducerLeft_IsOfTheIntroducersTeam() public {
        (uint256 before,) = _promote(amy);
        _assertAgent(amy, boss, 0, 1);
        _assertAgent(before, amy, boss, 3);
        _assertAgent(_member(amy, 0), amy, amy, 2);
    }

    function test_WhenTheIntroducersIntroducerLeft_IsOfTheNewBossesTeam() public {
        (uint256 before,) = _promote(amy);
        uint256 newcomer = _member(before, 0);
        _assertAgent(newcomer, before, amy, 3);
        _refuse(_wallet(), newcomer, 0, abi.encodeWithSelector(TeamTooDeep.selector, newcomer));
    }

    /// @dev Two of its directs sell: 2 + 1.
    function _promote(uint256 agent) private returns (uint256 first, uint256 second) {
        (first, second) = (_member(agent, 0), _member(agent, 0));
        _sell(_retail(first, 10_000));
        _sell(_retail(second, 10_000));
    }

    function _consent(address wallet, uint256 introducer, uint256 region) private view returns (bytes memory) {
        return _sign(wallet, Consents.join(_domain(), wallet, introducer, region, LATER));
    }

    function _refuse(address wallet, uint256 introducer, uint256 region, bytes memory error_) private {
        bytes memory consent = _consent(wallet, introducer, region);
        vm.expectRevert(error_);
        settlement.join(wallet, introducer, region, LATER, consent);
    }

    function _freeze(uint256 agent) private {
        vm.prank(riskOfficer);
        settlement.freeze(agent, "file");
    }

    function _assertAgent(uint256 id, uint256 introducer, uint256 leader, uint256 level) private view {
        ParticipantView memory p = lens.participant(id);
        assertEq(p.kind, "agent");
        assertEq(p.introducer, introducer, "introducer");
        assertEq(p.leader, leader, "leader");
        assertEq(p.level, level, "level");
        assertEq(p.boss, leader == 0, "boss");
        assertEq(p.tier, "starter");
        assertFalse(p.certified || p.frozen);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Epoch} from "../../../contracts/state/State.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice claimSupport, claimDividend
/// ├── when the number is no agent's → UnknownParticipant, before EpochOpen
/// ├── when the epoch is not closed → EpochOpen
/// ├── when the next one is closed, too → ClaimExpired, before AlreadyClaimed and NothingToClaim
/// ├── when it was claimed → AlreadyClaimed, also within one call
/// ├── when the agent has no weight → NothingToClaim
/// ├── support: ⌊pool · weight / all weights⌋, at most the weight; SupportClaimed
/// ├── dividend: ⌊pool · weight / all weights⌋, at most ⌊pool · cap⌋; DividendClaimed
/// ├── when a claim with weight comes to 0 → it counts as claimed
/// ├── when the agent is in debt → its debt is paid first; when it is frozen → it is still credited
/// └── when one of several cannot claim → none does
contract ClaimsTest is SettlementFixture {
    uint256 private ben;

    function setUp() public override {
        super.setUp();
        ben = _member(boss, 0);
    }

    // ---- refusals ----

    function test_WhenTheNumberIsNoAgents_RevertsWithUnknownParticipant_BeforeEpochOpen() public {
        uint256[5] memory nobodies = [uint256(0), 1, supplier, store, 2 ** 32];
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]);
            _refuse(true, 0, nobodies[i], error_);
            _refuse(false, 0, nobodies[i], error_);
        }
    }

    function test_WhenTheEpochIsNotClosed_RevertsWithEpochOpen() public {
        _sell(_retail(amy, 12_800));
        _advance(60);
        _refuse(true, 0, amy, abi.encodeWithSelector(EpochOpen.selector, 0));
        _refuse(false, 0, amy, abi.encodeWithSelector(EpochOpen.selector, 0));
        settlement.closeMonth(0);
        _refuse(true, 1, amy, abi.encodeWithSelector(EpochOpen.selector, 1));
        _refuse(true, type(uint256).max, amy, abi.encodeWithSelector(EpochOpen.selector, type(uint256).max));
        settlement.claimSupport(0, _list(amy));
    }

    function test_WhenTheNextIsClosedToo_RevertsWithClaimExpired_BeforeTheOthers() public {
        _sell(_retail(amy, 12_800));
        _sell(_retail(ben, 12_800));
        _advance(800);
        settlement.closeMonth(0);
        settlement.closeYear(0);
        settlement.claimSupport(0, _list(amy));
        _advance(15);
        settlement.closeMonth(1);
        settlement.closeYear(1);
        bytes memory error_ = abi.encodeWithSelector(ClaimExpired.selector, 0);
        _refuse(true, 0, ben, error_);
        _refuse(true, 0, amy, error_);
        _refuse(true, 0, boss, error_);
        _refuse(false, 0, amy, error_);
        _assertBalanced();
    }

    function test_WhenClaimed_RevertsWithAlreadyClaimed() public {
        _diamond(boss);
        _sell(_retail(amy, 12_800));
        _sell(_retail(boss, 12_800));
        _advance(400);
        settlement.closeMonth(0);
        settlement.closeYear(0);
        settlement.claimSupport(0, _list(amy));
        settlement.claimDividend(0, _list(boss));
        _refuse(true, 0, amy, abi.encodeWithSelector(AlreadyClaimed.selector, amy));
        _refuse(false, 0, boss, abi.encodeWithSelector(AlreadyClaimed.selector, boss));
    }

    function test_WhenAnAgentIsGivenTwice_RevertsWithAlreadyClaimed() public {
        _sell(_retail(amy, 12_800));
        _advance(60);
        settlement.closeMonth(0);
        vm.expectRevert(abi.encodeWithSelector(AlreadyClaimed.selector, amy));
        settlement.claimSupport(0, _list(amy, amy));
        assertEq(_available(amy), 2_560);
    }

    function test_WhenThereIsNoWeight_RevertsWithNothingToClaim() public {
        _sell(_retail(amy, 12_800));
        _advance(400);
        settlement.closeMonth(0);
        settlement.closeYear(0);
        _refuse(true, 0, boss, abi.encodeWithSelector(NothingToClaim.selector, boss, 0));
        _refuse(true, 0, ben, abi.encodeWithSelector(NothingToClaim.selector, ben, 0));
        _refuse(false, 0, amy, abi.encodeWithSelector(NothingToClaim.selector, amy, 0));
    }

    function test_WhenOneOfSeveralCannotClaim_NoneDoes() public {
        _sell(_retail(amy, 12_800));
        _advance(60);
        settlement.closeMonth(0);
        vm.expectRevert(abi.encodeWithSelector(NothingToClaim.selector, ben, 0));
        settlement.claimSupport(0, _list(amy, ben));
        (, bool claimed) = settlement.supportWeight(0, amy);
        assertFalse(claimed);
        assertEq(_available(amy), 2_560);
    }

    // ---- support ----

    function test_WhenSupportIsClaimed_EachGetsItsShareByWeight() public {
        _sell(_retail(amy, 12_800));
        _sell(_retail(ben, 6_001));
        _sell(_retail(boss, 640));
        // 992 + 465 + 62 of the pool; weights 2 560 and 1 200
        _advance(60);
        settlement.closeMonth(0);
        (, uint256 weight, uint256 pool) = _epochOfMonth(0);
        assertEq(weight, 3_760);
        uint256 share = pool * 2_560 / 3_760;
        uint256 rest = pool * 1_200 / 3_760;
        vm.expectEmit(address(settlement));
        emit SupportClaimed(0, amy, share, 2_560);
        vm.expectEmit(address(settlement));
        emit SupportClaimed(0, ben, rest, 1_200);
        vm.prank(anybody);
        settlement.claimSupport(0, _list(amy, ben));
        assertEq(_available(amy), 2_560 + share);
        assertEq(_available(ben), 1_200 + rest);
        (, bool claimed) = settlement.supportWeight(0, amy);
        assertTrue(claimed);
        (, Epoch memory e) = settlement.supportMonth(0);
        assertEq(e.left, pool - share - rest);
        _assertBalanced();
    }

    function test_WhenTheShareIsAboveTheWeight_TheWeightIsPaid() public {
        _sell(_retail(amy, 640));
        _sell(_retail(boss, 12_800));
        _advance(60);
        settlement.closeMonth(0);
        vm.expectEmit(address(settlement));
        emit SupportClaimed(0, amy, 128, 128);
        settlement.claimSupport(0, _list(amy));
        assertEq(_available(amy), 256);
        _assertBalanced();
    }

    function test_WhenAClaimComesTo0_ItCountsAsClaimed() public {
        PlanParameters memory p = _seed();
        p.fundBps = 0;
        _publish(p);
        _sell(_retail(amy, 12_800));
        _advance(60);
        settlement.closeMonth(0);
        vm.expectEmit(address(settlement));
        emit SupportClaimed(0, amy, 0, 2_560);
        settlement.claimSupport(0, _list(amy));
        _refuse(true, 0, amy, abi.encodeWithSelector(AlreadyClaimed.selector, amy));
        assertEq(_available(amy), 2_560);
    }

    function test_WhenItSellsAgainBetweenClosingAndClaiming_TheClosedWeightStays() public {
        _sell(_retail(amy, 12_800));
        _advance(52);
        settlement.closeMonth(0);
        // months 2 and 3 push month 0 out of the account's word
        _sell(_retail(amy, 12_800));
        _advance(30);
        _sell(_retail(amy, 12_800));
        vm.expectEmit(address(settlement));
        emit SupportClaimed(0, amy, 992, 2_560);
        settlement.claimSupport(0, _list(amy));
        (uint256 weight,) = settlement.supportWeight(2, amy);
        assertEq(weight, 2_560);
        (weight,) = settlement.supportWeight(3, amy);
        assertEq(weight, 2_560);
        _assertBalanced();
    }

    function test_WhenItClaimedAndSellsOn_TheClaimedWeightDoesNotComeBack() public {
        _sell(_retail(amy, 12_800));
        _advance(52);
        settlement.closeMonth(0);
        settlement.claimSupport(0, _list(amy));
        (uint256 weight,) = settlement.supportWeight(0, amy);
        assertEq(weight, 0);
        _sell(_retail(amy, 12_800));
        _advance(30);
        _sell(_retail(amy, 12_800));
        (weight,) = settlement.supportWeight(0, amy);
        assertEq(weight, 0);
    }

    function test_WhenTheAgentIsInDebt_TheClaimPaysItFirst() public {
        uint256 order = _sell(_retail(amy, 12_800));
        _sell(_retail(ben, 12_800));
        _advance(40);
        settlement.closeMonth(0);
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 2_560);
        _refund(order, 12_800);
        assertEq(lens.account(amy).debt, 2_560);
        uint256 treasury = _treasury();
        vm.expectEmit(address(settlement));
        emit DebtRepaid(amy, 992, 1_568);
        settlement.claimSupport(0, _list(amy));
        assertEq(lens.account(amy).debt, 1_568);
        assertEq(_available(amy), 0);
        assertEq(_treasury(), treasury + 992);
        _assertBalanced();
    }

    function test_WhenTheAgentIsFrozen_ItIsStillCredited() public {
        _sell(_retail(amy, 12_800));
        _advance(60);
        settlement.closeMonth(0);
        vm.prank(riskOfficer);
        settlement.freeze(amy, "file");
        settlement.claimSupport(0, _list(amy));
        assertEq(_available(amy), 2_560 + 992);
    }

    // ---- dividend ----

    function test_WhenADividendIsClaimed_NobodyGetsMoreThanTheCap() public {
        _diamond(boss);
        uint256 other = _founder(0);
        _diamond(other);
        _sell(_retail(boss, 100_000));
        _sell(_retail(other, 30_000));
        _advance(400);
        settlement.closeYear(0);
        (, uint256 weight, uint256 pool) = _epochOfYear(0);
        assertEq(weight, 130_000);
        uint256 cap = pool / 2;
        uint256 share = pool * 30_000 / 130_000;
        vm.expectEmit(address(settlement));
        emit DividendClaimed(0, boss, cap, 100_000);
        vm.expectEmit(address(settlement));
        emit DividendClaimed(0, other, share, 30_000);
        uint256 before = _available(boss);
        settlement.claimDividend(0, _list(boss, other));
        assertEq(_available(boss), before + cap);
        (, bool claimed) = settlement.dividendWeight(0, other);
        assertTrue(claimed);
        _assertBalanced();
    }

    function test_TheDividendsCapIsThatAtClosing() public {
        _diamond(boss);
        _sell(_retail(boss, 100_000));
        _advance(400);
        PlanParameters memory p = _seed();
        p.dividendShareCapBps = 2_000;
        _publish(p);
        settlement.closeYear(0);
        (,, uint256 pool) = _epochOfYear(0);
        _publish(_seed());
        vm.expectEmit(address(settlement));
        emit DividendClaimed(0, boss, pool * 2_000 / 10_000, 100_000);
        settlement.claimDividend(0, _list(boss));
    }

    function _refuse(bool support, uint256 epoch, uint256 agent, bytes memory error_) private {
        vm.expectRevert(error_);
        if (support) settlement.claimSupport(epoch, _list(agent));
        else settlement.claimDividend(epoch, _list(agent));
    }

    /// @dev Makes a boss a diamond by one active direct of its own.
    function _diamond(uint256 agent) private {
        PlanParameters memory p = _seed();
        p.diamondTeam = 1;
        _publish(p);
        _sell(_retail(_member(agent, 0), 5_000));
        _publish(_seed());
    }
}

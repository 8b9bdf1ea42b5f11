// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Settlement} from "../../../contracts/Settlement.sol";
import {Account as AccountOf, AccountWord} from "../../../contracts/types/Account.sol";
import {Cold, Progress} from "../../../contracts/state/State.sol";
import {Participant} from "../../../contracts/types/Participant.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice What the settlement contract shows: the words as they are stored, and nothing where nothing is
contract ViewsTest is SettlementFixture {
    function test_WhenJustDeployed_ThereIsAPlanAndNothingElse() public {
        Settlement fresh = new Settlement(token, address(manager), UTC_OFFSET, _seed());
        assertEq(address(fresh.token()), address(token));
        assertEq(fresh.authority(), address(manager));
        assertEq(fresh.lastParticipant(), 15);
        assertEq(fresh.book().plan, 1);
        assertEq(uint256(fresh.book().treasury) + fresh.book().escrow + fresh.book().orders + fresh.book().paused, 0);
        assertEq(fresh.roleOf(operator), 0);
        assertEq(keccak256(abi.encode(fresh.plan(1))), keccak256(abi.encode(_seed())));
        assertEq(fresh.plan(2).returnDays, 0);
    }

    function test_WordsAreShownAsTheyAreStored() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        uint256 order = _sell(_crossBorder(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 3_712);
        (Participant p, Progress memory progress) = settlement.participantWord(boss);
        assertEq(p.wallet(), walletOf[boss]);
        assertEq(progress.activeDirects, 1);
        assertEq(progress.teamActive, 1);
        _refund(order, 12_800);
        (AccountOf a, Cold memory cold) = settlement.accountWord(amy);
        assertEq(a.available(), 0);
        assertEq(a.withdrawn(), 3_712);
        assertTrue(a.has(AccountWord.IN_DEBT) && a.has(AccountWord.ACTIVE));
        assertFalse(a.has(AccountWord.FROZEN) || a.has(AccountWord.DIAMOND));
        assertEq(cold.debt, 3_712);
        assertEq(cold.deposit, 0);
        assertEq(cold.lockedUntil, 38);
    }

    function test_WhereNothingIs_NothingIsShown() public view {
        (Participant p,) = settlement.participantWord(99);
        assertEq(Participant.unwrap(p), 0);
        assertEq(settlement.participantOf(anybody), 0);
        assertEq(settlement.nonceOf(amy), 0);
        assertEq(settlement.holderOf(310_000), 0);
        assertEq(settlement.batch(1), 0);
        assertFalse(settlement.campaign(1).open);
        (bool held, uint256 firstHeld, uint256 compensated) = settlement.orderNotes(1);
        assertFalse(held);
        assertEq(firstHeld + compensated, 0);
        (uint256 weight, bool claimed) = settlement.supportWeight(7, amy);
        assertEq(weight, 0);
        assertFalse(claimed);
        (weight, claimed) = settlement.dividendWeight(7, amy);
        assertEq(weight, 0);
        assertFalse(claimed);
    }
}

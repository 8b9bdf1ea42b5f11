// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Settlement} from "../../../contracts/Settlement.sol";
import {TREASURER} from "../../../contracts/types/Roles.sol";
import {Consents} from "../Consents.sol";
import {SettlementFixture} from "../SettlementFixture.sol";
import {CallingToken} from "./OddTokens.sol";

/// @notice A token that calls back in when it moves
/// ├── whatever moves tokens (fund, deposit, releaseDeposit, withdraw, withdrawFor, pushWithdrawals), entered again from any
/// │   of the others → ReentrancyGuardReentrantCall; the outer call is booked once
/// └── what moves none can be called, and the books hold: a settlement in the midst of a pushed withdrawal that then fails
contract ReentrancyTest is SettlementFixture {
    uint256 private constant GUARDED = 6;

    CallingToken private odd;
    uint256 private due;

    /// @dev The token is the treasurer, so that it could push.
    function setUp() public override {
        vm.warp(START);
        odd = new CallingToken();
        _deploy(odd);
        odd.mint(anybody, 1_000_000);
        vm.startPrank(anybody);
        odd.approve(address(settlement), 1_000_000);
        settlement.fund(1_000_000);
        vm.stopPrank();
        supplier = _supplier();
        boss = _founder(0);
        amy = _member(boss, 0);
        _sell(_retail(amy, 10_000));
        odd.mint(walletOf[amy], 1_000);
        vm.startPrank(walletOf[amy]);
        odd.approve(address(settlement), 1_000);
        settlement.deposit(amy, 500);
        vm.stopPrank();
        vm.prank(admin);
        settlement.setRole(address(odd), TREASURER);
        due = _record(_retail(amy, 10_000));
        _deliver(due);
        _advance(8);
    }

    function test_WhateverMovesTokens_CannotBeEnteredAgain() public {
        for (uint256 outer = 0; outer < GUARDED; ++outer) {
            for (uint256 inner = 0; inner < GUARDED; ++inner) {
                uint256 snapshot = vm.snapshotState();
                odd.arm(address(settlement), _call(inner), false);
                (address caller, bytes memory call) = (_callerOf(outer), _call(outer));
                vm.prank(caller);
                (bool ok,) = address(settlement).call(call);
                assertTrue(ok, "the outer call");
                assertTrue(odd.called(), "the token was not asked");
                assertFalse(odd.succeeded(), "entered again");
                assertEq(
                    odd.answer(), abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
                );
                assertEq(_held(), odd.balanceOf(address(settlement)));
                vm.revertToState(snapshot);
            }
        }
    }

    function test_WhenASettlementComesAmidstAPushThatFails_NothingIsLost() public {
        odd.arm(address(settlement), abi.encodeCall(Settlement.settle, (_select(_list(due)))), true);
        vm.expectEmit(address(settlement));
        emit PushPassedOver(amy, "refused by the token");
        vm.prank(treasurer);
        settlement.pushWithdrawals(_list(amy));
        assertTrue(odd.succeeded());
        assertEq(_available(amy), 4_000, "what was taken back, and what was settled meanwhile");
        assertEq(lens.account(amy).withdrawn, 0);
        assertEq(_held(), odd.balanceOf(address(settlement)));
    }

    function test_WhenASettlementComesAmidstAWithdrawal_BothAreBooked() public {
        odd.arm(address(settlement), abi.encodeCall(Settlement.settle, (_select(_list(due)))), false);
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 2_000);
        assertTrue(odd.succeeded());
        assertEq(_available(amy), 2_000);
        assertEq(lens.account(amy).withdrawn, 2_000);
        assertEq(_held(), odd.balanceOf(address(settlement)));
    }

    function _call(uint256 i) private view returns (bytes memory) {
        if (i == 0) return abi.encodeCall(Settlement.fund, (1));
        if (i == 1) return abi.encodeCall(Settlement.deposit, (amy, 1));
        if (i == 2) return abi.encodeCall(Settlement.releaseDeposit, (amy, 1));
        if (i == 3) return abi.encodeCall(Settlement.withdraw, (amy, 1));
        if (i == 5) return abi.encodeCall(Settlement.pushWithdrawals, (_list(amy)));
        bytes memory consent = _sign(walletOf[amy], Consents.withdrawal(_domain(), amy, 1, 0, LATER));
        return abi.encodeCall(Settlement.withdrawFor, (amy, 1, LATER, consent));
    }

    function _callerOf(uint256 i) private view returns (address) {
        return i == 5 ? treasurer : walletOf[amy];
    }
}

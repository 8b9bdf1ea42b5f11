// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DUTY, FEES, INSURANCE, PLATFORM, PROTECTION, TREASURY} from "../../../contracts/types/Accounts.sol";
import {Consents} from "../Consents.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice withdraw, withdrawFor, pushWithdrawals (signatures are in Signatures.t.sol, odd tokens in tokens/)
/// ├── when the account is insurance or protection → NotWithdrawable, whoever asks
/// ├── when there is no such account → UnknownParticipant
/// ├── when the caller is not its owner → NotAccountOwner; of the brand's accounts → MissingRole
/// ├── when it is frozen → AgentFrozen, before InsufficientBalance
/// ├── when 0 or more than is available → InsufficientBalance; escrow, deposits and pools are not available
/// ├── else the tokens leave for the owner; Withdrawn
/// └── push: all that each has, to its own wallet; who is unknown, frozen or has nothing is passed over and named
contract WithdrawTest is SettlementFixture {
    function test_WhenInsuranceOrProtection_RevertsWithNotWithdrawable_WhoeverAsks() public {
        uint256[2] memory accounts = [INSURANCE, PROTECTION];
        address[3] memory callers = [treasurer, anybody, walletOf[amy]];
        for (uint256 i = 0; i < 6; ++i) {
            vm.expectRevert(abi.encodeWithSelector(NotWithdrawable.selector, accounts[i / 3]));
            vm.prank(callers[i % 3]);
            settlement.withdraw(accounts[i / 3], 1);
        }
    }

    function test_WhenThereIsNoSuchAccount_RevertsWithUnknownParticipant() public {
        uint256[5] memory nobodies = [uint256(0), 7, 15, 99, 2 ** 32];
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]);
            vm.expectRevert(error_);
            settlement.withdraw(nobodies[i], 1);
            vm.expectRevert(error_);
            settlement.withdrawFor(nobodies[i], 1, LATER, "");
        }
    }

    function test_WhenTheCallerIsNotItsOwner_RevertsWithNotAccountOwner() public {
        _sell(_retail(amy, 10_000));
        address[2] memory callers = [treasurer, walletOf[boss]];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(NotAccountOwner.selector, amy, callers[i]));
            vm.prank(callers[i]);
            settlement.withdraw(amy, 1);
        }
    }

    function test_WhenTheCallerIsNotTheTreasurer_TheBrandsAccountsAreNotPaidOut() public {
        uint256[4] memory accounts = [TREASURY, PLATFORM, FEES, DUTY];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(MissingRole.selector, operator, 4));
            vm.prank(operator);
            settlement.withdraw(accounts[i], 1);
        }
    }

    function test_WhenFrozen_RevertsWithAgentFrozen_BeforeInsufficientBalance() public {
        vm.prank(riskOfficer);
        settlement.freeze(amy, "file");
        vm.expectRevert(abi.encodeWithSelector(AgentFrozen.selector, amy));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 0);
        bytes memory consent = _signed(amy, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(AgentFrozen.selector, amy));
        settlement.withdrawFor(amy, 1, LATER, consent);
    }

    function test_When0OrMoreThanIsAvailable_RevertsWithInsufficientBalance() public {
        _sell(_retail(amy, 10_000));
        _endow(amy, 700);
        vm.startPrank(walletOf[amy]);
        settlement.deposit(amy, 700);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, amy, 0, 2_000));
        settlement.withdraw(amy, 0);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, amy, 2_001, 2_000));
        settlement.withdraw(amy, 2_001);
        vm.stopPrank();
        bytes memory consent = _signed(amy, 2_001, 0);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, amy, 2_001, 2_000));
        settlement.withdrawFor(amy, 2_001, LATER, consent);
    }

    function test_WhenTheTreasuryHoldsLess_RevertsWithInsufficientBalance() public {
        _record(_retail(amy, 10_000));
        uint256 free = FUNDS - 10_000;
        vm.startPrank(treasurer);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, TREASURY, free + 1, free));
        settlement.withdraw(TREASURY, free + 1);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, TREASURY, 0, free));
        settlement.withdraw(TREASURY, 0);
        vm.expectRevert(abi.encodeWithSelector(InsufficientBalance.selector, PLATFORM, 1, 0));
        settlement.withdraw(PLATFORM, 1);
    }

    function test_WhenAnAgentWithdraws_TheTokensAreItsWallets() public {
        _sell(_retail(amy, 10_000));
        address wallet = walletOf[amy];
        vm.expectEmit(address(settlement));
        emit Withdrawn(amy, wallet, 1_500);
        vm.prank(wallet);
        settlement.withdraw(amy, 1_500);
        assertEq(token.balanceOf(wallet), 1_500);
        assertEq(_available(amy), 500);
        assertEq(lens.account(amy).withdrawn, 1_500);
        vm.prank(wallet);
        settlement.withdraw(amy, 500);
        assertEq(lens.account(amy).withdrawn, 2_000);
        _assertBalanced();
    }

    function test_WhenASupplierOrAStoreWithdraws_TheTokensAreItsWallets() public {
        _sell(_inStore(amy, 10_000));
        vm.prank(walletOf[supplier]);
        settlement.withdraw(supplier, 4_000);
        vm.prank(walletOf[store]);
        settlement.withdraw(store, 600);
        assertEq(token.balanceOf(walletOf[supplier]), 4_000);
        assertEq(token.balanceOf(walletOf[store]), 600);
        _assertBalanced();
    }

    function test_WhenTheTreasurerWithdraws_TheTokensAreTheTreasurers() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        _sell(_crossBorder(amy, 12_800));
        vm.startPrank(treasurer);
        vm.expectEmit(address(settlement));
        emit Withdrawn(TREASURY, treasurer, 5);
        settlement.withdraw(TREASURY, 5);
        settlement.withdraw(PLATFORM, 1_004);
        settlement.withdraw(FEES, 128);
        settlement.withdraw(DUTY, 1_152);
        vm.stopPrank();
        assertEq(token.balanceOf(treasurer), 5 + 1_004 + 128 + 1_152);
        assertEq(_treasury(), FUNDS - 12_805);
        assertEq(_available(PLATFORM) + _available(FEES) + _available(DUTY), 0);
        _assertBalanced();
    }

    function test_WhenTheOwnerSigned_AnybodyCanSendItAndTheOwnerIsPaid() public {
        _sell(_retail(amy, 10_000));
        bytes memory consent = _signed(amy, 1_500, 0);
        vm.expectEmit(address(settlement));
        emit Withdrawn(amy, walletOf[amy], 1_500);
        vm.prank(anybody);
        settlement.withdrawFor(amy, 1_500, LATER, consent);
        assertEq(token.balanceOf(walletOf[amy]), 1_500);
        assertEq(settlement.nonceOf(amy), 1);
        _assertBalanced();
    }

    // ---- push ----

    function test_WhenPushed_EachGetsAllThatItHas_AndTheOthersArePassedOver() public {
        _sell(_inStore(amy, 10_000));
        uint256 ben = _member(boss, 0);
        vm.prank(riskOfficer);
        settlement.freeze(boss, "file");
        uint256[] memory all = new uint256[](7);
        (all[0], all[1], all[2], all[3], all[4], all[5], all[6]) = (amy, 99, boss, ben, PLATFORM, store, amy);
        vm.expectEmit(address(settlement));
        emit Withdrawn(amy, walletOf[amy], 1_400);
        vm.expectEmit(address(settlement));
        emit PushPassedOver(99, "unknown");
        vm.expectEmit(address(settlement));
        emit PushPassedOver(boss, "frozen");
        vm.expectEmit(address(settlement));
        emit PushPassedOver(ben, "nothing available");
        vm.expectEmit(address(settlement));
        emit PushPassedOver(PLATFORM, "unknown");
        vm.expectEmit(address(settlement));
        emit Withdrawn(store, walletOf[store], 600);
        vm.expectEmit(address(settlement));
        emit PushPassedOver(amy, "nothing available");
        vm.prank(treasurer);
        settlement.pushWithdrawals(all);
        assertEq(token.balanceOf(walletOf[amy]), 1_400);
        assertEq(token.balanceOf(walletOf[store]), 600);
        assertEq(token.balanceOf(treasurer), 0);
        assertEq(_available(boss), 800);
        assertEq(lens.account(amy).withdrawn, 1_400);
        _assertBalanced();
    }

    function test_WhenANumberIsNobodysAtAll_ItIsPassedOver() public {
        _sell(_retail(amy, 10_000));
        vm.expectEmit(address(settlement));
        emit PushPassedOver(2 ** 32, "unknown");
        vm.prank(treasurer);
        settlement.pushWithdrawals(_list(2 ** 32, amy));
        assertEq(token.balanceOf(walletOf[amy]), 2_000);
    }

    function _signed(uint256 account, uint256 amount, uint256 nonce) private view returns (bytes memory) {
        return _sign(walletOf[account], Consents.withdrawal(_domain(), account, amount, nonce, LATER));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consents} from "../Consents.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice changeWallet (signatures are in Signatures.t.sol)
/// ├── when there is no such participant → UnknownParticipant
/// ├── when the caller is not its wallet → NotAccountOwner
/// ├── when the new wallet is, or was, a participant's → AlreadyRegistered
/// └── when the new wallet is free → it owns the account; the old one does not, and stays taken for good
contract ChangeWalletTest is SettlementFixture {
    function test_WhenThereIsNoSuchParticipant_RevertsWithUnknownParticipant() public {
        uint256[3] memory nobodies = [uint256(1), 99, 2 ** 32];
        for (uint256 i = 0; i < nobodies.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]));
            settlement.changeWallet(nobodies[i], anybody, START, "");
        }
    }

    function test_WhenTheCallerIsNotItsWallet_RevertsWithNotAccountOwner() public {
        vm.expectRevert(abi.encodeWithSelector(NotAccountOwner.selector, amy, operator));
        vm.prank(operator);
        settlement.changeWallet(amy, operator, START, "");
    }

    function test_WhenTheNewWalletIsAParticipants_RevertsWithAlreadyRegistered() public {
        address taken = walletOf[boss];
        bytes memory consent = _sign(taken, Consents.takeOver(_domain(), amy, taken, START));
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, taken, boss));
        vm.prank(walletOf[amy]);
        settlement.changeWallet(amy, taken, START, consent);
    }

    function test_WhenTheNewWalletWasAParticipants_RevertsWithAlreadyRegistered() public {
        address old = walletOf[amy];
        address wallet = _change(amy);
        bytes memory consent = _sign(old, Consents.takeOver(_domain(), amy, old, START));
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, old, amy));
        vm.prank(wallet);
        settlement.changeWallet(amy, old, START, consent);

        consent = _sign(old, Consents.join(_domain(), old, boss, 0, START));
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, old, amy));
        settlement.join(old, boss, 0, START, consent);
    }

    function test_WhenTheNewWalletIsFree_ItOwnsTheAccount() public {
        _sell(_retail(amy, 10_000));
        address old = walletOf[amy];
        address wallet = _wallet();
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory consent = _sign(wallet, Consents.takeOver(_domain(), amy, wallet, deadline));
        vm.expectEmit(address(settlement));
        emit WalletChanged(amy, old, wallet);
        vm.prank(old);
        settlement.changeWallet(amy, wallet, deadline, consent);

        assertEq(lens.participant(amy).wallet, wallet);
        assertEq(settlement.participantOf(wallet), amy);
        assertEq(settlement.participantOf(old), amy, "stays taken");
        assertEq(lens.participant(amy).introducer, boss, "lineage stays");
        vm.expectRevert(abi.encodeWithSelector(NotAccountOwner.selector, amy, old));
        vm.prank(old);
        settlement.withdraw(amy, 1);
        vm.prank(wallet);
        settlement.withdraw(amy, 2000);
        assertEq(token.balanceOf(wallet), 2000);
    }

    function test_ASupplierCanChangeItsWalletToo() public {
        address wallet = _change(supplier);
        assertEq(lens.participant(supplier).wallet, wallet);
        assertEq(lens.participant(supplier).kind, "supplier");
    }

    function _change(uint256 participant) private returns (address wallet) {
        wallet = _wallet();
        bytes memory consent = _sign(wallet, Consents.takeOver(_domain(), participant, wallet, START));
        vm.prank(walletOf[participant]);
        settlement.changeWallet(participant, wallet, START, consent);
    }
}

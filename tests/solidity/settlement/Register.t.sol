// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ParticipantView} from "../../../contracts/SettlementLens.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice registerSupplier, registerStore
/// ├── when the wallet is a participant's → AlreadyRegistered
/// ├── when the wallet is the zero address → InvalidWallet
/// └── when the wallet is free → the next number, the kind, the wallet; SupplierRegistered, StoreRegistered
contract RegisterTest is SettlementFixture {
    function test_WhenTheWalletIsAParticipants_RevertsWithAlreadyRegistered() public {
        address taken = walletOf[amy];
        vm.startPrank(operator);
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, taken, amy));
        settlement.registerSupplier(taken);
        vm.expectRevert(abi.encodeWithSelector(AlreadyRegistered.selector, taken, amy));
        settlement.registerStore(taken);
    }

    function test_WhenTheWalletIsZero_RevertsWithInvalidWallet() public {
        vm.startPrank(operator);
        vm.expectRevert(abi.encodeWithSelector(InvalidWallet.selector, address(0)));
        settlement.registerSupplier(address(0));
        vm.expectRevert(abi.encodeWithSelector(InvalidWallet.selector, address(0)));
        settlement.registerStore(address(0));
    }

    function test_WhenTheWalletIsFree_ASupplierIsEntered() public {
        address wallet = _wallet();
        uint256 next = settlement.lastParticipant() + 1;
        vm.expectEmit(address(settlement));
        emit SupplierRegistered(next, wallet);
        vm.prank(operator);
        assertEq(settlement.registerSupplier(wallet), next);
        _assertEntered(next, wallet, "supplier");
    }

    function test_WhenTheWalletIsFree_AStoreIsEntered() public {
        address wallet = _wallet();
        uint256 next = settlement.lastParticipant() + 1;
        vm.expectEmit(address(settlement));
        emit StoreRegistered(next, wallet);
        vm.prank(operator);
        assertEq(settlement.registerStore(wallet), next);
        _assertEntered(next, wallet, "store");
    }

    function test_TheFirstParticipantHasNumber16() public view {
        assertEq(supplier, 16);
        assertEq(store, 17);
    }

    function _assertEntered(uint256 id, address wallet, string memory kind) private view {
        ParticipantView memory p = lens.participant(id);
        assertEq(p.wallet, wallet);
        assertEq(p.kind, kind);
        assertEq(p.level, 0);
        assertFalse(p.boss);
        assertEq(p.introducer + p.leader + p.region, 0);
        assertEq(settlement.participantOf(wallet), id);
        assertEq(settlement.lastParticipant(), id);
    }
}

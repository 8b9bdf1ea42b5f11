// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Selection} from "../../../contracts/logic/Batches.sol";
import {RECORDING, SETTLING, WITHDRAWING} from "../../../contracts/types/Roles.sol";
import {Consents} from "../Consents.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice pause, unpause
/// ├── when the guardian pauses parts → these and those before are paused, PauseChanged; other bits are ignored
/// ├── when the administrator unpauses parts → these are not, the others stay; the guardian cannot
/// ├── recording pauses recordOrders; settlement pauses settle
/// ├── withdrawals pauses withdraw, withdrawFor, pushWithdrawals, releaseDeposit and refunds after settlement
/// └── under a pause of everything → refunds before settlement, voids, deliveries, holds, joins, deposits, funding, claims,
///     slashes, compensations and plans go on
contract PausingTest is SettlementFixture {
    uint256 private settled;
    uint256 private due;

    function setUp() public override {
        super.setUp();
        settled = _sell(_retail(amy, 10_000));
        _endow(amy, 1_000);
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, 500);
        due = _record(_retail(amy, 10_000));
        _deliver(due);
        _advance(8);
    }

    // ---- who pauses what ----

    function test_WhenThePartsArePaused_TheyAddUp() public {
        vm.startPrank(guardian);
        vm.expectEmit(address(settlement));
        emit PauseChanged(guardian, 1);
        settlement.pause(1);
        vm.expectEmit(address(settlement));
        emit PauseChanged(guardian, 5);
        settlement.pause(4);
        vm.expectEmit(address(settlement));
        emit PauseChanged(guardian, 7);
        settlement.pause(type(uint256).max);
        assertEq(settlement.book().paused, 7);
    }

    function test_WhenUnpaused_TheOthersStay() public {
        _pause(7);
        vm.startPrank(admin);
        vm.expectEmit(address(settlement));
        emit PauseChanged(admin, 5);
        settlement.unpause(2);
        vm.expectEmit(address(settlement));
        emit PauseChanged(admin, 0);
        settlement.unpause(type(uint256).max);
        assertEq(settlement.book().paused, 0);
    }

    function test_WhoeverPausesCannotUnpause() public {
        _pause(7);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian));
        vm.prank(guardian);
        settlement.unpause(7);
    }

    function test_TheRestOfTheBookStays() public {
        uint256 treasury = _treasury();
        _pause(7);
        assertEq(_treasury(), treasury);
        assertEq(_escrow(), 10_000);
        assertEq(_nextOrder(), 3);
        assertEq(settlement.book().plan, 1);
    }

    // ---- what each pauses ----

    function test_WhenRecordingIsPaused_NothingIsRecorded_AndTheRestGoesOn() public {
        _pause(RECORDING);
        _refuseOrder(abi.encodeWithSelector(Paused.selector, RECORDING), _retail(amy, 10_000));
        _settle(due);
        _withdrawEveryWay();
        _unpause(RECORDING);
        _record(_retail(amy, 10_000));
    }

    function test_WhenSettlementIsPaused_NothingSettles_AndTheRestGoesOn() public {
        _pause(SETTLING);
        vm.expectRevert(abi.encodeWithSelector(Paused.selector, SETTLING));
        _settle(due);
        vm.expectRevert(abi.encodeWithSelector(Paused.selector, SETTLING));
        settlement.settle(new Selection[](0));
        _record(_retail(amy, 10_000));
        _withdrawEveryWay();
        _unpause(SETTLING);
        _settle(due);
    }

    function test_WhenWithdrawalsArePaused_NoTokensLeave_AndTheRestGoesOn() public {
        _pause(WITHDRAWING);
        bytes memory error_ = abi.encodeWithSelector(Paused.selector, WITHDRAWING);
        vm.startPrank(walletOf[amy]);
        vm.expectRevert(error_);
        settlement.withdraw(amy, 1);
        vm.expectRevert(error_);
        settlement.releaseDeposit(amy, 1);
        vm.stopPrank();
        vm.startPrank(treasurer);
        vm.expectRevert(error_);
        settlement.withdraw(6, 1);
        vm.expectRevert(error_);
        settlement.pushWithdrawals(_list(amy));
        vm.stopPrank();
        vm.expectRevert(error_);
        settlement.withdrawFor(amy, 1, LATER, "");
        ProvedOrder memory proved = _prove(settled);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.refund(proved.order, 0, 1, proved.deliveries, proved.proof);

        _record(_retail(amy, 10_000));
        _settle(due);
        _unpause(WITHDRAWING);
        _refund(settled, 1);
        _withdrawEveryWay();
    }

    function test_WhenEverythingIsPaused_TheRestGoesOn() public {
        uint256 old = _record(_retail(amy, 10_000));
        _pause(7);
        _refund(due, 1_000);
        _refund(due, 9_000);
        _hold(old);
        vm.startPrank(riskOfficer);
        settlement.release(old);
        settlement.freeze(boss, "file");
        settlement.unfreeze(boss);
        settlement.slash(amy, 100, "file");
        vm.stopPrank();
        ProvedOrder memory proved = _prove(old);
        vm.startPrank(operator);
        settlement.compensate(proved.order, 100, proved.deliveries, proved.proof);
        settlement.openGroupBuy(1, 1, 1);
        settlement.openPresale(2, 1);
        settlement.certify(amy, true);
        vm.stopPrank();
        _member(boss, 0);
        _founder(0);
        _supplier();
        vm.startPrank(walletOf[amy]);
        settlement.deposit(amy, 100);
        settlement.fund(100);
        vm.stopPrank();
        _advance(90);
        _void(old);
        settlement.closeMonth(0);
        settlement.claimSupport(0, _list(amy));
        _publish(_seed());
        _assertBalanced();
    }

    function test_WhenRecordingIsPaused_DeliveriesGoOn() public {
        uint256 order = _record(_retail(amy, 10_000));
        _pause(7);
        _deliver(order);
    }

    /// @dev withdraw, withdrawFor, pushWithdrawals, releaseDeposit.
    function _withdrawEveryWay() private {
        uint256 before = token.balanceOf(walletOf[amy]);
        uint256 available = _available(amy);
        bytes memory consent =
            _sign(walletOf[amy], Consents.withdrawal(_domain(), amy, 1, settlement.nonceOf(amy), LATER));
        settlement.withdrawFor(amy, 1, LATER, consent);
        vm.startPrank(walletOf[amy]);
        settlement.withdraw(amy, 1);
        settlement.releaseDeposit(amy, 1);
        vm.stopPrank();
        vm.startPrank(treasurer);
        settlement.withdraw(6, 1);
        settlement.pushWithdrawals(_list(amy));
        vm.stopPrank();
        assertEq(token.balanceOf(walletOf[amy]), before + available + 1);
    }

    function _pause(uint256 parts) private {
        vm.prank(guardian);
        settlement.pause(parts);
    }

    function _unpause(uint256 parts) private {
        vm.prank(admin);
        settlement.unpause(parts);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SettlementFixture} from "../SettlementFixture.sol";
import {FeeToken, LyingToken, MintedToken, RefusingToken, SilentToken} from "./OddTokens.sol";

/// @notice Tokens that do not do what they should
/// ├── when the token keeps a fee → fund and deposit: UnsupportedToken
/// ├── when the token answers nothing → everything works
/// ├── when the token answers false → fund, deposit, withdraw, releaseDeposit: SafeERC20FailedOperation; push passes over
/// └── when the token refuses a receiver → its withdrawal fails with the token's error; push passes it over, others are paid
contract OddTokensTest is SettlementFixture {
    uint256 private ben;

    function setUp() public override {}

    function test_WhenTheTokenKeepsAFee_RevertsWithUnsupportedToken() public {
        FeeToken odd = new FeeToken();
        _start(IERC20(address(odd)));
        address wallet = walletOf[amy];
        odd.mint(wallet, 10_000);
        vm.startPrank(wallet);
        odd.approve(address(settlement), 10_000);
        bytes memory error_ = abi.encodeWithSelector(UnsupportedToken.selector, address(odd), 1_000, 990);
        vm.expectRevert(error_);
        settlement.fund(1_000);
        vm.expectRevert(error_);
        settlement.deposit(amy, 1_000);
        assertEq(odd.balanceOf(address(settlement)), 0);
        assertEq(_treasury(), 0);
        // too little for a fee
        settlement.fund(99);
        assertEq(_treasury(), 99);
    }

    function test_WhenTheTokenAnswersNothing_EverythingWorks() public {
        SilentToken odd = new SilentToken();
        _start(IERC20(address(odd)));
        odd.mint(anybody, 100_000);
        vm.startPrank(anybody);
        odd.approve(address(settlement), 100_000);
        settlement.fund(100_000);
        vm.stopPrank();
        _sell(_inStore(amy, 10_000));
        address wallet = walletOf[amy];
        vm.startPrank(wallet);
        settlement.withdraw(amy, 400);
        odd.approve(address(settlement), 400);
        settlement.deposit(amy, 400);
        settlement.releaseDeposit(amy, 400);
        vm.stopPrank();
        vm.startPrank(treasurer);
        settlement.withdraw(6, 1_000);
        settlement.pushWithdrawals(_list(amy, store));
        vm.stopPrank();
        assertEq(odd.balanceOf(wallet), 1_400);
        assertEq(odd.balanceOf(walletOf[store]), 600);
        assertEq(odd.balanceOf(treasurer), 1_000);
        assertEq(_held(), odd.balanceOf(address(settlement)));
    }

    function test_WhenTheTokenAnswersFalse_NothingMovesAndNothingIsBooked() public {
        LyingToken odd = new LyingToken();
        _startWithSales(odd);
        address wallet = walletOf[amy];
        vm.startPrank(wallet);
        odd.approve(address(settlement), 10_000);
        odd.mint(wallet, 10_000);
        settlement.deposit(amy, 100);
        odd.lie();
        bytes memory error_ = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(odd));
        vm.expectRevert(error_);
        settlement.fund(1);
        vm.expectRevert(error_);
        settlement.deposit(amy, 1);
        vm.expectRevert(error_);
        settlement.withdraw(amy, 1);
        vm.expectRevert(error_);
        settlement.releaseDeposit(amy, 1);
        vm.stopPrank();
        vm.expectEmit(address(settlement));
        emit PushPassedOver(amy, "refused by the token");
        vm.prank(treasurer);
        settlement.pushWithdrawals(_list(amy));
        assertEq(_available(amy), 2_000);
        assertEq(lens.account(amy).withdrawn, 0);
        assertEq(lens.account(amy).deposit, 100);
        assertEq(_held(), odd.balanceOf(address(settlement)));
    }

    function test_WhenTheTokenRefusesAReceiver_OnlyThatOneIsPassedOver() public {
        RefusingToken odd = new RefusingToken();
        _startWithSales(odd);
        address wallet = walletOf[amy];
        odd.refuse(wallet);
        vm.expectRevert(abi.encodeWithSelector(RefusingToken.Refused.selector, wallet));
        vm.prank(wallet);
        settlement.withdraw(amy, 1);

        vm.expectEmit(address(settlement));
        emit Withdrawn(ben, walletOf[ben], 2_000);
        vm.expectEmit(address(settlement));
        emit PushPassedOver(amy, "refused by the token");
        vm.expectEmit(address(settlement));
        emit Withdrawn(boss, walletOf[boss], 1_600);
        vm.prank(treasurer);
        settlement.pushWithdrawals(_list(ben, amy, boss));
        assertEq(odd.balanceOf(walletOf[ben]), 2_000);
        assertEq(odd.balanceOf(walletOf[boss]), 1_600);
        assertEq(odd.balanceOf(wallet), 0);
        assertEq(_available(amy), 2_000);
        assertEq(lens.account(amy).withdrawn, 0);
        assertEq(lens.account(ben).withdrawn, 2_000);
        assertEq(_held(), odd.balanceOf(address(settlement)));

        odd.refuse(address(1));
        vm.prank(treasurer);
        settlement.pushWithdrawals(_list(amy));
        assertEq(odd.balanceOf(wallet), 2_000);
    }

    /// @dev The people over another token.
    function _start(IERC20 odd) private {
        vm.warp(START);
        _deploy(odd);
        supplier = _supplier();
        store = _store();
        boss = _founder(0);
        amy = _member(boss, 0);
        ben = _member(boss, 0);
    }

    function _startWithSales(MintedToken odd) private {
        _start(odd);
        odd.mint(anybody, 100_000);
        vm.startPrank(anybody);
        odd.approve(address(settlement), 100_000);
        settlement.fund(100_000);
        vm.stopPrank();
        _sell(_retail(amy, 10_000));
        _sell(_retail(ben, 10_000));
    }
}

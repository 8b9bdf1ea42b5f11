// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PROTECTION} from "../../../contracts/types/Accounts.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice deposit, releaseDeposit, slash
/// ├── when the number is no agent's → UnknownParticipant; when the caller is not its wallet → NotAccountOwner
/// ├── deposit: 0 → InvalidAmount; else debt first, the rest is deposit; DepositPaid; also where the agent is frozen
/// ├── release
/// │   ├── when frozen → AgentFrozen, before DebtOutstanding
/// │   ├── when in debt → DebtOutstanding, before DepositLocked
/// │   ├── when today < the last holdback's day + deposit_lock_days of its plan → DepositLocked, before InsufficientDeposit
/// │   ├── when 0 or more than the deposit → InsufficientDeposit
/// │   └── else the tokens leave, not counted as withdrawn; DepositReleased
/// └── slash: 0 or more than the deposit → InsufficientDeposit; else to protection, debt first; DepositSlashed
contract DepositTest is SettlementFixture {
    function setUp() public override {
        super.setUp();
        _endow(amy, 10_000);
        vm.prank(operator);
        settlement.certify(amy, true);
    }

    function test_WhenTheNumberIsNoAgents_RevertsWithUnknownParticipant() public {
        uint256[5] memory nobodies = [uint256(0), 1, supplier, store, 2 ** 32];
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]);
            vm.expectRevert(error_);
            settlement.deposit(nobodies[i], 1);
            vm.expectRevert(error_);
            settlement.releaseDeposit(nobodies[i], 1);
            vm.expectRevert(error_);
            vm.prank(riskOfficer);
            settlement.slash(nobodies[i], 1, "file");
        }
    }

    function test_WhenTheCallerIsNotItsWallet_RevertsWithNotAccountOwner() public {
        bytes memory error_ = abi.encodeWithSelector(NotAccountOwner.selector, amy, walletOf[boss]);
        vm.startPrank(walletOf[boss]);
        vm.expectRevert(error_);
        settlement.deposit(amy, 1);
        vm.expectRevert(error_);
        settlement.releaseDeposit(amy, 1);
    }

    // ---- deposit ----

    function test_WhenTheDepositIs0_RevertsWithInvalidAmount() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidAmount.selector, 0));
        _deposit(0);
    }

    function test_WhenPaidIn_ItIsDeposit() public {
        vm.expectEmit(address(settlement));
        emit DepositPaid(amy, 700, 0);
        _deposit(700);
        _deposit(1);
        assertEq(lens.account(amy).deposit, 701);
        assertEq(_available(amy), 0);
        assertEq(token.balanceOf(walletOf[amy]), 9_299);
        _assertBalanced();
    }

    function test_WhenInDebt_ADepositPaysDebtFirst() public {
        _indebt(2_560);
        uint256 treasury = _treasury();
        vm.expectEmit(address(settlement));
        emit DebtRepaid(amy, 1_000, 1_560);
        vm.expectEmit(address(settlement));
        emit DepositPaid(amy, 1_000, 1_000);
        _deposit(1_000);
        assertEq(lens.account(amy).deposit, 0);
        vm.expectEmit(address(settlement));
        emit DebtRepaid(amy, 1_560, 0);
        vm.expectEmit(address(settlement));
        emit DepositPaid(amy, 2_000, 1_560);
        _deposit(2_000);
        assertEq(lens.account(amy).deposit, 440);
        assertEq(lens.account(amy).debt, 0);
        assertEq(_treasury(), treasury + 2_560);
        _assertBalanced();
    }

    function test_WhenFrozen_ADepositCanStillBePaidIn() public {
        vm.prank(riskOfficer);
        settlement.freeze(amy, "file");
        _deposit(700);
        assertEq(lens.account(amy).deposit, 700);
    }

    function test_WhenTheDepositCannotHoldIt_RevertsWithAmountTooLarge() public {
        uint256 max = type(uint64).max;
        _endow(amy, max + 1);
        vm.expectRevert(abi.encodeWithSelector(AmountTooLarge.selector, max + 1, max));
        _deposit(max + 1);
    }

    // ---- release ----

    function test_WhenFrozenAndInDebt_RevertsWithAgentFrozen() public {
        _indebt(2_560);
        vm.prank(riskOfficer);
        settlement.freeze(amy, "file");
        _refuseRelease(1, abi.encodeWithSelector(AgentFrozen.selector, amy));
    }

    function test_WhenInDebtAndLocked_RevertsWithDebtOutstanding() public {
        uint256 order = _sell(_crossBorder(amy, 12_800));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, 3_712);
        _refund(order, 12_800);
        _refuseRelease(1, abi.encodeWithSelector(DebtOutstanding.selector, amy, 3_712));
    }

    function test_WhenLocked_RevertsWithDepositLocked_BeforeInsufficientDeposit() public {
        _sell(_crossBorder(amy, 12_800));
        bytes memory error_ = abi.encodeWithSelector(DepositLocked.selector, amy, 38);
        _refuseRelease(1, error_);
        _refuseRelease(0, error_);
        _refuseRelease(9_999, error_);
        _advance(29);
        _refuseRelease(1, error_);
        _advance(1);
        _release(128);
        assertEq(lens.account(amy).deposit, 0);
    }

    function test_TheLockIsThatOfTheLastHoldbacksPlan() public {
        PlanParameters memory p = _seed();
        p.depositLockDays = 3;
        uint256 long = _record(_crossBorder(amy, 12_800));
        _publish(p);
        uint256 short = _record(_crossBorder(amy, 12_800));
        _deliver(_list(long, short));
        _advance(8);
        _settle(_list(long, short));
        assertEq(lens.account(amy).lockedUntil, 11, "the last one counts, not the longest");
        _advance(3);
        _release(256);
    }

    function test_WhenALaterHoldbackIs0_TheEarlierLockStays() public {
        _sell(_crossBorder(amy, 12_800));
        _sell(_crossBorder(amy, 99));
        assertEq(lens.account(amy).lockedUntil, 38);
    }

    function test_When0OrMoreThanTheDeposit_RevertsWithInsufficientDeposit() public {
        _deposit(700);
        _refuseRelease(0, abi.encodeWithSelector(InsufficientDeposit.selector, amy, 0, 700));
        _refuseRelease(701, abi.encodeWithSelector(InsufficientDeposit.selector, amy, 701, 700));
    }

    function test_WhenReleased_TheTokensLeaveAndAreNotCountedAsWithdrawn() public {
        _deposit(700);
        address wallet = walletOf[amy];
        vm.expectEmit(address(settlement));
        emit DepositReleased(amy, wallet, 600);
        _release(600);
        assertEq(lens.account(amy).deposit, 100);
        assertEq(lens.account(amy).withdrawn, 0);
        assertEq(token.balanceOf(wallet), 10_000 - 100);
        _assertBalanced();
    }

    // ---- slash ----

    function test_WhenSlashedBy0OrMore_RevertsWithInsufficientDeposit() public {
        _deposit(700);
        vm.startPrank(riskOfficer);
        vm.expectRevert(abi.encodeWithSelector(InsufficientDeposit.selector, amy, 0, 700));
        settlement.slash(amy, 0, "file");
        vm.expectRevert(abi.encodeWithSelector(InsufficientDeposit.selector, amy, 701, 700));
        settlement.slash(amy, 701, "file");
    }

    function test_WhenSlashed_TheDepositGoesToProtection_LockedFrozenOrInDebt() public {
        _sell(_crossBorder(amy, 12_800));
        _deposit(572);
        vm.startPrank(riskOfficer);
        settlement.freeze(amy, "file");
        vm.expectEmit(address(settlement));
        emit DepositSlashed(amy, riskOfficer, 600, "file");
        settlement.slash(amy, 600, "file");
        vm.stopPrank();
        assertEq(lens.account(amy).deposit, 100);
        assertEq(_available(PROTECTION), 600);
        assertEq(_available(amy), 3_712, "available stays");
        _assertBalanced();
    }

    /// @dev Debt by a refund of what was withdrawn.
    function _indebt(uint256 amount) private {
        uint256 order = _sell(_retail(amy, amount * 5));
        vm.prank(walletOf[amy]);
        settlement.withdraw(amy, amount);
        _refund(order, amount * 5);
        assertEq(lens.account(amy).debt, amount);
    }

    function _deposit(uint256 amount) private {
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, amount);
    }

    function _release(uint256 amount) private {
        vm.prank(walletOf[amy]);
        settlement.releaseDeposit(amy, amount);
    }

    function _refuseRelease(uint256 amount, bytes memory error_) private {
        vm.expectRevert(error_);
        _release(amount);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {stdError} from "forge-std/StdError.sol";
import {Test} from "forge-std/Test.sol";
import {ISettlementErrors} from "../../../contracts/interfaces/ISettlementErrors.sol";
import {Account as Word, AccountWord} from "../../../contracts/types/Account.sol";

/// @notice The account's word
/// ├── every field is written and read back, and none of the others is touched
/// └── what does not fit → AmountTooLarge; what is not there cannot be taken
contract AccountWordTest is Test {
    uint256 private constant MAX64 = type(uint64).max;

    struct Fields {
        uint64 available;
        uint64 withdrawn;
        uint256 weightNow;
        uint256 weightBefore;
        uint256 month;
        uint8 flags;
    }

    function testFuzz_PlusAddsToWhatIsAvailable(Fields memory f, uint64 amount) public view {
        Word a = _account(f);
        amount = uint64(bound(amount, 0, MAX64 - f.available));
        f.available += amount;
        _assertFields(this.plus(a, amount), f);
    }

    function testFuzz_WhenTheSumDoesNotFit_RevertsWithAmountTooLarge(Fields memory f, uint128 amount) public {
        Word a = _account(f);
        uint256 more = bound(amount, MAX64 - f.available + 1, type(uint128).max);
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, more + f.available, MAX64));
        this.plus(a, more);
    }

    function testFuzz_MinusTakesFromWhatIsAvailable(Fields memory f, uint64 amount) public view {
        Word a = _account(f);
        amount = uint64(bound(amount, 0, f.available));
        f.available -= amount;
        _assertFields(this.minus(a, amount), f);
    }

    function testFuzz_TryMinusTellsWhetherThereIsEnough(Fields memory f, uint64 amount) public pure {
        Word a = _account(f);
        (bool enough, Word rest) = a.tryMinus(amount);
        assertEq(enough, amount <= f.available);
        if (!enough) return;
        f.available -= amount;
        _assertFields(rest, f);
    }

    function testFuzz_TryMinusIsNotEnough_HoweverMuchIsAsked(Fields memory f, uint256 amount) public pure {
        Word a = _account(f);
        (bool enough,) = a.tryMinus(bound(amount, uint256(f.available) + 1, type(uint256).max));
        assertFalse(enough);
    }

    function testFuzz_WeightsAreTakenFrom(Fields memory f, uint64 now_, uint64 before) public view {
        Word a = _account(f);
        now_ = uint64(bound(now_, 0, f.weightNow));
        f.weightNow -= now_;
        a = this.lessWeightNow(a, now_);
        _assertFields(a, f);
        before = uint64(bound(before, 0, f.weightBefore));
        f.weightBefore -= before;
        a = this.lessWeightBefore(a, before);
        _assertFields(a, f);
    }

    function testFuzz_WhenMoreWeightIsTaken_Panics(Fields memory f, uint256 amount) public {
        Word a = _account(f);
        vm.expectRevert(stdError.assertionError);
        this.lessWeightNow(a, bound(amount, f.weightNow + 1, type(uint256).max));
        vm.expectRevert(stdError.assertionError);
        this.lessWeightBefore(a, bound(amount, f.weightBefore + 1, type(uint256).max));
    }

    function testFuzz_WhenMoreIsTaken_Panics(Fields memory f, uint256 amount) public {
        Word a = _account(f);
        amount = bound(amount, uint256(f.available) + 1, type(uint256).max);
        vm.expectRevert(stdError.assertionError);
        this.minus(a, amount);
    }

    function testFuzz_WithdrawMovesFromAvailableToWithdrawn_AndTakeBackUndoesIt(Fields memory f, uint64 amount)
        public
        view
    {
        f.withdrawn = uint64(bound(f.withdrawn, 0, MAX64 - f.available));
        Word a = _account(f);
        amount = uint64(bound(amount, 0, f.available));
        Word b = this.withdraw(a, amount);
        assertEq(Word.unwrap(this.takeBack(b, amount)), Word.unwrap(a));
        f.available -= amount;
        f.withdrawn += amount;
        _assertFields(b, f);
    }

    function testFuzz_WhenWithdrawnDoesNotFit_RevertsWithAmountTooLarge(Fields memory f, uint64 amount) public {
        f.available = uint64(bound(f.available, 1, MAX64));
        amount = uint64(bound(amount, 1, f.available));
        f.withdrawn = uint64(bound(f.withdrawn, MAX64 - amount + 1, MAX64));
        Word a = _account(f);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, uint256(f.withdrawn) + amount, MAX64)
        );
        this.withdraw(a, amount);
    }

    function testFuzz_WeightsAreReadBack(Fields memory f, uint256 now_, uint256 before, uint256 month) public view {
        Word a = _account(f);
        (f.weightNow, f.weightBefore) = (bound(now_, 0, 2 ** 54 - 1), bound(before, 0, 2 ** 54 - 1));
        f.month = bound(month, 0, 2 ** 12 - 1);
        _assertFields(this.withWeights(a, f.weightNow, f.weightBefore, f.month), f);
    }

    function testFuzz_PlusWeightAddsToTheMonthsWeight(Fields memory f, uint256 amount) public {
        Word a = _account(f);
        uint256 max = 2 ** 54 - 1;
        amount = bound(amount, 0, type(uint64).max);
        if (f.weightNow + amount > max) {
            vm.expectRevert(
                abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, f.weightNow + amount, max)
            );
            this.plusWeight(a, amount);
            amount = max - f.weightNow;
        }
        f.weightNow += amount;
        _assertFields(this.plusWeight(a, amount), f);
    }

    function testFuzz_PlusWithdrawnNotesAWithdrawal(Fields memory f, uint64 amount) public view {
        Word a = _account(f);
        amount = uint64(bound(amount, 0, MAX64 - f.withdrawn));
        f.withdrawn += amount;
        _assertFields(this.plusWithdrawn(a, amount), f);
    }

    function testFuzz_WhenAWeightDoesNotFit_RevertsWithAmountTooLarge(Fields memory f, uint256 weight) public {
        Word a = _account(f);
        uint256 max = 2 ** 54 - 1;
        weight = bound(weight, max + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, weight, max));
        this.withWeights(a, weight, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, weight, max));
        this.withWeights(a, 0, weight, 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlementErrors.AmountTooLarge.selector, 4096, 4095));
        this.withWeights(a, 0, 0, 4096);
    }

    function testFuzz_FlagsAreApart(Fields memory f) public pure {
        Word a = _account(f);
        uint256[4] memory flags = [AccountWord.IN_DEBT, AccountWord.FROZEN, AccountWord.ACTIVE, AccountWord.DIAMOND];
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(a.has(flags[i]), f.flags & (1 << i) != 0);
            Word on = a.set(flags[i]);
            Word off = a.clear(flags[i]);
            assertTrue(on.has(flags[i]) && !off.has(flags[i]));
            f.flags |= uint8(1 << i);
            _assertFields(on, f);
            f.flags &= ~uint8(1 << i);
            _assertFields(off, f);
            a = off;
        }
    }

    // ---- the library's functions, called from outside ----

    function plus(Word a, uint256 amount) external pure returns (Word) {
        return a.plus(amount);
    }

    function minus(Word a, uint256 amount) external pure returns (Word) {
        return a.minus(amount);
    }

    function lessWeightNow(Word a, uint256 amount) external pure returns (Word) {
        return a.lessWeightNow(amount);
    }

    function lessWeightBefore(Word a, uint256 amount) external pure returns (Word) {
        return a.lessWeightBefore(amount);
    }

    function withdraw(Word a, uint256 amount) external pure returns (Word) {
        return a.withdraw(amount);
    }

    function takeBack(Word a, uint256 amount) external pure returns (Word) {
        return a.takeBack(amount);
    }

    function plusWeight(Word a, uint256 amount) external pure returns (Word) {
        return a.plusWeight(amount);
    }

    function plusWithdrawn(Word a, uint256 amount) external pure returns (Word) {
        return a.plusWithdrawn(amount);
    }

    function withWeights(Word a, uint256 now_, uint256 before, uint256 month) external pure returns (Word) {
        return a.withWeights(now_, before, month);
    }

    /// @dev The word, put together from the layout that the type documents.
    function _account(Fields memory f) private pure returns (Word) {
        (f.weightNow, f.weightBefore, f.month) = (f.weightNow % 2 ** 54, f.weightBefore % 2 ** 54, f.month % 2 ** 12);
        return Word.wrap(
            uint256(f.available) | (uint256(f.withdrawn) << 64) | (f.weightNow << 128) | (f.weightBefore << 182)
                | (f.month << 236) | (uint256(f.flags) << 248)
        );
    }

    function _assertFields(Word a, Fields memory f) private pure {
        assertEq(a.available(), f.available, "available");
        assertEq(a.withdrawn(), f.withdrawn, "withdrawn");
        assertEq(a.weightNow(), f.weightNow, "weight");
        assertEq(a.weightBefore(), f.weightBefore, "weight before");
        assertEq(a.month(), f.month, "month");
        assertEq(Word.unwrap(a) >> 248, f.flags, "flags");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice fund (odd tokens are in tokens/)
/// ├── when the amount is 0 → InvalidAmount
/// ├── when the treasury cannot hold it → AmountTooLarge
/// └── else the tokens are the treasury's, whoever pays; TreasuryFunded
contract FundTest is SettlementFixture {
    function test_WhenTheAmountIs0_RevertsWithInvalidAmount() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidAmount.selector, 0));
        vm.prank(anybody);
        settlement.fund(0);
    }

    function test_WhenTheTreasuryCannotHoldIt_RevertsWithAmountTooLarge() public {
        uint256 max = type(uint88).max;
        vm.startPrank(anybody);
        vm.expectRevert(abi.encodeWithSelector(AmountTooLarge.selector, max + 1, max));
        settlement.fund(max + 1 - FUNDS);
        vm.stopPrank();
        token.mint(anybody, max - FUNDS);
        vm.prank(anybody);
        settlement.fund(max - FUNDS);
        assertEq(_treasury(), max);
    }

    function test_WhenFunded_TheTokensAreTheTreasurys() public {
        token.mint(anybody, 700);
        vm.expectEmit(address(settlement));
        emit TreasuryFunded(anybody, 700);
        vm.prank(anybody);
        settlement.fund(700);
        assertEq(_treasury(), FUNDS + 700);
        assertEq(token.balanceOf(anybody), 0);
        _assertBalanced();
    }

    function test_WhenTokensAreSentWithoutACall_TheyAreOnNobodysBooks() public {
        token.mint(address(settlement), 700);
        assertEq(_treasury(), FUNDS);
        assertEq(_held(), FUNDS);
    }
}

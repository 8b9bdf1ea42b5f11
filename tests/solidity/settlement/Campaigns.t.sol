// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Campaign} from "../../../contracts/state/State.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice openGroupBuy, openPresale
/// ├── when the number was opened before, as either kind → CampaignExists, also where the target is 0
/// ├── when the number is 0 or has more than 32 bits → UnknownCampaign
/// ├── when a group's target is 0 → InvalidAmount
/// ├── when target or deadline do not fit → AmountTooLarge
/// └── else it is open to the end of today + deadline; GroupBuyOpened, PresaleOpened
contract CampaignsTest is SettlementFixture {
    function test_WhenTheNumberWasOpenedBefore_RevertsWithCampaignExists() public {
        vm.startPrank(operator);
        settlement.openGroupBuy(1, 3, 10);
        settlement.openPresale(2, 10);
        for (uint256 id = 1; id <= 2; ++id) {
            bytes memory error_ = abi.encodeWithSelector(CampaignExists.selector, id);
            vm.expectRevert(error_);
            settlement.openGroupBuy(id, 3, 10);
            vm.expectRevert(error_);
            settlement.openGroupBuy(id, 0, 10);
            vm.expectRevert(error_);
            settlement.openPresale(id, 10);
        }
    }

    function test_WhenTheNumberIsOutOfRange_RevertsWithUnknownCampaign() public {
        vm.startPrank(operator);
        uint256[2] memory wrong = [uint256(0), 2 ** 32];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownCampaign.selector, wrong[i]);
            vm.expectRevert(error_);
            settlement.openGroupBuy(wrong[i], 3, 10);
            vm.expectRevert(error_);
            settlement.openPresale(wrong[i], 10);
        }
    }

    function test_WhenTheTargetIs0_RevertsWithInvalidAmount() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidAmount.selector, 0));
        vm.prank(operator);
        settlement.openGroupBuy(1, 0, 10);
    }

    function test_WhenTheTargetDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(AmountTooLarge.selector, 2 ** 64, 2 ** 64 - 1));
        vm.prank(operator);
        settlement.openGroupBuy(1, 2 ** 64, 10);
    }

    function test_WhenTheDeadlineDoesNotFit_RevertsWithAmountTooLarge() public {
        vm.startPrank(operator);
        bytes memory error_ = abi.encodeWithSelector(AmountTooLarge.selector, 2 ** 16, 2 ** 16 - 1);
        vm.expectRevert(error_);
        settlement.openGroupBuy(1, 1, 2 ** 16);
        vm.expectRevert(error_);
        settlement.openPresale(1, 2 ** 16);
    }

    function test_WhenOpened_AGroupBuyIsOpenToItsDeadlineDay() public {
        _advance(5);
        vm.expectEmit(address(settlement));
        emit GroupBuyOpened(2 ** 32 - 1, 3, 15);
        vm.prank(operator);
        settlement.openGroupBuy(2 ** 32 - 1, 3, 10);
        Campaign memory c = settlement.campaign(2 ** 32 - 1);
        assertTrue(c.open);
        assertFalse(c.presale);
        assertEq(c.target, 3);
        assertEq(c.count, 0);
        assertEq(c.deadline, 15);
    }

    function test_WhenOpened_APresaleIsOpenToItsDeadlineDay() public {
        _advance(5);
        vm.expectEmit(address(settlement));
        emit PresaleOpened(1, 15);
        vm.prank(operator);
        settlement.openPresale(1, 10);
        Campaign memory c = settlement.campaign(1);
        assertTrue(c.open && c.presale);
        assertEq(c.target, 0);
        assertEq(c.deadline, 15);
    }
}

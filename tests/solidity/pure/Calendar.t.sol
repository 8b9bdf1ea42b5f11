// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Settlement} from "../../../contracts/Settlement.sol";
import {Calendar} from "../../../contracts/pure/Calendar.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice Days, months and years count from deployment, at midnight of the deployment's time zone
contract CalendarTest is SettlementFixture {
    function test_ADayBeginsAtLocalMidnight() public pure {
        assertEq(Calendar.day(16 hours - 1, 8 hours), 0);
        assertEq(Calendar.day(16 hours, 8 hours), 1);
        assertEq(Calendar.day(1 days + 5 hours - 1, -5 hours), 0);
        assertEq(Calendar.day(1 days + 5 hours, -5 hours), 1);
    }

    function test_AMonthHas30DaysAndAYear365() public pure {
        assertEq(Calendar.month(29), 0);
        assertEq(Calendar.month(30), 1);
        assertEq(Calendar.year(364), 0);
        assertEq(Calendar.year(365), 1);
        assertEq(Calendar.CLOSING, 15);
    }

    function test_TodayCountsFromTheDayOfDeployment() public {
        assertEq(settlement.today(), 0);
        assertEq(settlement.dayZero(), 20_000);
        assertEq(settlement.utcOffset(), 8 hours);
        vm.warp(20_000 days + 16 hours - 1);
        assertEq(settlement.today(), 0);
        vm.warp(20_000 days + 16 hours);
        assertEq(settlement.today(), 1);
        vm.warp(20_365 days);
        assertEq(settlement.today(), 365);
    }

    function test_WhenDeployedWestOfGreenwich_TheDayIsTheLocalOne() public {
        vm.warp(20_000 days + 4 hours);
        Settlement west = new Settlement(token, address(manager), -5 hours, _seed());
        assertEq(west.dayZero(), 19_999);
        assertEq(west.today(), 0);
        vm.warp(20_000 days + 5 hours);
        assertEq(west.today(), 1);
    }
}

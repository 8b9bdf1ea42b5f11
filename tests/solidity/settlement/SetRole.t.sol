// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice setRole
/// ├── when the caller is not the administrator → AccessManagedUnauthorized
/// ├── when more than one role, or an unknown one, is given → RolesNotApart
/// ├── when one role is given → the address has that one and no other, RolesChanged
/// └── when 0 is given → the address has none
contract SetRoleTest is SettlementFixture {
    function test_WhenTheCallerIsNotTheAdministrator_IsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, operator));
        vm.prank(operator);
        settlement.setRole(operator, 2);
    }

    function test_WhenNotExactlyOneKnownRoleIsGiven_RevertsWithRolesNotApart() public {
        uint256[6] memory wrong = [uint256(3), 5, 6, 15, 16, type(uint256).max];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(RolesNotApart.selector, anybody, wrong[i]));
            vm.prank(admin);
            settlement.setRole(anybody, wrong[i]);
        }
    }

    function test_WhenARoleIsGiven_ItReplacesTheOneBefore() public {
        for (uint256 role = 1; role <= 8; role *= 2) {
            vm.expectEmit(address(settlement));
            emit RolesChanged(anybody, role);
            vm.prank(admin);
            settlement.setRole(anybody, role);
            assertEq(settlement.roleOf(anybody), role);
        }
    }

    function test_WhenARoleIsTaken_ItsHolderCanNoLongerAct() public {
        vm.expectEmit(address(settlement));
        emit RolesChanged(operator, 0);
        vm.prank(admin);
        settlement.setRole(operator, 0);
        assertEq(settlement.roleOf(operator), 0);
        vm.expectRevert(abi.encodeWithSelector(MissingRole.selector, operator, 1));
        vm.prank(operator);
        settlement.certify(amy, true);
    }
}

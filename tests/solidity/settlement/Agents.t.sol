// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice certify, freeze, unfreeze
/// ├── when the number is nobody's, a supplier's or a store's → UnknownParticipant
/// ├── certify: when on → may sell across borders; when off → may not; CertificationChanged
/// ├── freeze: cannot sell, introduce, withdraw (asked for, signed or pushed) or take its deposit back; is still credited;
/// │   AgentFrozenBy
/// └── unfreeze: can do all that again; AgentUnfrozenBy; when it was not frozen nothing changes
contract AgentsTest is SettlementFixture {
    function test_WhenTheNumberIsNoAgents_RevertsWithUnknownParticipant() public {
        uint256[6] memory nobodies = [uint256(0), 1, supplier, store, 99, 2 ** 32];
        for (uint256 i = 0; i < nobodies.length; ++i) {
            bytes memory error_ = abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]);
            vm.expectRevert(error_);
            vm.prank(operator);
            settlement.certify(nobodies[i], true);
            vm.expectRevert(error_);
            vm.prank(riskOfficer);
            settlement.freeze(nobodies[i], "file");
            vm.expectRevert(error_);
            vm.prank(riskOfficer);
            settlement.unfreeze(nobodies[i]);
        }
    }

    function test_WhenCertified_MaySellAcrossBorders_UntilItIsTakenBack() public {
        vm.expectEmit(address(settlement));
        emit CertificationChanged(amy, true);
        vm.prank(operator);
        settlement.certify(amy, true);
        assertTrue(lens.participant(amy).certified);
        _record(_crossBorder(amy, 10_000));

        vm.expectEmit(address(settlement));
        emit CertificationChanged(amy, false);
        vm.prank(operator);
        settlement.certify(amy, false);
        assertFalse(lens.participant(amy).certified);
        _refuseOrder(abi.encodeWithSelector(NotCertified.selector, amy), _crossBorder(amy, 10_000));
    }

    function test_WhenFrozen_AgentFrozenByNamesTheOfficerAndTheReason() public {
        vm.expectEmit(address(settlement));
        emit AgentFrozenBy(amy, riskOfficer, "file");
        _freeze(amy);
        assertTrue(lens.participant(amy).frozen);
        vm.expectEmit(address(settlement));
        emit AgentUnfrozenBy(amy, riskOfficer);
        vm.prank(riskOfficer);
        settlement.unfreeze(amy);
        assertFalse(lens.participant(amy).frozen);
    }

    function test_WhenFrozen_CannotSellWithdrawOrTakeItsDepositBack() public {
        _sell(_retail(amy, 10_000));
        _endow(amy, 500);
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, 500);
        _freeze(amy);

        bytes memory error_ = abi.encodeWithSelector(AgentFrozen.selector, amy);
        _refuseOrder(error_, _retail(amy, 10_000));
        vm.startPrank(walletOf[amy]);
        vm.expectRevert(error_);
        settlement.withdraw(amy, 1);
        vm.expectRevert(error_);
        settlement.releaseDeposit(amy, 1);
        vm.stopPrank();

        vm.prank(riskOfficer);
        settlement.unfreeze(amy);
        vm.startPrank(walletOf[amy]);
        settlement.withdraw(amy, 2000);
        settlement.releaseDeposit(amy, 500);
        vm.stopPrank();
        _record(_retail(amy, 10_000));
    }

    function test_WhenFrozen_IsStillCredited() public {
        uint256 order = _record(_retail(amy, 10_000));
        _freeze(amy);
        _freeze(boss);
        _deliver(order);
        _advance(8);
        _settle(order);
        assertEq(_available(amy), 2000);
        assertEq(_available(boss), 800);
    }

    function test_WhenUnfrozenWithoutAFreeze_NothingChanges() public {
        bytes32 before = keccak256(abi.encode(lens.participant(amy), lens.account(amy)));
        vm.prank(riskOfficer);
        settlement.unfreeze(amy);
        assertEq(keccak256(abi.encode(lens.participant(amy), lens.account(amy))), before);
    }

    function test_FreezingAndCertifyingLeaveEachOtherAlone() public {
        vm.prank(operator);
        settlement.certify(amy, true);
        _freeze(amy);
        assertTrue(lens.participant(amy).certified && lens.participant(amy).frozen);
        vm.prank(riskOfficer);
        settlement.unfreeze(amy);
        assertTrue(lens.participant(amy).certified);
    }

    function _freeze(uint256 agent) private {
        vm.prank(riskOfficer);
        settlement.freeze(agent, "file");
    }
}

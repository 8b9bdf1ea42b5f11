// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice protectRegion, releaseRegion
/// ├── protect
/// │   ├── when the holder is no agent → UnknownParticipant
/// │   ├── when its tier is below silver → TierTooLow, also where the region is taken or not its own
/// │   ├── when the region is protected → RegionTaken, also where it is not its own
/// │   ├── when the region is not its own, or 0 → RegionMismatch
/// │   └── else it holds the region, RegionProtected
/// └── release
///     ├── when nobody protects the region → RegionFree
///     └── else nobody does, RegionReleased, and it can be protected again
contract RegionsTest is SettlementFixture {
    uint256 private silver;

    function setUp() public override {
        super.setUp();
        PlanParameters memory p = _seed();
        p.silverTeam = 1;
        _publish(p);
        silver = _silver(310_000);
    }

    function test_WhenTheHolderIsNoAgent_RevertsWithUnknownParticipant() public {
        uint256[5] memory nobodies = [uint256(0), supplier, store, 99, 2 ** 32];
        for (uint256 i = 0; i < nobodies.length; ++i) {
            _refuse(310_000, nobodies[i], abi.encodeWithSelector(UnknownParticipant.selector, nobodies[i]));
        }
    }

    function test_WhenItsTierIsBelowSilver_RevertsWithTierTooLow() public {
        bytes memory error_ = abi.encodeWithSelector(TierTooLow.selector, amy, 0);
        _refuse(310_000, amy, error_);
        _refuse(0, amy, error_);
        _refuse(440_300, amy, error_);
        _protect(310_000, silver);
        _refuse(310_000, amy, error_);
    }

    function test_WhenItsTierIsBronze_RevertsWithTierTooLow() public {
        PlanParameters memory p = _seed();
        p.bronzeDirects = 1;
        _publish(p);
        uint256 bronze = _silver(440_300);
        assertEq(lens.participant(bronze).tier, "bronze");
        _refuse(440_300, bronze, abi.encodeWithSelector(TierTooLow.selector, bronze, 1));
    }

    function test_WhenTheRegionIsProtected_RevertsWithRegionTaken() public {
        _protect(310_000, silver);
        bytes memory error_ = abi.encodeWithSelector(RegionTaken.selector, 310_000, silver);
        _refuse(310_000, silver, error_);
        _refuse(310_000, _silver(310_000), error_);
        _refuse(310_000, _silver(440_300), error_);
    }

    function test_WhenTheRegionIsNotItsOwn_RevertsWithRegionMismatch() public {
        _refuse(440_300, silver, abi.encodeWithSelector(RegionMismatch.selector, silver, 440_300));
        _refuse(0, silver, abi.encodeWithSelector(RegionMismatch.selector, silver, 0));
        uint256 nowhere = _silver(0);
        _refuse(0, nowhere, abi.encodeWithSelector(RegionMismatch.selector, nowhere, 0));
    }

    function test_WhenFreeAndItsOwn_IsProtected() public {
        vm.expectEmit(address(settlement));
        emit RegionProtected(310_000, silver);
        _protect(310_000, silver);
        assertEq(settlement.holderOf(310_000), silver);
    }

    function test_WhenNobodyProtectsTheRegion_RevertsWithRegionFree() public {
        uint256[2] memory free = [uint256(0), 310_000];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(RegionFree.selector, free[i]));
            vm.prank(operator);
            settlement.releaseRegion(free[i]);
        }
    }

    function test_WhenReleased_AnotherCanProtectTheRegion() public {
        _protect(310_000, silver);
        vm.expectEmit(address(settlement));
        emit RegionReleased(310_000, silver);
        vm.prank(operator);
        settlement.releaseRegion(310_000);
        assertEq(settlement.holderOf(310_000), 0);
        uint256 next = _silver(310_000);
        _protect(310_000, next);
        assertEq(settlement.holderOf(310_000), next);
    }

    /// @dev A founder whose direct has sold.
    function _silver(uint256 region) private returns (uint256 agent) {
        agent = _founder(region);
        _sell(_retail(_member(agent, 0), 10_000));
    }

    function _protect(uint256 region, uint256 holder) private {
        vm.prank(operator);
        settlement.protectRegion(region, holder);
    }

    function _refuse(uint256 region, uint256 holder, bytes memory error_) private {
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.protectRegion(region, holder);
    }
}

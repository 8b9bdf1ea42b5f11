// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @title What the tests of refunds after settlement share
abstract contract RefundFixture is SettlementFixture {
    /// @dev A silver founder who protects region 440 300.
    function _holder() internal returns (uint256 holder) {
        PlanParameters memory p = _seed();
        p.silverTeam = 1;
        _publish(p);
        holder = _founder(440_300);
        _sell(_retail(_member(holder, 0), 12_800));
        vm.prank(operator);
        settlement.protectRegion(440_300, holder);
    }

    function _refuse(uint256 order, uint256 amount, bytes memory error_) internal {
        ProvedOrder memory proved = _prove(order);
        vm.expectRevert(error_);
        vm.prank(operator);
        settlement.refund(proved.order, 0, amount, proved.deliveries, proved.proof);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {GUARDIAN, OPERATOR, RISK, TREASURER} from "../../../contracts/types/Roles.sol";
import {Comparisons} from "./Comparisons.sol";

/// @title All steps of a random history: every function of the settlement contract that changes anything, and time
contract Steps is Comparisons {
    struct Step {
        string name;
        bytes4 selector;
    }

    Step[] private _steps;

    function setUp() public override {
        super.setUp();
        _name();
    }

    // ---- rules, roles, pauses, time ----

    function publishPlan(uint256 seed, uint256 which) external kept {
        PlanParameters memory p = _randomPlan(seed);
        if (_anything(which)) p.returnDays = which % 8;
        _publish(p);
        _keepPlan();
    }

    function setRole(uint256 seed, uint256 role) external kept {
        address holder = [makeAddr("one"), makeAddr("two")][seed % 2];
        role = _anything(seed) ? role : [uint256(0), OPERATOR, RISK, TREASURER, GUARDIAN][role % 5];
        vm.prank(admin);
        settlement.setRole(holder, role);
    }

    /// @dev Three pauses of four are short, or little else would succeed.
    function pause(uint256 seed, uint256 parts) external kept {
        vm.prank(guardian);
        settlement.pause(parts);
        if (seed % 4 == 0) return;
        vm.prank(admin);
        settlement.unpause(7);
    }

    function unpause(uint256 seed, uint256 parts) external kept {
        vm.prank(admin);
        settlement.unpause(seed % 4 == 0 ? parts : 7);
    }

    function dayPasses(uint256 seed, uint256) external {
        _advance(1 + seed % 3);
    }

    function windowPasses(uint256 seed, uint256) external {
        _advance(7 + seed % 8);
    }

    function seasonPasses(uint256 seed, uint256) external {
        _advance(seed % 4 == 0 ? 30 + _draw(seed, 1) % 90 : 1);
    }

    // ---- what drives the steps ----

    function steps() external view returns (Step[] memory) {
        return _steps;
    }

    function selectors() external view returns (bytes4[] memory list) {
        list = new bytes4[](_steps.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _steps[i].selector;
        }
    }

    /// @notice A random history of some steps, with orders to settle at its end, and nothing paused.
    function live(uint256 seed) external {
        for (uint256 i = 0; i < 24; ++i) {
            _try(_steps[_draw(seed, i) % _steps.length].selector, _draw(seed, 100 + i));
        }
        for (uint256 i = 0; i < 3; ++i) {
            _try(this.recordMixed.selector, _draw(seed, 200 + i));
            _try(this.deliver.selector, _draw(seed, 300 + i));
        }
        _try(this.unpause.selector, 1);
        _try(this.windowPasses.selector, 7);
    }

    /// @dev A step that the contract refuses changes nothing, and is as good as none.
    function _try(bytes4 step, uint256 seed) private {
        (bool success,) = address(this).call(abi.encodeWithSelector(step, seed, _draw(seed, 1)));
        if (!success) return;
    }

    function _name() private {
        _step("joinFounder", this.joinFounder.selector);
        _step("join", this.join.selector);
        _step("registerSupplier", this.registerSupplier.selector);
        _step("registerStore", this.registerStore.selector);
        _step("changeWallet", this.changeWallet.selector);
        _step("certify", this.certify.selector);
        _step("freeze", this.freeze.selector);
        _step("unfreeze", this.unfreeze.selector);
        _step("protectRegion", this.protectRegion.selector);
        _step("releaseRegion", this.releaseRegion.selector);
        _step("openGroupBuy", this.openGroupBuy.selector);
        _step("openPresale", this.openPresale.selector);
        _step("recordOrders, retail", this.recordRetail.selector);
        _step("recordOrders, campaign", this.recordCampaign.selector);
        _step("recordOrders, store", this.recordStore.selector);
        _step("recordOrders, cross-border", this.recordCrossBorder.selector);
        _step("recordOrders, mixed", this.recordMixed.selector);
        _step("record, deliver, settle", this.sell.selector);
        _step("deliver", this.deliver.selector);
        _step("payBalance", this.payBalance.selector);
        _step("settle", this.settle.selector);
        _step("voidOrders", this.voidOrders.selector);
        _step("refund before settlement", this.refundOpen.selector);
        _step("refund after settlement", this.refundSettled.selector);
        _step("hold", this.hold.selector);
        _step("release", this.release.selector);
        _step("compensate", this.compensate.selector);
        _step("claimInsurance", this.claimInsurance.selector);
        _nameMoney();
    }

    function _nameMoney() private {
        _step("fund", this.fund.selector);
        _step("(tokens sent unasked)", this.donate.selector);
        _step("deposit", this.deposit.selector);
        _step("releaseDeposit", this.releaseDeposit.selector);
        _step("slash", this.slash.selector);
        _step("withdraw", this.withdraw.selector);
        _step("withdraw, the brand's", this.withdrawBrand.selector);
        _step("withdrawFor", this.withdrawFor.selector);
        _step("pushWithdrawals", this.pushWithdrawals.selector);
        _step("closeMonth", this.closeMonth.selector);
        _step("closeYear", this.closeYear.selector);
        _step("claimSupport", this.claimSupport.selector);
        _step("claimDividend", this.claimDividend.selector);
        _step("publishPlan", this.publishPlan.selector);
        _step("setRole", this.setRole.selector);
        _step("pause", this.pause.selector);
        _step("unpause", this.unpause.selector);
        _step("(a day or more passes)", this.dayPasses.selector);
        _step("(a return window passes)", this.windowPasses.selector);
        _step("(a season passes)", this.seasonPasses.selector);
    }

    function _step(string memory name, bytes4 selector) private {
        _steps.push(Step(name, selector));
    }

    function _randomPlan(uint256 seed) private pure returns (PlanParameters memory p) {
        p = _seed();
        uint256 rate = _draw(seed, 1) % 3000;
        for (uint256 i = 0; i < 5; ++i) {
            p.tierBps[i] = rate;
            rate += _draw(seed, 10 + i) % 1500;
        }
        p.bronzeDirects = 1;
        (p.silverTeam, p.goldTeam, p.diamondTeam) = (2, 3, 4);
        (p.teamBps, p.capBps) = (_draw(seed, 2) % 2000, _draw(seed, 3) % 10_001);
        (p.fundBps, p.dividendBps) = (_draw(seed, 4) % 10_001, _draw(seed, 5) % 10_001);
        (p.regionBps, p.hostBps, p.guideBps) =
            (_draw(seed, 6) % 1000, _draw(seed, 7) % 10_001, _draw(seed, 8) % 10_001);
        (p.serviceBps, p.holdbackBps) = (_draw(seed, 9) % 2000, _draw(seed, 20) % 10_001);
        (p.insuranceBps, p.dividendShareCapBps) = (_draw(seed, 21) % 10_001, _draw(seed, 22) % 10_001);
        (p.returnDays, p.promotionDirects) = (7 + _draw(seed, 23) % 4, 1 + _draw(seed, 24) % 3);
        (p.activityPrice, p.refundDays) = (_draw(seed, 25) % 20_000, _draw(seed, 26) % 300);
        p.depositLockDays = _draw(seed, 27) % 40;
    }
}

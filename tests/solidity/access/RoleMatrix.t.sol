// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Settlement} from "../../../contracts/Settlement.sol";
import {OrderInput} from "../../../contracts/SettlementLens.sol";
import {Delivery} from "../../../contracts/logic/OrderCare.sol";
import {PlanParameters} from "../../../contracts/types/Plan.sol";
import {Consents} from "../Consents.sol";
import {ProvedOrder} from "../OrderJournal.sol";
import {SettlementFixture} from "../SettlementFixture.sol";

/// @notice Who may call what: every function that can change something, by every kind of caller
/// ├── when the caller may → the call succeeds (publishPlan: once it was scheduled)
/// ├── when the caller may not → MissingRole, AccessManagedUnauthorized or NotAccountOwner, naming the caller
/// └── the table lists exactly the functions that the contract's ABI says can change something; the lens has none
contract RoleMatrixTest is SettlementFixture {
    /// @dev Bits of callers.
    uint256 private constant NOBODY = 1;
    uint256 private constant OPERATOR_ = 2;
    uint256 private constant RISK_ = 4;
    uint256 private constant TREASURER_ = 8;
    uint256 private constant GUARDIAN_ = 16;
    uint256 private constant PLANNER = 32;
    uint256 private constant ADMIN_ = 64;
    uint256 private constant AGENT_ = 128;
    uint256 private constant EVERYBODY = 255;
    uint256 private constant CALLERS = 8;

    /// @param refusal The error that the others get; `subject` is the role that they lack or the account that is not theirs.
    struct Row {
        string name;
        bytes call;
        uint256 allowed;
        bytes4 refusal;
        uint256 subject;
    }

    Row[] private rows;
    address private joining;
    address private next;

    /// @dev A state in which every step of the table can be taken.
    function setUp() public override {
        super.setUp();
        PlanParameters memory p = _seed();
        (p.silverTeam, p.diamondTeam, p.promotionDirects) = (1, 2, 9);
        _publish(p);
        vm.startPrank(operator);
        settlement.certify(amy, true);
        settlement.openPresale(1, 60_000);
        vm.stopPrank();
        uint256 insured = _sell(_crossBorder(amy, 12_800));
        uint256 holder = _founder(440_300);
        _sell(_retail(_member(holder, 0), 10_000));
        uint256 other = _founder(110_000);
        _sell(_retail(_member(other, 0), 10_000));
        _sell(_retail(_member(boss, 0), 10_000));
        _sell(_retail(boss, 10_000));
        _endow(amy, 10_000);
        vm.prank(walletOf[amy]);
        settlement.deposit(amy, 1_000);
        vm.prank(riskOfficer);
        settlement.slash(amy, 100, "file");
        vm.prank(operator);
        settlement.protectRegion(110_000, other);
        uint256 old = _record(_retail(amy, 10_000));
        uint256 presale = _record(_campaign(amy, boss, 1, 10_000));
        _advance(800);
        settlement.closeMonth(0);
        settlement.closeYear(0);
        _advance(15);
        uint256 due = _record(_retail(amy, 10_000));
        _deliver(due);
        _advance(8);
        uint256 held = _record(_retail(amy, 10_000));
        _hold(held);
        (joining, next) = (_wallet(), _wallet());
        for (uint256 i = 0; i < CALLERS; ++i) {
            token.mint(_caller(i), 100);
            vm.prank(_caller(i));
            token.approve(address(settlement), type(uint256).max);
        }
        _listRules();
        _listPeople(holder);
        _listOrders(old, presale, due, held);
        _listMoney(insured);
    }

    function test_WhoMayCallWhat() public {
        for (uint256 i = 0; i < rows.length; ++i) {
            for (uint256 c = 0; c < CALLERS; ++c) {
                uint256 snapshot = vm.snapshotState();
                _assertCall(rows[i], c);
                vm.revertToState(snapshot);
            }
        }
    }

    function test_TheTableListsEveryFunctionThatCanChangeSomething() public view {
        string memory json = _artifact("Settlement");
        uint256 found;
        for (uint256 i = 0; _entry(json, i); ++i) {
            if (!_mutates(json, i)) continue;
            ++found;
            string memory name = vm.parseJsonString(json, _path(i, "name"));
            assertTrue(_isListed(name), string.concat("not in the role matrix: ", name));
        }
        assertEq(found, _namesListed(), "the matrix lists a function that is none");
        assertGt(found, 30);
    }

    function test_TheLensCanChangeNothing() public view {
        string memory json = _artifact("SettlementLens");
        uint256 seen;
        for (uint256 i = 0; _entry(json, i); ++i) {
            assertFalse(_mutates(json, i), vm.parseJsonString(json, _path(0, "type")));
            ++seen;
        }
        assertGt(seen, 8);
    }

    function test_NobodyCanSendEther() public {
        vm.deal(address(this), 1 ether);
        (bool ok,) = address(settlement).call{value: 1}("");
        assertFalse(ok);
        (ok,) = address(settlement).call{value: 1}(abi.encodeCall(Settlement.closeMonth, (1)));
        assertFalse(ok);
    }

    // ---- the table ----

    function _listRules() private {
        _managed("publishPlan", abi.encodeCall(Settlement.publishPlan, (_seed())), PLANNER);
        _managed("setRole", abi.encodeCall(Settlement.setRole, (address(1), 1)), ADMIN_);
        _managed("unpause", abi.encodeCall(Settlement.unpause, (7)), ADMIN_);
        _managed("setAuthority", abi.encodeCall(IAccessManaged.setAuthority, (address(token))), 0);
        _role("pause", abi.encodeCall(Settlement.pause, (7)), GUARDIAN_, 8);
    }

    function _listPeople(uint256 holder) private {
        bytes memory consent = _sign(joining, Consents.join(_domain(), joining, boss, 0, LATER));
        _open("join", abi.encodeCall(Settlement.join, (joining, boss, 0, LATER, consent)));
        consent = _sign(next, Consents.takeOver(_domain(), amy, next, LATER));
        _owner("changeWallet", abi.encodeCall(Settlement.changeWallet, (amy, next, LATER, consent)));
        _role("registerSupplier", abi.encodeCall(Settlement.registerSupplier, (joining)), OPERATOR_, 1);
        _role("registerStore", abi.encodeCall(Settlement.registerStore, (joining)), OPERATOR_, 1);
        _role("joinFounder", abi.encodeCall(Settlement.joinFounder, (joining, 1)), OPERATOR_, 1);
        _role("certify", abi.encodeCall(Settlement.certify, (amy, false)), OPERATOR_, 1);
        _role("freeze", abi.encodeCall(Settlement.freeze, (amy, "file")), RISK_, 2);
        _role("unfreeze", abi.encodeCall(Settlement.unfreeze, (amy)), RISK_, 2);
        _role("protectRegion", abi.encodeCall(Settlement.protectRegion, (440_300, holder)), OPERATOR_, 1);
        _role("releaseRegion", abi.encodeCall(Settlement.releaseRegion, (110_000)), OPERATOR_, 1);
    }

    function _listOrders(uint256 old, uint256 presale, uint256 due, uint256 held) private {
        OrderInput[] memory one = new OrderInput[](1);
        one[0] = _retail(amy, 10_000);
        _role("openGroupBuy", abi.encodeCall(Settlement.openGroupBuy, (9, 1, 1)), OPERATOR_, 1);
        _role("openPresale", abi.encodeCall(Settlement.openPresale, (9, 1)), OPERATOR_, 1);
        _role("recordOrders", abi.encodeCall(Settlement.recordOrders, (_nextOrder(), _words(one))), OPERATOR_, 1);
        Delivery[] memory batches = _deliveries(_list(presale), settlement.today());
        _role("deliver", abi.encodeCall(Settlement.deliver, (batches)), OPERATOR_, 1);
        ProvedOrder memory p = _prove(presale);
        _role("payBalance", abi.encodeCall(Settlement.payBalance, (p.order, p.deliveries, p.proof)), OPERATOR_, 1);
        _open("settle", abi.encodeCall(Settlement.settle, (_select(_list(due)))));
        _open("voidOrders", abi.encodeCall(Settlement.voidOrders, (_select(_list(old)))));
        p = _prove(due);
        _role("refund", abi.encodeCall(Settlement.refund, (p.order, 0, 1, p.deliveries, p.proof)), OPERATOR_, 1);
        _role("hold", abi.encodeCall(Settlement.hold, (due, "reason")), OPERATOR_ | RISK_, 3);
        _role("release", abi.encodeCall(Settlement.release, (held)), RISK_, 2);
    }

    function _listMoney(uint256 insured) private {
        _open("closeMonth", abi.encodeCall(Settlement.closeMonth, (1)));
        _open("closeYear", abi.encodeCall(Settlement.closeYear, (1)));
        _open("claimSupport", abi.encodeCall(Settlement.claimSupport, (0, _list(amy))));
        _open("claimDividend", abi.encodeCall(Settlement.claimDividend, (0, _list(boss))));
        _open("fund", abi.encodeCall(Settlement.fund, (1)));
        _owner("deposit", abi.encodeCall(Settlement.deposit, (amy, 1)));
        _owner("releaseDeposit", abi.encodeCall(Settlement.releaseDeposit, (amy, 1)));
        _role("slash", abi.encodeCall(Settlement.slash, (amy, 1, "file")), RISK_, 2);
        ProvedOrder memory p = _prove(insured);
        bytes memory call = abi.encodeCall(Settlement.compensate, (p.order, 1, p.deliveries, p.proof));
        _role("compensate", call, OPERATOR_, 1);
        call = abi.encodeCall(Settlement.claimInsurance, (p.order, 10, p.deliveries, p.proof));
        _role("claimInsurance", call, OPERATOR_, 1);
        _owner("withdraw", abi.encodeCall(Settlement.withdraw, (amy, 1)));
        uint256[4] memory brand = [uint256(1), 2, 3, 6];
        for (uint256 i = 0; i < 4; ++i) {
            _role("withdraw", abi.encodeCall(Settlement.withdraw, (brand[i], 1)), TREASURER_, 4);
        }
        bytes memory consent = _sign(walletOf[amy], Consents.withdrawal(_domain(), amy, 1, 0, LATER));
        _open("withdrawFor", abi.encodeCall(Settlement.withdrawFor, (amy, 1, LATER, consent)));
        _role("pushWithdrawals", abi.encodeCall(Settlement.pushWithdrawals, (_list(amy))), TREASURER_, 4);
    }

    // ---- rows ----

    function _open(string memory name, bytes memory call) private {
        rows.push(Row(name, call, EVERYBODY, 0, 0));
    }

    function _role(string memory name, bytes memory call, uint256 allowed, uint256 role) private {
        rows.push(Row(name, call, allowed, MissingRole.selector, role));
    }

    function _owner(string memory name, bytes memory call) private {
        rows.push(Row(name, call, AGENT_, NotAccountOwner.selector, amy));
    }

    function _managed(string memory name, bytes memory call, uint256 allowed) private {
        rows.push(Row(name, call, allowed, IAccessManaged.AccessManagedUnauthorized.selector, 0));
    }

    function _caller(uint256 i) private view returns (address) {
        address[8] memory callers =
            [anybody, operator, riskOfficer, treasurer, guardian, planAdmin, admin, walletOf[amy]];
        return callers[i];
    }

    function _assertCall(Row memory row, uint256 caller) private {
        string memory what = string.concat(row.name, " by ", vm.getLabel(_caller(caller)));
        vm.prank(_caller(caller));
        (bool ok, bytes memory answer) = address(settlement).call(row.call);
        if (row.allowed & (1 << caller) == 0) {
            assertFalse(ok, what);
            assertEq(answer, _refusalOf(row, _caller(caller)), what);
        } else if (row.allowed == PLANNER) {
            bytes32 id = manager.hashOperation(planAdmin, address(settlement), row.call);
            assertEq(answer, abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, id), what);
        } else {
            assertTrue(ok, string.concat(what, ": ", vm.toString(answer)));
        }
    }

    function _refusalOf(Row memory row, address caller) private pure returns (bytes memory) {
        if (row.refusal == MissingRole.selector) return abi.encodeWithSelector(row.refusal, caller, row.subject);
        if (row.refusal == NotAccountOwner.selector) return abi.encodeWithSelector(row.refusal, row.subject, caller);
        return abi.encodeWithSelector(row.refusal, caller);
    }

    // ---- the ABI ----

    function _artifact(string memory name) private view returns (string memory) {
        bool quick = keccak256(bytes(vm.envOr("FOUNDRY_PROFILE", string("")))) == keccak256("quick");
        return vm.readFile(string.concat(quick ? "cache/quick/out/" : "out/", name, ".sol/", name, ".json"));
    }

    function _path(uint256 i, string memory key) private pure returns (string memory) {
        return string.concat(".abi[", vm.toString(i), "].", key);
    }

    function _entry(string memory json, uint256 i) private view returns (bool) {
        return vm.keyExistsJson(json, _path(i, "type"));
    }

    function _mutates(string memory json, uint256 i) private pure returns (bool) {
        bytes32 kind = keccak256(bytes(vm.parseJsonString(json, _path(i, "type"))));
        if (kind == keccak256("fallback") || kind == keccak256("receive")) return true;
        if (kind != keccak256("function")) return false;
        bytes32 mutability = keccak256(bytes(vm.parseJsonString(json, _path(i, "stateMutability"))));
        return mutability != keccak256("view") && mutability != keccak256("pure");
    }

    function _isListed(string memory name) private view returns (bool) {
        for (uint256 i = 0; i < rows.length; ++i) {
            if (keccak256(bytes(rows[i].name)) == keccak256(bytes(name))) return true;
        }
        return false;
    }

    /// @dev How many names the table has; the rows of one function stand together.
    function _namesListed() private view returns (uint256 count) {
        for (uint256 i = 0; i < rows.length; ++i) {
            if (i == 0 || keccak256(bytes(rows[i].name)) != keccak256(bytes(rows[i - 1].name))) ++count;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {ISettlementEvents} from "../../../contracts/interfaces/ISettlementEvents.sol";
import {DUTY, FEES, INSURANCE, PLATFORM, PROTECTION, TREASURY} from "../../../contracts/types/Accounts.sol";
import {LINES, Line} from "./RulesSplit.sol";

/// @title A second set of books, kept from the events alone, as an auditor would
/// @notice What each order paid on each line, what each account has been given in all, what the pools hold, what tokens came
/// and went, and how often each order was recorded and settled. The invariants hold it against the contract's own books.
abstract contract EventLedger is ISettlementEvents {
    /// @dev Credits less debits of an account: available + deposit − debt on chain. Minor units.
    mapping(uint256 account => int256) internal position;
    mapping(uint256 order => int256[LINES]) internal paid;
    mapping(uint256 account => uint256) internal withdrawnBy;
    mapping(uint256 order => uint256) internal timesRecorded;
    mapping(uint256 order => uint256) internal timesSettled;
    mapping(uint256 order => uint256) internal timesDropped;
    mapping(uint256 order => uint256) internal insurancePaid;
    int256 internal supportPool;
    int256 internal dividendPool;
    uint256 internal tokensIn;
    uint256 internal tokensOut;

    /// @dev The first thing that went wrong in the books; a step that finds a fault must not revert, for then nobody would know.
    string internal fault;

    /// @dev Whom the terms of an order name for a line; 0 for pools.
    function _payeeOf(uint256 order, Line line) internal view virtual returns (uint256);

    /// @dev The price of an order, and what is to be looked at when it settles.
    function _priceOf(uint256 order) internal view virtual returns (uint256);
    function _whenSettled(uint256 order) internal virtual;

    /// @dev Enters the events of one transaction. Events of other contracts are passed over.
    function _enter(Vm.Log[] memory logs, address settlement) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != settlement) continue;
            bytes32 kind = logs[i].topics[0];
            if (!_enterOrder(kind, logs[i]) && !_enterRefund(kind, logs[i])) _enterMoney(kind, logs[i]);
        }
    }

    function _enterOrder(bytes32 kind, Vm.Log memory log) private returns (bool) {
        if (
            kind == RetailOrderRecorded.selector || kind == CampaignOrderRecorded.selector
                || kind == StoreOrderRecorded.selector || kind == CrossBorderOrderRecorded.selector
        ) {
            ++timesRecorded[uint256(log.topics[1])];
        } else if (kind == OrderSettled.selector) {
            (, uint256 fees, uint256 fund, uint256 dividend, uint256 platform) =
                abi.decode(log.data, (uint256, uint256, uint256, uint256, uint256));
            uint256 order = uint256(log.topics[1]);
            ++timesSettled[order];
            _whenSettled(order);
            _post(order, Line.Fees, FEES, fees);
            _post(order, Line.Platform, PLATFORM, platform);
            _postToPool(order, Line.Fund, int256(fund));
            _postToPool(order, Line.Dividend, int256(dividend));
        } else if (kind == DutyAndInsurancePaid.selector) {
            (uint256 duty, uint256 insurance) = abi.decode(log.data, (uint256, uint256));
            _post(uint256(log.topics[1]), Line.Duty, DUTY, duty);
            _post(uint256(log.topics[1]), Line.Insurance, INSURANCE, insurance);
        } else if (kind == ServicePaid.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            _post(uint256(log.topics[1]), Line.Service, uint256(log.topics[2]), amount);
        } else {
            (bool found, Line line) = _lineOfPayment(kind);
            if (!found) return false;
            _post(uint256(log.topics[1]), line, uint256(log.topics[2]), abi.decode(log.data, (uint256)));
        }
        return true;
    }

    function _enterRefund(bytes32 kind, Vm.Log memory log) private returns (bool) {
        if (kind == LineTakenBack.selector) {
            (string memory name, uint256 amount,) = abi.decode(log.data, (string, uint256, uint256));
            _postRefund(uint256(log.topics[1]), _lineNamed(name), uint256(log.topics[2]), -int256(amount));
        } else if (kind == LineAdded.selector) {
            (string memory name, uint256 amount) = abi.decode(log.data, (string, uint256));
            _postRefund(uint256(log.topics[1]), _lineNamed(name), uint256(log.topics[2]), int256(amount));
        } else if (kind == PoolTakenBack.selector) {
            (string memory name, uint256 amount) = abi.decode(log.data, (string, uint256));
            _postToPool(uint256(log.topics[1]), _lineNamed(name), -int256(amount));
        } else if (kind == PoolAdded.selector) {
            (string memory name, uint256 amount) = abi.decode(log.data, (string, uint256));
            _postToPool(uint256(log.topics[1]), _lineNamed(name), int256(amount));
        } else if (kind == OrderVoided.selector) {
            ++timesDropped[uint256(log.topics[1])];
        } else if (kind == OrderRefunded.selector) {
            uint256 order = uint256(log.topics[1]);
            (, uint256 refunded,, bool settled) = abi.decode(log.data, (uint256, uint256, bytes32, bool));
            if (!settled && refunded == _priceOf(order)) ++timesDropped[order];
        } else {
            return false;
        }
        return true;
    }

    function _enterMoney(bytes32 kind, Vm.Log memory log) private {
        if (kind == TreasuryFunded.selector) {
            tokensIn += abi.decode(log.data, (uint256));
        } else if (kind == DepositPaid.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            tokensIn += amount;
            position[uint256(log.topics[1])] += int256(amount);
        } else if (kind == Withdrawn.selector) {
            uint256 account = uint256(log.topics[1]);
            uint256 amount = abi.decode(log.data, (uint256));
            tokensOut += amount;
            if (account == TREASURY) return;
            withdrawnBy[account] += amount;
            position[account] -= int256(amount);
        } else if (kind == DepositReleased.selector) {
            uint256 amount = abi.decode(log.data, (uint256));
            tokensOut += amount;
            position[uint256(log.topics[1])] -= int256(amount);
        } else if (kind == DepositSlashed.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, bytes32));
            position[uint256(log.topics[1])] -= int256(amount);
            position[PROTECTION] += int256(amount);
        } else if (kind == BuyerCompensated.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            position[PROTECTION] -= int256(amount);
        } else if (kind == InsurancePaid.selector) {
            (, uint256 amount) = abi.decode(log.data, (uint256, uint256));
            ++insurancePaid[uint256(log.topics[1])];
            position[INSURANCE] -= int256(amount);
            position[uint256(log.topics[2])] += int256(amount);
        } else if (kind == SupportClaimed.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            supportPool -= int256(amount);
            position[uint256(log.topics[2])] += int256(amount);
        } else if (kind == DividendClaimed.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            dividendPool -= int256(amount);
            position[uint256(log.topics[2])] += int256(amount);
        }
    }

    function _fail(string memory what) internal {
        if (bytes(fault).length == 0) fault = what;
    }

    function _post(uint256 order, Line line, uint256 account, uint256 amount) private {
        if (amount == 0) return;
        if (account != _payeeOf(order, line)) _fail("paid to somebody whom the terms do not name");
        paid[order][uint256(line)] += int256(amount);
        position[account] += int256(amount);
    }

    /// @dev What a pool lacked of its line is taken from the platform.
    function _postRefund(uint256 order, Line line, uint256 account, int256 amount) private {
        bool ofPool = line == Line.Fund || line == Line.Dividend;
        if (account != (ofPool ? PLATFORM : _payeeOf(order, line))) {
            _fail("taken from somebody whom the terms do not name");
        }
        paid[order][uint256(line)] += amount;
        position[account] += amount;
    }

    function _postToPool(uint256 order, Line line, int256 amount) private {
        if (line != Line.Fund && line != Line.Dividend) _fail("a pool was given a line that is not a pool's");
        paid[order][uint256(line)] += amount;
        if (line == Line.Fund) supportPool += amount;
        else dividendPool += amount;
    }

    function _lineOfPayment(bytes32 kind) private pure returns (bool found, Line line) {
        if (kind == SupplyPaid.selector) return (true, Line.Supply);
        if (kind == DirectPaid.selector) return (true, Line.Direct);
        if (kind == RegionPaid.selector) return (true, Line.Region);
        if (kind == HostPaid.selector) return (true, Line.Host);
        if (kind == GuidePaid.selector) return (true, Line.Guide);
        if (kind == StorePaid.selector) return (true, Line.Store);
        if (kind == TeamPaid.selector) return (true, Line.Team);
    }

    function _lineNamed(string memory name) private pure returns (Line) {
        string[LINES] memory names = [
            "supply",
            "fees",
            "duty",
            "insurance",
            "service",
            "direct",
            "region",
            "host",
            "guide",
            "store",
            "team",
            "fund",
            "dividend",
            "platform"
        ];
        for (uint256 i = 0; i < LINES; ++i) {
            if (keccak256(bytes(names[i])) == keccak256(bytes(name))) return Line(i);
        }
        revert(string.concat("no such line: ", name));
    }
}

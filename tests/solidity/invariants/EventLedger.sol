// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {ISettlementEvents} from "../../../contracts/interfaces/ISettlementEvents.sol";
import {DUTY, FEES, INSURANCE, PLATFORM, PROTECTION, TREASURY} from "../../../contracts/types/Accounts.sol";
import {Line} from "./RulesSplit.sol";

/// @title A second set of books, kept from the events alone, as an auditor would
/// @notice What each order paid to each payee, what all orders paid to the brand's accounts and into the pools, what each account
/// has been given in all, what tokens came and went, and how often each order was recorded, delivered, settled and dropped. The
/// invariants hold it against the contract's own books, and against the split as the rules write it down.
abstract contract EventLedger is ISettlementEvents {
    /// @dev Credits less debits of an account: available + deposit − debt on chain. Minor units.
    mapping(uint256 account => int256) internal position;
    mapping(uint256 order => mapping(uint256 account => int256)) internal paid;
    /// @dev Of the brand's lines, which are told in sum: what all orders together paid on a line.
    mapping(Line => int256) internal brandLines;
    mapping(uint256 account => uint256) internal withdrawnBy;
    mapping(uint256 order => uint256) internal timesRecorded;
    mapping(uint256 order => uint256) internal timesDelivered;
    mapping(uint256 order => uint256) internal dayOfDelivery;
    mapping(uint256 order => uint256) internal timesSettled;
    mapping(uint256 order => uint256) internal timesDropped;
    mapping(uint256 order => uint256) internal refundedOf;
    mapping(uint256 order => uint256) internal insurancePaid;
    int256 internal pools;
    uint256 internal tokensIn;
    uint256 internal tokensOut;

    /// @dev The first thing that went wrong in the books; a step that finds a fault must not revert, for then nobody would know.
    string internal fault;

    /// @dev Whom the terms of an order name for a line.
    function _payeeOf(uint256 order, Line line) internal view virtual returns (uint256);

    /// @dev The price of an order, and what is to be looked at when it settles.
    function _priceOf(uint256 order) internal view virtual returns (uint256);
    function _whenSettled(uint256 order) internal virtual;

    function _fail(string memory what) internal {
        if (bytes(fault).length == 0) fault = what;
    }

    /// @dev Enters the events of one transaction. Events of other contracts are passed over.
    function _enter(Vm.Log[] memory logs, address settlement) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != settlement) continue;
            bytes32 kind = logs[i].topics[0];
            if (!_enterOrder(kind, logs[i]) && !_enterBrand(kind, logs[i])) _enterMoney(kind, logs[i]);
        }
    }

    function _enterOrder(bytes32 kind, Vm.Log memory log) private returns (bool) {
        if (
            kind == RetailOrderRecorded.selector || kind == CampaignOrderRecorded.selector
                || kind == StoreOrderRecorded.selector || kind == CrossBorderOrderRecorded.selector
        ) {
            ++timesRecorded[uint256(log.topics[1])];
        } else if (kind == OrdersDelivered.selector) {
            _enterDelivered(uint256(log.topics[1]), uint256(log.topics[2]), abi.decode(log.data, (uint256)));
        } else if (kind == OrdersSettled.selector) {
            _enterSettled(uint256(log.topics[1]), abi.decode(log.data, (uint256)));
        } else if (kind == ServicePaid.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            _post(uint256(log.topics[1]), Line.Service, uint256(log.topics[2]), amount);
        } else if (kind == PaymentTakenBack.selector) {
            _postRefund(uint256(log.topics[1]), uint256(log.topics[2]), -int256(abi.decode(log.data, (uint256))));
        } else if (kind == PaymentAdded.selector) {
            _postRefund(uint256(log.topics[1]), uint256(log.topics[2]), int256(abi.decode(log.data, (uint256))));
        } else if (kind == OrderVoided.selector) {
            ++timesDropped[uint256(log.topics[1])];
        } else if (kind == OrderRefunded.selector) {
            uint256 order = uint256(log.topics[1]);
            (uint256 amount,) = abi.decode(log.data, (uint256, bytes32));
            refundedOf[order] += amount;
            if (timesSettled[order] == 0 && refundedOf[order] == _priceOf(order)) ++timesDropped[order];
        } else {
            (bool found, Line line) = _lineOfPayment(kind);
            if (!found) return false;
            _post(uint256(log.topics[1]), line, uint256(log.topics[2]), abi.decode(log.data, (uint256)));
        }
        return true;
    }

    function _enterDelivered(uint256 first, uint256 day, uint256 orders) private {
        for (uint256 order = first; orders != 0; orders >>= 1) {
            if (orders & 1 != 0) {
                ++timesDelivered[order];
                dayOfDelivery[order] = day;
            }
            ++order;
        }
    }

    function _enterSettled(uint256 first, uint256 orders) private {
        for (uint256 order = first; orders != 0; orders >>= 1) {
            if (orders & 1 != 0) {
                ++timesSettled[order];
                _whenSettled(order);
            }
            ++order;
        }
    }

    function _enterBrand(bytes32 kind, Vm.Log memory log) private returns (bool) {
        if (kind == BrandLinesPaid.selector) {
            (uint256 fees, uint256 duty, uint256 insurance, uint256 platform, uint256 fund, uint256 dividend) =
                abi.decode(log.data, (uint256, uint256, uint256, uint256, uint256, uint256));
            _postBrand([fees, duty, insurance, platform, fund, dividend], 1, 0);
        } else if (kind == BrandLinesTakenBack.selector) {
            uint256[4] memory l = abi.decode(log.data, (uint256[4]));
            _postBrand([l[0], 0, 0, l[1], l[2], l[3]], -1, 0);
        } else if (kind == DutyTakenBack.selector) {
            (uint256 duty, uint256 insurance) = abi.decode(log.data, (uint256, uint256));
            _postBrand([uint256(0), duty, insurance, 0, 0, 0], -1, 0);
        } else if (kind == PoolsLacked.selector) {
            _postBrand([uint256(0), 0, 0, 0, 0, 0], -1, abi.decode(log.data, (uint256)));
        } else if (kind == BrandLinesAdded.selector) {
            _postBrand(abi.decode(log.data, (uint256[6])), 1, 0);
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
            pools -= int256(amount);
            position[uint256(log.topics[2])] += int256(amount);
        } else if (kind == DividendClaimed.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            pools -= int256(amount);
            position[uint256(log.topics[2])] += int256(amount);
        }
    }

    function _post(uint256 order, Line line, uint256 account, uint256 amount) private {
        if (amount == 0) return;
        if (account != _payeeOf(order, line)) _fail("paid to somebody whom the terms do not name");
        paid[order][account] += int256(amount);
        position[account] += int256(amount);
    }

    function _postRefund(uint256 order, uint256 account, int256 amount) private {
        bool named = account == _payeeOf(order, Line.Supply) || account == _payeeOf(order, Line.Direct)
            || account == _payeeOf(order, Line.Region) || account == _payeeOf(order, Line.Team);
        if (!named) _fail("taken from somebody whom the terms do not name");
        paid[order][account] += amount;
        position[account] += amount;
    }

    /// @param l Fees, duty, insurance, platform, fund, dividend.
    /// @param lacking What the pools did not have of it; the platform stands in.
    function _postBrand(uint256[6] memory l, int256 sign, uint256 lacking) private {
        Line[6] memory lines =
            [Line.Fees, Line.Duty, Line.Insurance, Line.Platform, Line.Fund, Line.Dividend];
        for (uint256 i = 0; i < 6; ++i) {
            brandLines[lines[i]] += sign * int256(l[i]);
        }
        position[FEES] += sign * int256(l[0]);
        position[DUTY] += sign * int256(l[1]);
        position[INSURANCE] += sign * int256(l[2]);
        position[PLATFORM] += sign * int256(l[3] + lacking);
        pools += sign * (int256(l[4] + l[5]) - int256(lacking));
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
}

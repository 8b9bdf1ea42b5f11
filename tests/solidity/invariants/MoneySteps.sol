// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DUTY, FEES, INSURANCE, PLATFORM, PROTECTION, TREASURY} from "../../../contracts/types/Accounts.sol";
import {Consents} from "../Consents.sol";
import {OrderSteps} from "./OrderSteps.sol";

/// @title Steps of money: funding, deposits, slashes, withdrawals in three ways, closings and claims
abstract contract MoneySteps is OrderSteps {
    function fund(uint256 seed, uint256 amount) external kept {
        amount = _anything(seed) ? 0 : 1 + amount % 10 ** 9;
        token.mint(anybody, amount);
        vm.prank(anybody);
        settlement.fund(amount);
    }

    /// @dev Tokens that come unasked are on nobody's books.
    function donate(uint256, uint256 amount) external kept {
        token.mint(address(settlement), amount % 1000);
    }

    function deposit(uint256 seed, uint256 amount) external kept {
        uint256 agent = _agent(seed);
        amount = _part(amount, 20_000);
        _endow(agent, amount);
        address owner = _walletOf(agent);
        vm.prank(owner);
        settlement.deposit(agent, amount);
    }

    function releaseDeposit(uint256 seed, uint256 amount) external kept {
        uint256 agent = _agent(seed, _canReleaseDeposit);
        address owner = _walletOf(agent);
        amount = _part(amount, lens.account(agent).deposit);
        vm.prank(owner);
        settlement.releaseDeposit(agent, amount);
    }

    function slash(uint256 seed, uint256 amount) external kept {
        uint256 agent = _agent(seed, _hasDeposit);
        amount = _part(amount, lens.account(agent).deposit);
        vm.prank(riskOfficer);
        settlement.slash(agent, amount, "reason");
    }

    function withdraw(uint256 seed, uint256 amount) external kept {
        uint256 account = seed % 4 == 0 ? _participant(seed / 4) : _agent(seed, _canWithdraw);
        address owner = _walletOf(account);
        amount = _part(amount, _available(account));
        vm.prank(owner);
        settlement.withdraw(account, amount);
    }

    /// @dev The brand's own accounts; insurance and protection are refused.
    function withdrawBrand(uint256 seed, uint256 amount) external kept {
        uint256 account = [PLATFORM, FEES, DUTY, TREASURY][seed % 4];
        if (_anything(seed)) account = seed % 2 == 0 ? INSURANCE : PROTECTION;
        amount = _part(amount, account == TREASURY ? _treasury() / 50 : _available(account));
        vm.prank(treasurer);
        settlement.withdraw(account, amount);
    }

    function withdrawFor(uint256 seed, uint256 amount) external kept {
        uint256 account = _agent(seed, _canWithdraw);
        address owner = _walletOf(account);
        amount = _part(amount, _available(account));
        uint256 nonce = settlement.nonceOf(account);
        if (_anything(amount)) ++nonce;
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory order = _sign(owner, Consents.withdrawal(_domain(), account, amount, nonce, deadline));
        vm.prank(anybody);
        settlement.withdrawFor(account, amount, deadline, order);
    }

    function pushWithdrawals(uint256 seed, uint256 count) external kept {
        uint256[] memory to = new uint256[](count % 6);
        for (uint256 i = 0; i < to.length; ++i) {
            to[i] = _agent(_draw(seed, i), _canWithdraw);
        }
        vm.prank(treasurer);
        settlement.pushWithdrawals(to);
    }

    /// @dev Half of the time the days that are missing pass first.
    function closeMonth(uint256 seed, uint256 hurry) external kept {
        uint256 month = _closedMonths();
        if (hurry % 2 == 0) _waitFor((month + 1) * 30 + 15, _clock().monthClosedOn);
        settlement.closeMonth(_anything(seed) ? seed % (month + 2) : month);
    }

    /// @dev One time in four the days that are missing pass first.
    function closeYear(uint256 seed, uint256 hurry) external kept {
        uint256 year = _closedYears();
        if (hurry % 4 == 0) _waitFor((year + 1) * 365 + 15, _clock().yearClosedOn);
        settlement.closeYear(_anything(seed) ? seed % (year + 2) : year);
    }

    function claimSupport(uint256 seed, uint256 count) external kept {
        uint256 closed = _closedMonths();
        uint256 month = _anything(count) || closed == 0 ? seed % (closed + 1) : closed - 1;
        settlement.claimSupport(month, _claimants(seed, count, _canClaimSupport));
    }

    function claimDividend(uint256 seed, uint256 count) external kept {
        uint256 closed = _closedYears();
        uint256 year = _anything(count) || closed == 0 ? seed % (closed + 1) : closed - 1;
        settlement.claimDividend(year, _claimants(seed, count, _canClaimDividend));
    }

    function _waitFor(uint256 day, uint256 lastClosing) private {
        uint256 earliest = lastClosing == 0 || day > lastClosing + 15 ? day : lastClosing + 15;
        uint256 today = settlement.today();
        if (today < earliest) _advance(earliest - today);
    }

    /// @dev One or two agents that can claim, apart.
    function _claimants(uint256 seed, uint256 count, function(uint256) view returns (bool) can)
        private
        view
        returns (uint256[] memory)
    {
        uint256 first = _agent(seed, can);
        uint256 second = _agent(_draw(seed, 1), can);
        return count % 2 == 0 || first == second ? _list(first) : _list(first, second);
    }
}

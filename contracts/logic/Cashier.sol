// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {State} from "../state/State.sol";
import {Account, AccountWord} from "../types/Account.sol";
import {PROTECTION, TREASURY} from "../types/Accounts.sol";
import {Participant} from "../types/Participant.sol";
import {BrandAccounts} from "./BrandAccounts.sol";
import {Ledger} from "./Ledger.sol";
import {Lineage} from "./Lineage.sol";

/// @title Tokens in and out: funding, deposits, pushed payouts (rules, section 4)
/// @notice The books are written before tokens leave. What comes in is measured, so that a token which takes a fee is refused.
library Cashier {
    using SafeERC20 for IERC20;

    /// @notice Pays tokens of the caller into the treasury. Errors: InvalidAmount, UnsupportedToken, AmountTooLarge.
    function fund(State storage s, IERC20 token, uint256 amount) external {
        if (amount == 0) revert ISettlementErrors.InvalidAmount(amount);
        Ledger.intoTreasury(s, amount);
        emit ISettlementEvents.TreasuryFunded(msg.sender, amount);
        _pull(token, amount);
    }

    /// @notice Pays tokens of the agent into its deposit, debt first. Errors: UnknownParticipant, InvalidAmount, UnsupportedToken.
    function deposit(State storage s, IERC20 token, uint256 agent, uint256 amount) external {
        _requireOwner(agent, Lineage.agentAt(s, agent));
        if (amount == 0) revert ISettlementErrors.InvalidAmount(amount);
        uint256 repaid = Ledger.addDeposit(s, agent, amount);
        Ledger.intoTreasury(s, repaid);
        emit ISettlementEvents.DepositPaid(agent, amount, repaid);
        _pull(token, amount);
    }

    /// @notice Pays deposit out to the agent's wallet; this does not count as withdrawn.
    /// Errors: UnknownParticipant, AgentFrozen, DebtOutstanding, DepositLocked, InsufficientDeposit.
    function releaseDeposit(State storage s, IERC20 token, uint256 today, uint256 agent, uint256 amount) external {
        Participant p = Lineage.agentAt(s, agent);
        _requireOwner(agent, p);
        if (Ledger.account(s, agent).word.has(AccountWord.FROZEN)) revert ISettlementErrors.AgentFrozen(agent);
        uint256 debt = s.cold[agent].debt;
        if (debt != 0) revert ISettlementErrors.DebtOutstanding(agent, debt);
        uint256 lockedUntil = s.cold[agent].lockedUntil;
        if (today < lockedUntil) revert ISettlementErrors.DepositLocked(agent, lockedUntil);
        _takeDeposit(s, agent, amount);
        emit ISettlementEvents.DepositReleased(agent, p.wallet(), amount);
        token.safeTransfer(p.wallet(), amount);
    }

    /// @notice Moves deposit to the protection account. Errors: UnknownParticipant, InsufficientDeposit.
    function slash(State storage s, uint256 agent, uint256 amount, bytes32 reason) external {
        // slither-disable-next-line unused-return (asked for its check)
        Lineage.agentAt(s, agent);
        _takeDeposit(s, agent, amount);
        Ledger.creditNow(s, PROTECTION, amount);
        emit ISettlementEvents.DepositSlashed(agent, msg.sender, amount, reason);
    }

    /// @notice Pays each of these participants all that it has available, to its own wallet. Whoever cannot be paid (frozen,
    /// nothing available, a wallet that the token refuses) is passed over and named in an event.
    function push(State storage s, IERC20 token, uint256[] calldata participants) external {
        for (uint256 i = 0; i < participants.length; ++i) {
            uint256 id = participants[i];
            if (id >= 2 ** 32) {
                emit ISettlementEvents.PushPassedOver(id, "unknown");
                continue;
            }
            Participant p = s.participants[id];
            Account a = Ledger.account(s, id).word;
            uint256 amount = a.available();
            if (p.kind() == 0) {
                emit ISettlementEvents.PushPassedOver(id, "unknown");
            } else if (a.has(AccountWord.FROZEN)) {
                emit ISettlementEvents.PushPassedOver(id, "frozen");
            } else if (amount == 0) {
                emit ISettlementEvents.PushPassedOver(id, "nothing available");
            } else {
                Ledger.account(s, id).word = a.withdraw(amount);
                if (token.trySafeTransfer(p.wallet(), amount)) {
                    emit ISettlementEvents.Withdrawn(id, p.wallet(), amount);
                } else {
                    Ledger.account(s, id).word = Ledger.account(s, id).word.takeBack(amount);
                    emit ISettlementEvents.PushPassedOver(id, "refused by the token");
                }
            }
        }
    }

    /// @notice Takes `amount` out of an account, or the treasury, that may be withdrawn from.
    /// Errors: AgentFrozen, InsufficientBalance.
    function take(State storage s, uint256 account, uint256 amount) internal {
        if (account == TREASURY) {
            uint256 treasury = s.book.treasury;
            if (amount == 0 || amount > treasury) {
                revert ISettlementErrors.InsufficientBalance(account, amount, treasury);
            }
            s.book.treasury = uint88(treasury - amount);
            return;
        }
        Account a = Ledger.account(s, account).word;
        if (BrandAccounts.includes(account)) {
            if (amount == 0) revert ISettlementErrors.InsufficientBalance(account, amount, BrandAccounts.available(s, account));
            BrandAccounts.take(s, account, amount);
            Ledger.account(s, account).word = a.plusWithdrawn(amount);
            return;
        }
        if (a.has(AccountWord.FROZEN)) revert ISettlementErrors.AgentFrozen(account);
        if (amount == 0 || amount > a.available()) {
            revert ISettlementErrors.InsufficientBalance(account, amount, a.available());
        }
        Ledger.account(s, account).word = a.withdraw(amount);
    }

    function _takeDeposit(State storage s, uint256 agent, uint256 amount) private {
        uint256 held = s.cold[agent].deposit;
        if (amount == 0 || amount > held) revert ISettlementErrors.InsufficientDeposit(agent, amount, held);
        s.cold[agent].deposit = uint64(held - amount);
    }

    function _requireOwner(uint256 account, Participant p) private view {
        if (p.wallet() != msg.sender) revert ISettlementErrors.NotAccountOwner(account, msg.sender);
    }

    function _pull(IERC20 token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert ISettlementErrors.UnsupportedToken(address(token), amount, received);
    }
}

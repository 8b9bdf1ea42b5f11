"""What can go wrong between this package and a chain, beside what the rules refuse.

The second half are the contracts' own errors outside the rules (access, proofs, signatures, tokens); like
those of :mod:`liandong.errors` they have the same name on chain and in Python.
"""

from __future__ import annotations

from liandong.errors import LiandongError


class ChainError(LiandongError):
    """Base of everything that goes wrong with a node, a transaction or a deployment."""


class NodeUnreachable(ChainError):
    """Nothing answers JSON-RPC at the URL: start the node, or correct the URL."""


class NodeRefused(ChainError):
    """The node answered a request with an error of its own.

    ``code`` and ``data`` are the JSON-RPC error's; ``data`` holds revert data where a call reverted.
    """

    def __init__(self, method: str, code: int, message: str, data: object = None) -> None:
        super().__init__(f"{method}: {message}")
        self.method = method
        self.code = code
        self.message = message
        self.data = data


class AnvilMissing(ChainError):
    """The embedded chain needs anvil: run `make setup`, or put Foundry's anvil on the PATH."""


class NodeNotStarted(ChainError):
    """The embedded chain did not come up; the message is what it said last."""


class ClockNotSettable(ChainError):
    """The node's clock cannot be set, and cases move through days: use the embedded node or an anvil."""


class TransactionLost(ChainError):
    """A transaction was sent but no receipt came in time; it may still be mined."""


class TransactionReverted(ChainError):
    """A transaction or call reverted for a reason that is none of the contracts' errors."""


class WrongChain(ChainError):
    """The deployment file belongs to another chain than the node's."""


class DeploymentFileError(ChainError):
    """The deployment file cannot be used; the message says what is wrong in it."""


class ContractError(ChainError):
    """A custom error of the contracts outside the rules. ``detail`` names its values."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        sentence = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{sentence} ({detail})" if detail else sentence)

    @property
    def name(self) -> str:
        """The error's name on chain, e.g. ``MissingRole``."""
        return type(self).__name__


class MissingRole(ContractError):
    """The sender lacks the role that the step is for (1 operator, 2 risk, 4 treasurer, 8 guardian)."""


class RolesNotApart(ContractError):
    """An address holds one role at most."""


class NotAccountOwner(ContractError):
    """Only the wallet that owns the account may do this."""


class Paused(ContractError):
    """This part is paused (1 recording, 2 settlement, 4 withdrawals)."""


class TermsMismatch(ContractError):
    """Terms, proof or deliveries are not those on record: of another batch, or from before a change of it."""


class InvalidBatch(ContractError):
    """A batch takes 1 to 240 orders, given as two words each."""


class UnknownChannel(ContractError):
    """There is no channel with this number."""


class InvalidWallet(ContractError):
    """A participant needs a wallet that is not the zero address."""


class InvalidSignature(ContractError):
    """The signature is not the wallet's over this message on this chain and contract."""


class SignatureExpired(ContractError):
    """The signature's deadline is over."""


class UnsupportedToken(ContractError):
    """The token moved another amount than asked for; tokens that take a fee or rebase cannot be used."""


class AccessManagedUnauthorized(ContractError):
    """The access manager does not let this sender do it; administration takes the administrator's account."""


class AccessManagerNotScheduled(ContractError):
    """The access manager delays this call: schedule it first, then execute it when the delay is over."""


class AccessManagerNotReady(ContractError):
    """The delay of this scheduled call is not over yet."""


CONTRACT_ERRORS: dict[str, type[ContractError]] = {
    cls.__name__: cls for cls in ContractError.__subclasses__()
}
"""The errors above by name."""

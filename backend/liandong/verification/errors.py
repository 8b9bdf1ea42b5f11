"""What can go wrong with verifying, beside a contract that simply is another one."""

from __future__ import annotations

from liandong.errors import LiandongError


class VerificationError(LiandongError):
    """Base of what keeps contracts from being verified."""


class CompilerNotFound(VerificationError):
    """Compiling anew takes the compiler that the contracts were built with: name it with --solc."""


class RecompilationFailed(VerificationError):
    """The compiler does not take the published sources; the message is its own."""


class ServiceUrlInvalid(VerificationError):
    """A service is given by the URL of its API, like https://HOST/server."""


class ExplorerKeyMissing(VerificationError):
    """Etherscan's API takes a key: put it into LIANDONG_ETHERSCAN_KEY."""


class ServiceUnreachable(VerificationError):
    """Nothing answers at the service's URL, or what answers does not speak its API."""

"""What can stop the mirror, or make it wait."""

from liandong.chain.errors import ChainError
from liandong.errors import LiandongError


class MirrorHalted(LiandongError):
    """Base of what stops the mirror until somebody has looked; it has deleted nothing."""


class AnotherChainMirrored(MirrorHalted):
    """The database mirrors another deployment than the one given: use its file, or another database."""


class ContractMissing(MirrorHalted):
    """The node has no code at the settlement contract's address: it is another chain, or was reset."""


class ReorgTooDeep(MirrorHalted):
    """The chain changed below finality, where the mirror undoes nothing."""


class EventsContradict(MirrorHalted):
    """An event does not fit what the events before it came to: some are missing, or of another contract."""


class AnotherWriter(LiandongError):
    """Another mirror has moved the cursor meanwhile; what this one was about to write is given up."""


class NodeInconsistent(ChainError):
    """The node's answers do not fit together (a reorganisation, or nodes behind a balancer): ask again."""

"""A worker as settings say, for the API's process and for processes of its own."""

from __future__ import annotations

from liandong.chain.deployment import Deployment
from liandong.chain.key_file import KeyUnusable
from liandong.chain.local import TRIAL_WORDS
from liandong.chain.rpc import RpcClient
from liandong.db.session import Database
from liandong.outbox.fees import GWEI, FeeCaps
from liandong.outbox.keys import TRIAL_CHAINS, read_key
from liandong.outbox.kinds import ROLES
from liandong.outbox.policy import Policy
from liandong.outbox.signing import TransactionSigner
from liandong.outbox.worker import Worker
from liandong.settings import Settings


def open_worker(settings: Settings, database: Database, deployment: Deployment) -> Worker:
    """A worker with the settings' signers, for one thread: ``worker.run(stop)``. Raises ``KeyUnusable``."""
    policy = Policy(
        depth=settings.depth,
        poll_seconds=settings.poll_seconds,
        lease_seconds=settings.lease_seconds,
        resend_seconds=settings.resend_seconds,
        stuck_seconds=settings.stuck_seconds,
        due_seconds=settings.due_seconds,
        schedule=settings.schedule,
        caps=FeeCaps(round(settings.fee_cap_gwei * GWEI), round(settings.tip_cap_gwei * GWEI)),
    )
    found = signers(settings, deployment.chain_id)
    return Worker(database, RpcClient(settings.rpc_url, settings.rpc_seconds), deployment, found, policy)


def signers(settings: Settings, chain_id: int) -> dict[str, TransactionSigner]:
    """Who signs, by role. A role that is not named has no lane here: its requests wait for another worker.

    On development chains trial keys stand in for all of them if none is named. Raises ``KeyUnusable``.
    """
    sources = {role: getattr(settings, f"{role}_signer") for role in ROLES}
    if not any(sources.values()):
        if chain_id not in TRIAL_CHAINS:
            raise KeyUnusable("name at least one signer, e.g. LIANDONG_OPERATOR_SIGNER=keystore:FILE")
        sources = {role: f"trial:{TRIAL_WORDS.get(role, role)}" for role in ROLES}
    return {role: read_key(source, chain_id) for role, source in sources.items() if source}

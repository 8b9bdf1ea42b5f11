"""A whole deployment on an embedded chain or a development node, for trials: keys of its own, no delays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eth_utils import keccak

from liandong.chain.deployer import deploy
from liandong.chain.deployment import CHINA, Roles
from liandong.chain.node import NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import Keys, SettlementClient
from liandong.chain.signer import Sender, Signer
from liandong.rules.plan import SEED, Plan

COINS = 10**24
"""Wei for every wallet of a trial, where gas is not free."""


TRIAL_WORDS = {"plan_admin": "plan administrator", "admin": "administrator"}
"""What the trial keys of these roles are made from; those of the others are made from the role's name."""


def local_signer(words: str) -> Signer:
    """A key made from words: the same for the same words. For trials only, since anybody can make it."""
    return Signer.from_key(keccak(text=f"liandong trial: {words}"))


def local_keys() -> Keys:
    """One trial key a role."""
    return Keys(
        operator=local_signer("operator"),
        risk=local_signer("risk"),
        treasurer=local_signer("treasurer"),
        guardian=local_signer("guardian"),
        plan_admin=local_signer(TRIAL_WORDS["plan_admin"]),
        admin=local_signer(TRIAL_WORDS["admin"]),
        anyone=local_signer("anyone"),
    )


def local_roles(keys: Keys) -> Roles:
    """The trial keys' addresses, without delays."""
    return Roles(
        operator=keys.operator.address,
        risk=keys.risk.address,
        treasurer=keys.treasurer.address,
        guardian=keys.guardian.address,
        plan_admin=keys.plan_admin.address,
        admin=keys.admin.address,
    )


def give_coins(sender: Sender, signers: Iterable[Signer]) -> None:
    """Coins for gas on a development node; nothing where gas is free, as on the embedded one."""
    if sender.fees().most:
        clock = NodeClock(sender.client)
        for signer in signers:
            clock.give_coins(signer.address, COINS)


def deploy_locally(
    rpc: RpcClient,
    *,
    plan: Plan = SEED,
    utc_offset: int = CHINA,
    fixed_gas: int | None = 2**30,
    path: Path | None = None,
) -> SettlementClient:
    """Deploys everything on a development node under trial keys; returns a client that holds them.

    Where gas is not free, as it is on the embedded node, the wallets are given coins. With ``path``, goes on
    with the deployment in that file.
    """
    sender = Sender(rpc, fixed_gas=fixed_gas)
    keys = local_keys()
    deployer = local_signer("deployer")
    give_coins(sender, [deployer, *(getattr(keys, name) for name in Keys.__slots__)])
    deployment = deploy(sender, deployer, local_roles(keys), plan=plan, utc_offset=utc_offset, path=path)
    return SettlementClient(sender, deployment, keys)

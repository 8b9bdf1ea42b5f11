"""A deployment as its file tells it: which contracts, on which chain, with whom in which role."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from liandong.chain.errors import DeploymentFileError, NodeRefused, WrongChain
from liandong.chain.rpc import RpcClient

ROLE_BITS = {"operator": 1, "risk": 2, "treasurer": 4, "guardian": 8}
"""Roles of the hot path and their bits in the settlement contract; an address holds one at most."""

CHINA = 8 * 3600
"""Seconds that the default calendar is ahead of UTC."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Addresses by role. The first four are apart; the administrators act through the access manager.

    ``plan_admin`` publishes plans after ``plan_delay`` seconds, ``admin`` gives roles and ends pauses after
    ``admin_delay`` seconds.
    """

    operator: str
    risk: str
    treasurer: str
    guardian: str
    plan_admin: str
    admin: str
    plan_delay: int = 0
    admin_delay: int = 0


@dataclass(slots=True)
class DeployedContract:
    """One contract: where it is, what it is, and what created it."""

    address: str
    artifact: str
    creation_transaction: str | None
    constructor_arguments: str = "0x"
    libraries: dict[str, str] = field(default_factory=dict)
    block: int | None = None


@dataclass(slots=True)
class Pending:
    """A creation that was signed but is not known to be mined: sending it again cannot create twice."""

    contract: str
    transaction: str
    raw: str


@dataclass(slots=True)
class Deployment:
    """What is deployed so far. ``block`` is where the settlement contract's logs begin.

    Addresses: ``contracts[name].address``, with names as in the sources (``Settlement``, ``SettlementLens``,
    ``Authority``, ``LocalToken`` or ``Token`` for a given one, and the libraries).
    """

    chain_id: int
    genesis: str
    roles: Roles
    utc_offset: int
    plan: dict[str, Any]
    contracts: dict[str, DeployedContract] = field(default_factory=dict)
    block: int | None = None
    complete: bool = False
    pending: Pending | None = None

    @property
    def settlement(self) -> str:
        """Address of the settlement contract."""
        return self.contracts["Settlement"].address

    @property
    def lens(self) -> str:
        """Address of the lens."""
        return self.contracts["SettlementLens"].address

    @property
    def authority(self) -> str:
        """Address of the access manager."""
        return self.contracts["Authority"].address

    @property
    def token(self) -> str:
        """Address of the token that is settled in."""
        return (self.contracts.get("LocalToken") or self.contracts["Token"]).address

    def document(self) -> dict[str, Any]:
        """The deployment as its file holds it."""
        return {_camel(key): _camel_all(value) for key, value in asdict(self).items() if value is not None}

    def write(self, path: Path) -> None:
        """Writes the file whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(self.document(), file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def require_chain(self, client: RpcClient) -> None:
        """Raises :class:`WrongChain` where the node's chain is not the file's."""
        chain_id, genesis = chain_identity(client)
        if (chain_id, genesis) != (self.chain_id, self.genesis):
            raise WrongChain(
                f"the deployment is on chain {self.chain_id} with genesis {self.genesis}, but {client.name} "
                f"serves chain {chain_id} with genesis {genesis}: use that chain's node, or another file"
            )


def chain_identity(client: RpcClient) -> tuple[int, str]:
    """Chain id and genesis hash, which together tell one chain from another."""
    chain_id, genesis = client.batch_strict([("eth_chainId", ()), ("eth_getBlockByNumber", (hex(0), False))])
    if genesis is None:
        raise NodeRefused("eth_getBlockByNumber", 0, "the node does not know its first block")
    return int(chain_id, 16), genesis["hash"]


def read_deployment(path: Path) -> Deployment:
    """Reads a deployment file. Raises :class:`DeploymentFileError`."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DeploymentFileError(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise DeploymentFileError(f"{path.name}: is not JSON: {error}") from error
    try:
        return Deployment(
            chain_id=raw["chainId"],
            genesis=raw["genesis"],
            roles=Roles(**_snake_all(raw["roles"])),
            utc_offset=raw["utcOffset"],
            plan=raw["plan"],
            contracts={
                name: DeployedContract(**{"creation_transaction": None} | _snake_all(one))
                for name, one in raw["contracts"].items()
            },
            block=raw.get("block"),
            complete=raw["complete"],
            pending=Pending(**raw["pending"]) if raw.get("pending") else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DeploymentFileError(f"{path.name}: is not a deployment file: {error!r}") from error


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def _camel_all(value: Any) -> Any:
    """Field names as JSON writes them; contract names and plan parameters stay as they are."""
    if not isinstance(value, dict):
        return value
    known = set(Roles.__slots__) | set(DeployedContract.__slots__)
    return {
        _camel(key) if key in known else key: _camel_all(one) for key, one in value.items() if one is not None
    }


def _snake_all(value: dict[str, Any]) -> dict[str, Any]:
    return {"".join(f"_{c.lower()}" if c.isupper() else c for c in key): one for key, one in value.items()}

"""Node, deployment, mirror, outbox and API in one process: started in this order, stopped in the reverse."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import select

from liandong.access.principals import Scope
from liandong.app import create_app
from liandong.chain.contracts import LibraryNotGiven, UnknownContract, load
from liandong.chain.deployment import Deployment, chain_identity, read_deployment
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import SettlementClient
from liandong.db.chain import MirrorCursor
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.errors import LiandongError
from liandong.http.logs import log_to
from liandong.rules.plan import Plan
from liandong.settings import Settings
from liandong.trial.place import Place

START_SECONDS = 30.0

FINALITY = 4
"""Nobody reorganises an embedded chain, and its blocks come with transactions only."""

MINT = 10**15
"""Tokens that the treasurer has to fund with, in minor units."""

Say = Callable[[str], None]


class PortTaken(LiandongError):
    """A port cannot be used; the message names it, and how to choose another."""


@dataclass
class Services:
    """What runs. ``chain`` is for what the API has no word for: the clock and the token of a trial."""

    place: Place
    node: EmbeddedNode
    chain: SettlementClient
    app: FastAPI
    url: str
    keys: dict[Scope, str]
    new: bool

    @property
    def database(self) -> Database:
        """The services' own."""
        found: Database = self.app.state.context.database
        return found

    def save(self) -> None:
        """Writes database and chain as they are together, while nothing is under way.

        The database first: a mirror that is behind the chain catches up, one that is ahead of it cannot.
        """
        part = self.place.database_then.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.place.database)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        self.node.save()
        part.replace(self.place.database_then)


@contextmanager
def running(place: Place, host: str, port: int, node_port: int, plan: Plan, say: Say) -> Iterator[Services]:
    """Everything, until the block ends. Raises ``NodeNotStarted``, :class:`PortTaken` and chain errors."""
    with place.mine(), closing(_listen(host, port, "API", "LIANDONG_PORT")) as listener:
        _end_orphan(place)
        _listen(host, node_port, "node", "LIANDONG_NODE_PORT").close()
        with _node(place, node_port, say) as node:
            new = not place.deployment.exists()
            chain = deploy_locally(node.client(), plan=plan, path=place.deployment)
            if new:
                chain.mint(chain.keys.treasurer.address, MINT)
            url = f"http://{host}:{listener.getsockname()[1]}"
            settings = Settings(
                database_url=f"sqlite:///{place.database}", rpc_url=node.url, deployment=place.deployment,
                audit_folder=place.folder / "audit", backtest_folder=place.folder / "backtests",
                host=host, port=listener.getsockname()[1],
                public_url=url, public_rpc_url=node.url, chain_name="Liandong trial", finality=FINALITY,
                poll_seconds=0.05, due_seconds=0.5, webhook_private=True,
                personal_keys=SecretStr(place.personal_keys()),
            )  # fmt: skip
            _log_to(place.log)
            app = create_app(settings)
            keys = place.keys(app.state.context.database)
            _write_environment(place, settings, keys)
            with _serving(app, listener):
                yield Services(place, node, chain, app, url, keys, new)


@contextmanager
def _node(place: Place, port: int, say: Say) -> Iterator[EmbeddedNode]:
    """The node, with a chain that the database and the contracts of now are of.

    After a run that was cut off the database has more than the chain that was saved: then both go back to
    where they were saved together, or begin anew.
    """
    went_back = False
    while True:
        with EmbeddedNode(port=port, state=place.chain) as node:
            misfit = _misfit(place, node.client())
            if misfit is None:
                place.node_process.write_text(f"{node.pid}\n")
                try:
                    yield node
                finally:
                    place.node_process.unlink(missing_ok=True)
                return
            node.state = None  # what is on disk stays as it is
        if misfit == CUT_OFF and not went_back and place.database_then.exists():
            _go_back(place)
            went_back = True
            say(f"{CUT_OFF}: going on from where chain and database were saved together")
        else:
            say(f"{misfit}: beginning anew, what was is in {place.set_aside()}")


CUT_OFF = "the last run was cut off"
OTHER_CONTRACTS = "the contracts are not those of the last run"


def _misfit(place: Place, rpc: RpcClient) -> str | None:
    """Why the folder's files and the chain do not go together; None: they do."""
    if place.deployment.exists():
        deployment = read_deployment(place.deployment)
        if chain_identity(rpc) != (deployment.chain_id, deployment.genesis):
            return CUT_OFF
        if deployment.complete:
            if rpc.call("eth_getCode", deployment.settlement, "latest") == "0x":
                return CUT_OFF
            if not _is_of_this_build(rpc, deployment):
                return OTHER_CONTRACTS
    if not place.database.exists():
        return None
    database = Database(f"sqlite:///{place.database}")
    try:
        upgrade(database)
        with database.read() as session:
            cursor = session.exec(select(MirrorCursor)).one_or_none()
    finally:
        database.close()
    if cursor is None:
        return None
    block = rpc.call("eth_getBlockByNumber", hex(cursor.block_number), False)
    return None if block is not None and block["hash"] == cursor.block_hash else CUT_OFF


def _is_of_this_build(rpc: RpcClient, deployment: Deployment) -> bool:
    """Whether each contract was created from the code that this version of the package has."""
    for contract in deployment.contracts.values():
        created = rpc.call("eth_getTransactionByHash", contract.creation_transaction)
        try:
            code = load(contract.artifact).linked_bytecode(contract.libraries)
        except (UnknownContract, LibraryNotGiven):
            return False
        if created is None or not created["input"].startswith(code):
            return False
    return True


def _go_back(place: Place) -> None:
    for end in ("-wal", "-shm"):
        place.database.with_name(place.database.name + end).unlink(missing_ok=True)
    shutil.copyfile(place.database_then, place.database)


def _end_orphan(place: Place) -> None:
    """Ends the node of a run that was killed, which nobody else can be using: the folder is ours."""
    try:
        process = int(place.node_process.read_text())
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"anvil" in command:
        os.kill(process, signal.SIGKILL)
        until = time.monotonic() + 5
        while Path(f"/proc/{process}").exists() and time.monotonic() < until:
            time.sleep(0.01)
    place.node_process.unlink(missing_ok=True)


def _listen(host: str, port: int, what: str, setting: str) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"port {port} on {host} cannot be used for the {what}: {error.strerror}; stop what listens "
            f"there, or choose another with {setting} (0 takes a free one)"
        ) from error
    return listener


@contextmanager
def _serving(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_config=None, log_level="warning", access_log=False, server_header=False,
                            timeout_graceful_shutdown=5)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="api")
    thread.start()
    try:
        until = time.monotonic() + START_SECONDS
        while not server.started:
            if not thread.is_alive() or time.monotonic() > until:
                raise LiandongError("the API did not start; its log tells why")
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()


def _log_to(path: Path) -> None:
    log_to(logging.FileHandler(path, encoding="utf-8"))


def _write_environment(place: Place, settings: Settings, keys: dict[Scope, str]) -> None:
    assert settings.personal_keys is not None
    values = {
        "LIANDONG_DATABASE_URL": settings.database_url,
        "LIANDONG_RPC_URL": settings.rpc_url,
        "LIANDONG_DEPLOYMENT": str(settings.deployment),
        "LIANDONG_AUDIT_FOLDER": str(settings.audit_folder),
        "LIANDONG_BACKTEST_FOLDER": str(settings.backtest_folder),
        "LIANDONG_PERSONAL_KEYS": settings.personal_keys.get_secret_value(),
        "LIANDONG_WEBHOOK_PRIVATE": "true",
        "API": settings.public_url,
    }
    place.write(values | {f"{scope.upper()}_KEY": word for scope, word in keys.items()})

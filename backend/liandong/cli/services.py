"""Settings and the things that commands on the backend share: database, node, deployment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from liandong.chain.deployment import Deployment, read_deployment
from liandong.chain.errors import ChainError
from liandong.chain.rpc import RpcClient
from liandong.db.failure import database_failure
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.errors import LiandongError
from liandong.settings import Settings

BAD_INPUT, BROKEN = 2, 3
"""Exit codes: what was asked for cannot be done; the node or the database failed."""

DatabaseUrl = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="sqlite:///FILE or postgresql://…")
]
RpcUrl = Annotated[str | None, typer.Option("--rpc", metavar="URL", help="The node's JSON-RPC.")]
DeploymentFile = Annotated[
    Path | None, typer.Option("--deployment", metavar="FILE", help="What `liandong deploy` wrote.")
]


@dataclass(frozen=True, slots=True)
class Services:
    """What a command works with."""

    settings: Settings
    database: Database
    rpc: RpcClient
    deployment: Deployment


@contextmanager
def services(database: str | None, rpc: str | None, deployment: Path | None) -> Iterator[Services]:
    """Opens everything, brings the schema up to date, and ends the command where something fails."""
    given = {"database_url": database, "rpc_url": rpc, "deployment": deployment}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    try:
        known = read_deployment(settings.deployment)
        opened = Database(settings.database_url)
        client = RpcClient(settings.rpc_url)
        try:
            upgrade(opened)
            yield Services(settings, opened, client, known)
        finally:
            client.close()
            opened.close()
    except ChainError as error:
        _fail(str(error), BROKEN)
    except LiandongError as error:
        _fail(str(error), BAD_INPUT)
    except SQLAlchemyError as error:
        _fail(database_failure(error), BROKEN)


def _fail(message: str, code: int) -> None:
    print(f"error: {message}", file=sys.stderr)
    raise typer.Exit(code)

"""`liandong worker`: moves requests to the chain, in a process of its own."""

import logging
import signal
import threading
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from liandong.chain.deployment import read_deployment
from liandong.chain.errors import ChainError, NodeUnreachable
from liandong.chain.rpc import RpcClient
from liandong.cli.collector import leave_what_was_loaded
from liandong.db.failure import database_failure
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.errors import LiandongError
from liandong.outbox.opening import open_worker
from liandong.settings import Settings

BAD_INPUT, BROKEN = 2, 3
"""Exit codes beside 0."""


def worker(
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="sqlite:///FILE or postgresql://… (LIANDONG_DATABASE_URL)"),
    ] = None,
    rpc: Annotated[str | None, typer.Option(metavar="URL", help="The node (LIANDONG_RPC_URL).")] = None,
) -> None:
    """Send what is in the outbox, until Ctrl-C. Several may run: they share the lanes out among themselves.

    Everything else comes from the environment: signers by LIANDONG_OPERATOR_SIGNER and so on, each
    keystore:FILE, env:NAME or remote:URL#ADDRESS. Exit code 0: stopped. 2: a setting, key or file is no
    good, or of another chain. 3: the node or the database does not answer at the start.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    screen = Console(stderr=True, soft_wrap=True, highlight=False)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        given = {"database_url": database, "rpc_url": rpc}
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
        deployment = read_deployment(settings.deployment)
        deployment.require_chain(RpcClient(settings.rpc_url))
        opened = Database(settings.database_url)
        upgrade(opened)
        running = open_worker(settings, opened, deployment)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        _fail(screen, f"{'.'.join(map(str, first['loc']))}: {first['msg']}", BAD_INPUT)
    except SQLAlchemyError as error:
        _fail(screen, database_failure(error), BROKEN)
    except NodeUnreachable as error:
        _fail(screen, str(error), BROKEN)
    except (ChainError, LiandongError) as error:
        _fail(screen, str(error), BAD_INPUT)
    screen.print(f"worker {running.name}: lanes {', '.join(running.roles)}")
    leave_what_was_loaded()
    try:
        running.run(stop)
    finally:
        opened.close()
    screen.print("stopped")


def _fail(screen: Console, message: str, code: int) -> None:
    screen.print(f"[red]error:[/red] {escape(message)}")
    raise typer.Exit(code)

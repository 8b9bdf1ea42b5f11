"""`liandong serve`: API, mirror and outbox in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from liandong.cli.collector import leave_what_was_loaded
from liandong.db.failure import database_failure
from liandong.errors import LiandongError
from liandong.http.logs import log_to_stderr
from liandong.settings import Settings


def serve(
    rpc: Annotated[str | None, typer.Option(help="URL of the node; as LIANDONG_RPC_URL.")] = None,
    deployment: Annotated[
        Path | None, typer.Option(help="What `liandong deploy` wrote; as LIANDONG_DEPLOYMENT.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="sqlite:///FILE or postgresql://…; as LIANDONG_DATABASE_URL.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; as LIANDONG_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one.")] = None,
) -> None:
    """Serve the API, with the mirror and the outbox beside it, until Ctrl-C.

    What no option says, the environment does (LIANDONG_…). Exit code 0: stopped. 3: it cannot run.
    """
    given: dict[str, Any] = {
        "rpc_url": rpc, "deployment": deployment, "database_url": database, "host": host, "port": port,
    }  # fmt: skip
    # imported here, since no other command needs the web framework
    import uvicorn

    from liandong.app import create_app

    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    log_to_stderr()
    try:
        app = create_app(settings)
    except LiandongError as error:
        Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(str(error))}")
        raise typer.Exit(3) from None
    except SQLAlchemyError as error:
        said = escape(database_failure(error))
        Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {said}")
        raise typer.Exit(3) from None
    leave_what_was_loaded()
    # one request's line is written by the app itself, with its id and without its query
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )

"""`liandong keys`: API keys, made, listed, revoked; and personal data sealed anew after its keys changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from liandong.access import keys
from liandong.access.principals import KEY_SCOPES, Scope
from liandong.db.failure import database_failure
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.errors import LiandongError
from liandong.personal import service as personal
from liandong.personal.cipher import KeyRing
from liandong.personal.errors import NoKeyRing
from liandong.settings import Settings
from liandong.webhooks import targets as webhooks

app = typer.Typer(help="API keys, and the keys of personal data.", no_args_is_help=True, add_completion=False)

DatabaseUrl = Annotated[
    str | None, typer.Option("--database", help="sqlite:///FILE or postgresql://…; as LIANDONG_DATABASE_URL.")
]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is. Keys of one name are one caller: they share "
                                             "requests and idempotency keys.")],
    scope: Annotated[list[Scope], typer.Option(help=f"One or more of {', '.join(sorted(KEY_SCOPES))}.")],
    per_minute: Annotated[int, typer.Option(help="Requests a minute.")] = keys.DEFAULT_PER_MINUTE,
    database: DatabaseUrl = None,
) -> None:  # fmt: skip
    """Make a key. It is printed once, and only its hash is kept."""
    with _opened(database) as opened:
        record, word = keys.create_key(opened, name, scope, per_minute)
    Console(stderr=True).print(f"key {record.id} for {escape(name)}; it is shown this once:")
    typer.echo(word)


@app.command("list")
def list_(database: DatabaseUrl = None) -> None:
    """List all keys."""
    table = Table("id", "name", "scopes", "a minute", "created", "revoked")
    with _opened(database) as opened:
        for one in keys.list_keys(opened):
            table.add_row(
                str(one.id), escape(one.name), ", ".join(one.scopes), str(one.per_minute),
                _day(one.created_at), _day(one.revoked_at),
            )  # fmt: skip
    Console().print(table)


@app.command()
def revoke(id: Annotated[int, typer.Argument(help="The key's id.")], database: DatabaseUrl = None) -> None:
    """End a key: services take it for a second more at most."""
    with _opened(database) as opened:
        keys.revoke_key(opened, id)
    typer.echo(f"key {id} is revoked")


@app.command("rotate-personal")
def rotate_personal(database: DatabaseUrl = None) -> None:
    """Seal personal data and webhook secrets anew with the newest key of LIANDONG_PERSONAL_KEYS.

    Older keys can be taken out of it then.
    """
    with _opened(database) as opened:
        written = Settings().personal_keys
        if written is None:
            raise NoKeyRing
        ring = KeyRing.parse(written.get_secret_value())
        done = personal.rotate(opened, ring) + webhooks.rotate(opened, ring)
    typer.echo(f"{done} rows sealed anew")


@contextmanager
def _opened(url: str | None) -> Iterator[Database]:
    try:
        database = Database(url or Settings().database_url)
        upgrade(database)
        yield database
        database.close()
    except SQLAlchemyError as error:
        Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(database_failure(error))}")
        raise typer.Exit(3) from None
    except LiandongError as error:
        said = str(error) or " ".join((type(error).__doc__ or "").split())
        Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(said)}")
        raise typer.Exit(3) from None


def _day(at: int | None) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at)) if at is not None else ""

"""`liandong audit`: the chain, the mirror and the rules, held against each other."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from liandong.audit.auditor import Auditor, summary
from liandong.cli.services import DatabaseUrl, DeploymentFile, RpcUrl, services

DIFFERENT = 1
"""Exit code where something differs."""


def audit(
    database: DatabaseUrl = None,
    rpc: RpcUrl = None,
    deployment: DeploymentFile = None,
    from_block: Annotated[
        int | None,
        typer.Option(
            "--from", metavar="BLOCK", min=0,
            help="Go on from what an earlier audit kept of the blocks before this one.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")] = False,
) -> None:  # fmt: skip
    """Replay everything from the contract's logs by the rules, and compare with chain and mirror.

    Exit code 0: everything agrees. 1: something differs, the first thing is named. 2: a file or an option is
    no good. 3: the node or the database failed.
    """
    with services(database, rpc, deployment) as opened:
        auditor = Auditor(opened.database, opened.rpc, opened.deployment, opened.settings.audit_folder)
        report = auditor.run(from_block)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1, default=str))
    else:
        for line in summary(report):
            typer.echo(line)
    raise typer.Exit(DIFFERENT if report.difference is not None else 0)

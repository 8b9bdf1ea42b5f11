"""`liandong verify`: are the deployed contracts what the published sources say?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from liandong.chain.compile import CHECKOUT, CompilerMissing, NotACheckout, compiler_path
from liandong.chain.contracts import ContractsNotBuilt, LibraryNotGiven, UnknownContract
from liandong.chain.deployment import Deployment, read_deployment
from liandong.chain.errors import ChainError, DeploymentFileError, WrongChain
from liandong.chain.rpc import RpcClient
from liandong.settings import Settings
from liandong.verification.errors import (
    CompilerNotFound,
    ExplorerKeyMissing,
    ServiceUnreachable,
    VerificationError,
)
from liandong.verification.exact import Finding, own_contracts
from liandong.verification.exact import verify as verify_exactly
from liandong.verification.submission import Blockscout, Etherscan, Outcome, Service, Sourcify, Submission

DIFFERENT, BAD_INPUT, BROKEN = 1, 2, 3
"""Exit codes beside 0."""

BAD_INPUTS = (
    VerificationError, DeploymentFileError, WrongChain, ContractsNotBuilt, UnknownContract, LibraryNotGiven,
)  # fmt: skip


def verify(
    deployment: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What `liandong deploy` wrote.")
    ] = None,
    rpc: Annotated[str | None, typer.Option(metavar="URL", help="The node's JSON-RPC.")] = None,
    recompile: Annotated[
        bool, typer.Option(help="Compile each contract anew from its published sources; takes minutes.")
    ] = False,
    solc: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The compiler for that; in a checkout, the project's.")
    ] = None,
    sourcify: Annotated[str | None, typer.Option(metavar="URL", help="Submit to Sourcify's server.")] = None,
    blockscout: Annotated[str | None, typer.Option(metavar="URL", help="Submit to this Blockscout.")] = None,
    etherscan: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Submit to Etherscan's API; its key in LIANDONG_ETHERSCAN_KEY."),
    ] = None,
    wait: Annotated[
        float,
        typer.Option(min=0, metavar="SECONDS", help="How long to wait for what a service says of each."),
    ] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")] = False,
) -> None:
    """Check that every contract is an exact match of its sources, and submit them to explorers.

    Exit code 0: all are, and every service says so. 1: one is not, or a service does not say so; unless all
    are exact, nothing is submitted. 2: an option or file is no good. 3: the node or a service failed.
    """
    given = {"deployment": deployment, "rpc_url": rpc}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    try:
        known = read_deployment(settings.deployment)
        services = list(_services(settings, sourcify, blockscout, etherscan, wait))
        compiler = solc or (_own_compiler() if recompile else None)
        tell = (lambda finding: None) if as_json else _tell_finding
        findings = verify_exactly(RpcClient(settings.rpc_url), known, solc=compiler, on_finding=tell)
        if all(finding.exact for finding in findings):
            for outcome in _submitted(known, services):
                outcomes.append(outcome)
                if not as_json:
                    _tell_outcome(outcome)
        elif services and not as_json:
            typer.echo("nothing was submitted: not every contract is an exact match")
    except (ServiceUnreachable, *BAD_INPUTS, ChainError) as error:
        broken = not isinstance(error, BAD_INPUTS) or isinstance(error, ServiceUnreachable)
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(BROKEN if broken else BAD_INPUT) from None
    good = all(one.exact for one in findings) and all(one.state == "verified" for one in outcomes)
    if as_json:
        _print_json(known, findings, outcomes, good)
    raise typer.Exit(0 if good else DIFFERENT)


def _own_compiler() -> Path:
    try:
        return compiler_path(CHECKOUT)
    except (CompilerMissing, NotACheckout):
        raise CompilerNotFound("this installation has no compiler of its own: name one with --solc") from None


def _services(
    settings: Settings, sourcify: str | None, blockscout: str | None, etherscan: str | None, wait: float
) -> Iterator[Service]:
    if sourcify is not None:
        yield Sourcify(sourcify, wait=wait)
    if blockscout is not None:
        yield Blockscout(blockscout, wait=wait)
    if etherscan is not None:
        if settings.etherscan_key is None:
            raise ExplorerKeyMissing("Etherscan's API takes a key: put it into LIANDONG_ETHERSCAN_KEY")
        yield Etherscan(etherscan, settings.etherscan_key.get_secret_value(), wait=wait)


def _submitted(deployment: Deployment, services: list[Service]) -> Iterator[Outcome]:
    for service in services:
        for name, contract in own_contracts(deployment):
            yield service.submit(Submission.of(deployment.chain_id, name, contract))
        service.close()


def _tell_finding(finding: Finding) -> None:
    typer.echo(f"{finding.name:<16} {finding.address}  {finding.problem or 'exact match'}")


def _tell_outcome(outcome: Outcome) -> None:
    typer.echo(f"{outcome.service:<10} {outcome.name:<16} {outcome.state}: {outcome.said}")


def _print_json(known: Deployment, findings: list[Finding], outcomes: list[Outcome], good: bool) -> None:
    document = {
        "verified": good,
        "chain_id": known.chain_id,
        "contracts": [asdict(one) | {"exact": one.exact} for one in findings],
        "submissions": [asdict(one) for one in outcomes],
    }
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))

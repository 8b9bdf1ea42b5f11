"""`liandong deploy`: contracts and roles onto any standard node."""

import json
from pathlib import Path
from typing import Annotated

import typer
from eth_utils import is_address
from rich.console import Console
from rich.markup import escape

from liandong.chain.abi import abi_of
from liandong.chain.deployer import deploy as deploy_contracts
from liandong.chain.deployment import Deployment, Roles
from liandong.chain.errors import DeploymentFileError, NodeRefused, WrongChain
from liandong.chain.key_file import KEY_VARIABLE, KeyUnusable, read_signer
from liandong.chain.local import give_coins, local_keys, local_roles, local_signer
from liandong.chain.role_file import RoleFileError, read_roles
from liandong.chain.rpc import RpcClient
from liandong.chain.signer import Sender, Signer
from liandong.errors import LiandongError
from liandong.plans.file import PlanProblems, read_plan

BAD_INPUT, BROKEN = 2, 3
"""Exit codes beside 0."""

TRIAL_CHAINS = (1337, 31337)
"""Chain ids of development nodes: only there do keys that anybody can make stand in for missing ones."""


class OptionMissing(LiandongError):
    """An option is needed here, or its value is no good."""


BAD_INPUTS = (OptionMissing, PlanProblems, KeyUnusable, RoleFileError, DeploymentFileError, WrongChain)


def deploy(
    rpc: Annotated[str, typer.Option(metavar="URL", help="The node.")],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The deployment file; an unfinished one is gone on with.")
    ] = Path("deployment.json"),
    roles: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='JSON: addresses of "operator", "risk", "treasurer", "guardian", "planAdmin" and "admin"; '
            'optionally "planDelay" and "adminDelay" in seconds (two days).',
        ),
    ] = None,
    token: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The ERC-20 to settle in; else a local one is made.")
    ] = None,
    plan: Annotated[str, typer.Option(metavar="NAME|FILE", help="The first plan version.")] = "seed",
    utc_offset: Annotated[
        float, typer.Option(min=-14, max=14, metavar="HOURS", help="The calendar's distance from UTC.")
    ] = 8.0,
    key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"The deployer's key: hex, or a key store. Without it, {KEY_VARIABLE} in the environment.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the deployment file's document.")] = False,
) -> None:
    """Deploy all contracts and wire all roles; run again after an interruption, it goes on where it was.

    The deployer pays and has no power left at the end. On development chains (id 1337 and 31337) trial keys
    stand in for roles and key that are not given. Exit code 0: deployed. 2: an option or file is no good, or
    of another chain. 3: the node or a transaction failed.
    """
    screen = Console(soft_wrap=True, highlight=False, quiet=as_json)
    try:
        sender = Sender(RpcClient(rpc))
        signer = _signer(sender, key_file, screen)
        deployment = deploy_contracts(
            sender,
            signer,
            _roles(sender, roles, screen),
            plan=read_plan(plan),
            token=_token(sender, token),
            utc_offset=round(utc_offset * 3600),
            path=out,
            on_step=lambda step: screen.print(f"  {escape(step)}"),
        )
    except BAD_INPUTS as error:
        _fail(str(error), BAD_INPUT)
    except LiandongError as error:
        _fail(f"{error}\nrun the same command again to go on", BROKEN)
    if as_json:
        typer.echo(json.dumps(deployment.document(), ensure_ascii=False, indent=1))
    else:
        _tell(screen, deployment, out)


def _signer(sender: Sender, key_file: Path | None, screen: Console) -> Signer:
    signer = read_signer(key_file, lambda: typer.prompt("password of the key store", hide_input=True))
    if signer is not None:
        return signer
    _require_trial(sender, f"--key-file, or {KEY_VARIABLE} in the environment")
    signer = local_signer("deployer")
    give_coins(sender, [signer])
    screen.print(f"development chain {sender.chain_id}: a trial key deploys")
    return signer


def _roles(sender: Sender, path: Path | None, screen: Console) -> Roles:
    if path is not None:
        return read_roles(path)
    _require_trial(sender, "--roles")
    screen.print(f"development chain {sender.chain_id}: all roles go to trial keys, which anybody can make")
    return local_roles(local_keys())


def _require_trial(sender: Sender, option: str) -> None:
    if sender.chain_id not in TRIAL_CHAINS:
        raise OptionMissing(f"chain {sender.chain_id} is not a development chain: give {option}")


def _token(sender: Sender, address: str | None) -> str | None:
    """The token's address, after it has answered as an ERC-20 does."""
    if address is None:
        return None
    if not is_address(address):
        raise OptionMissing(f"--token must be an address, not {address!r}")
    data = "0x" + abi_of("LocalToken").functions["totalSupply"].selector.hex()
    try:
        answer = sender.client.call("eth_call", {"to": address, "data": data}, "latest")
    except NodeRefused:
        answer = "0x"
    if len(answer) != 66:
        raise OptionMissing(f"--token: there is no ERC-20 at {address} on chain {sender.chain_id}")
    return address


def _tell(screen: Console, deployment: Deployment, out: Path) -> None:
    screen.print(f"[green]✓[/green] deployed on chain {deployment.chain_id}, written to {escape(str(out))}")
    for name, contract in deployment.contracts.items():
        screen.print(f"  {name:<16} {contract.address}")


def _fail(message: str, code: int) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"[red]error:[/red] {escape(message)}")
    raise typer.Exit(code)

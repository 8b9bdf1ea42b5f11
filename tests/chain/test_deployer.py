"""Deployment: everything wired, on the right chain, nothing created twice whatever interrupts it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from liandong.chain.abi import abi_of
from liandong.chain.contracts import load
from liandong.chain.deployer import deploy
from liandong.chain.deployment import ROLE_BITS, Deployment, Roles, read_deployment
from liandong.chain.errors import (
    AccessManagedUnauthorized,
    AccessManagerNotScheduled,
    DeploymentFileError,
    MissingRole,
    WrongChain,
)
from liandong.chain.local import local_keys, local_roles, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import Keys, SettlementClient
from liandong.chain.signer import Sender, Signer
from liandong.errors import InvalidPlan
from liandong.rules.plan import CASE, SEED, STRICT

GAS = 2**26
KEYS = local_keys()
ROLES = local_roles(KEYS)

CREATED = 12
"""Token, access manager, nine libraries, settlement, lens."""

WIRED = 9
"""Four roles, the token's owner, who may publish plans, both administrators, the deployer's leave."""


class Interrupted(BaseException):
    """Somebody pulled the plug."""


class InterruptedClient(RpcClient):
    """A connection whose plug is pulled at its n-th transaction: before it is sent, or after it was."""

    def __init__(self, url: str, at: int, *, sent: bool) -> None:
        super().__init__(url)
        self.left = at
        self.sent = sent

    def _post(self, body: Any) -> Any:
        requests = body if isinstance(body, list) else [body]
        if any(one["method"] == "eth_sendRawTransaction" for one in requests):
            self.left -= 1
            if self.left == 0:
                if self.sent:
                    super()._post(body)
                raise Interrupted
        return super()._post(body)


def _fresh(words: str) -> Signer:
    return local_signer(f"deployer of {words}")


def _deploy(client: RpcClient, signer: Signer, path: Path | None = None, **options: Any) -> Deployment:
    return deploy(Sender(client, fixed_gas=GAS), signer, options.pop("roles", ROLES), path=path, **options)


def _sent(client: RpcClient, signer: Signer) -> int:
    return int(client.call("eth_getTransactionCount", signer.address, "latest"), 16)


def _read(client: RpcClient, deployment: Deployment, name: str, function: str, *arguments: Any) -> Any:
    found = abi_of(name).functions[function]
    call = {"to": deployment.contracts[name].address, "data": "0x" + found.call_data(arguments).hex()}
    return found.result(bytes.fromhex(client.call("eth_call", call, "latest")[2:]))


def test_all_is_created_and_wired(node: EmbeddedNode, tmp_path: Path) -> None:
    signer = _fresh("all is wired")
    roles = replace(ROLES, plan_delay=3600, admin_delay=7200)
    steps: list[str] = []
    client = node.client()
    deployment = _deploy(client, signer, tmp_path / "d.json", roles=roles, on_step=steps.append, plan=CASE)
    assert deployment.complete and deployment.pending is None
    assert len(deployment.contracts) == CREATED
    assert len(steps) == _sent(client, signer) == CREATED + WIRED

    for name, bit in ROLE_BITS.items():
        assert _read(client, deployment, "Settlement", "roleOf", getattr(roles, name)) == bit
    assert _read(client, deployment, "LocalToken", "owner").lower() == roles.treasurer.lower()
    assert _read(client, deployment, "Authority", "hasRole", 1, roles.plan_admin) == (True, 3600)
    assert _read(client, deployment, "Authority", "hasRole", 0, roles.admin) == (True, 7200)
    assert _read(client, deployment, "Authority", "hasRole", 0, signer.address) == (False, 0)
    assert _read(client, deployment, "Settlement", "authority") == deployment.authority.lower()
    assert _read(client, deployment, "SettlementLens", "settlement") == deployment.settlement.lower()
    assert _read(client, deployment, "Settlement", "utcOffset") == 28_800
    assert _read(client, deployment, "Settlement", "plan", 1)[0] == CASE.tier_bps


def test_the_file_tells_all_that_others_need(node: EmbeddedNode, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "d.json"
    client = node.client()
    deployment = _deploy(client, _fresh("the file"), path)
    written = json.loads(path.read_text())
    assert read_deployment(path) == deployment
    assert (written["chainId"], written["utcOffset"], written["complete"]) == (31337, 28_800, True)
    assert written["genesis"] == client.call("eth_getBlockByNumber", "0x0", False)["hash"]
    settlement = written["contracts"]["Settlement"]
    assert written["block"] == settlement["block"]
    creation = client.call("eth_getTransactionByHash", settlement["creationTransaction"])
    code = load("Settlement").linked_bytecode(settlement["libraries"])
    assert creation["input"] == code.lower() + settlement["constructorArguments"][2:]
    assert not list(path.parent.glob("*.part"))


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, CREATED + WIRED + 1))
def test_an_interrupted_deployment_goes_on_without_doing_anything_twice(
    node: EmbeddedNode, tmp_path: Path, at: int, sent: bool
) -> None:
    signer, path = _fresh(f"interruption {at} {sent}"), tmp_path / "d.json"
    with pytest.raises(Interrupted):
        _deploy(InterruptedClient(node.url, at, sent=sent), signer, path)
    # another process goes on: it knows the key and the file
    signer.nonce = None
    client = node.client()
    deployment = _deploy(client, signer, path)
    assert deployment.complete and len(deployment.contracts) == CREATED
    assert _sent(client, signer) == CREATED + WIRED
    addresses = {one.address for one in deployment.contracts.values()}
    assert len(addresses) == CREATED
    signer.nonce = None
    assert _deploy(client, signer, path) == deployment
    assert _sent(client, signer) == CREATED + WIRED


def test_a_creation_that_can_never_be_mined_is_signed_anew(node: EmbeddedNode, tmp_path: Path) -> None:
    signer, path = _fresh("a taken nonce"), tmp_path / "d.json"
    with pytest.raises(Interrupted):
        _deploy(InterruptedClient(node.url, 3, sent=False), signer, path)
    # meanwhile the key's next nonce went to something else
    client = node.client()
    signer.nonce = None
    Sender(client, fixed_gas=GAS).send(signer, signer.address, b"")
    deployment = _deploy(client, signer, path)
    assert deployment.complete
    assert _sent(client, signer) == CREATED + WIRED + 1


def test_a_file_of_another_chain_is_refused(node: EmbeddedNode, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    _deploy(node.client(), _fresh("one chain"), path)
    before = path.read_text()
    with (
        EmbeddedNode(timestamp=1_600_000_000) as other,
        pytest.raises(WrongChain, match=r"chain 31337 with genesis 0x.*use that chain's node"),
    ):
        _deploy(other.client(), _fresh("another chain"), path)
    assert path.read_text() == before


def test_a_chain_that_lost_its_contracts_is_told(node: EmbeddedNode, tmp_path: Path) -> None:
    clock, path = NodeClock(node.client()), tmp_path / "d.json"
    snapshot, signer = clock.snapshot(), _fresh("a reset chain")
    with pytest.raises(Interrupted):
        _deploy(InterruptedClient(node.url, 5, sent=True), signer, path)
    clock.revert(snapshot)
    signer.nonce = None
    with pytest.raises(DeploymentFileError, match="that chain was reset"):
        _deploy(node.client(), signer, path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"roles": replace(ROLES, operator="0x" + "11" * 20)}, "other roles"),
        ({"utc_offset": 0}, "other roles, delays, time zone"),
        ({"plan": STRICT}, "another plan"),
        ({"token": "0x" + "22" * 20}, "token"),
    ],
)
def test_other_options_do_not_go_on_with_a_deployment(
    node: EmbeddedNode, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    signer, path = _fresh("other options"), tmp_path / "d.json"
    signer.nonce = None
    with pytest.raises(Interrupted):
        _deploy(InterruptedClient(node.url, 4, sent=True), signer, path)
    with pytest.raises(DeploymentFileError, match=said):
        _deploy(node.client(), signer, path, **change)


def test_roles_must_be_apart(node: EmbeddedNode) -> None:
    with pytest.raises(DeploymentFileError, match="four different addresses"):
        _deploy(node.client(), _fresh("one for all"), roles=replace(ROLES, risk=ROLES.operator))
    with pytest.raises(DeploymentFileError, match="guardian and admin must differ"):
        _deploy(node.client(), _fresh("pauser unpauses"), roles=replace(ROLES, guardian=ROLES.admin))


def test_a_token_that_is_there_is_used(node: EmbeddedNode, tmp_path: Path) -> None:
    client = node.client()
    token = _deploy(client, _fresh("a token")).token
    deployment = _deploy(client, _fresh("its user"), tmp_path / "d.json", token=token)
    assert "LocalToken" not in deployment.contracts
    assert _read(client, deployment, "Settlement", "token").lower() == token.lower()
    with pytest.raises(DeploymentFileError, match="no contract at 0x1111"):
        _deploy(client, _fresh("no token"), token="0x" + "11" * 20)


def test_a_plan_that_the_rules_forbid_is_refused_by_the_contract(client: SettlementClient) -> None:
    parameters = {name: getattr(SEED, name) for name in client.deployment.plan}
    with pytest.raises(InvalidPlan, match="return_days"):
        client.publish_plan(parameters | {"return_days": 6})


@pytest.mark.parametrize("delay", [0, 3600])
def test_administration_waits_for_its_delay(node: EmbeddedNode, delay: int) -> None:
    sender = Sender(node.client(), fixed_gas=GAS)
    roles = replace(ROLES, plan_delay=delay, admin_delay=delay)
    keys = local_keys()
    client = SettlementClient(sender, deploy(sender, _fresh(f"delay {delay}"), roles), keys)
    if delay:
        with pytest.raises(AccessManagerNotScheduled):
            client.publish_plan(STRICT)
        client.schedule_plan(STRICT)
        clock = NodeClock(sender.client)
        clock.set(clock.now() + delay)
    client.publish_plan(STRICT)
    assert client.read("book")[3] == 2


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (lambda client: client.freeze(16), MissingRole),
        (lambda client: client.deliver([1]), MissingRole),
        (lambda client: client.withdraw(1, 5), MissingRole),
        (lambda client: client.pause(1), MissingRole),
        (lambda client: client.publish_plan(SEED), AccessManagedUnauthorized),
        (lambda client: client.unpause(1), AccessManagedUnauthorized),
    ],
)
def test_who_lacks_the_role_is_refused(
    client: SettlementClient, step: Callable[[SettlementClient], object], error: type[Exception]
) -> None:
    nobody = local_signer("nobody")
    nobody.nonce = None
    powerless = Keys(**{name: nobody for name in Keys.__slots__})
    with pytest.raises(error):
        step(SettlementClient(client.sender, client.deployment, powerless))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a deployment file"),
        ('{"chainId": 1}', "is not a deployment file"),
    ],
)
def test_a_file_that_is_no_deployment_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "d.json"
    path.write_text(text)
    with pytest.raises(DeploymentFileError, match=f"d.json: {said}"):
        read_deployment(path)


def test_roles_have_no_delay_unless_one_is_given() -> None:
    roles = Roles("a", "b", "c", "d", "e", "f")
    assert (roles.plan_delay, roles.admin_delay) == (0, 0)

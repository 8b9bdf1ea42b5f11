"""`liandong deploy`, run as a user runs it, on a node as others run theirs."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from command import LIANDONG, Run
from eth_account import Account

from liandong.chain.deployment import read_deployment
from liandong.chain.local import COINS, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.rpc import RpcClient

ROLES = {
    name: local_signer(f"role {name}").address
    for name in ("operator", "risk", "treasurer", "guardian", "planAdmin", "admin")
}
STEPS = 21


def _sent(url: str, address: str) -> int:
    return int(RpcClient(url).call("eth_getTransactionCount", address, "latest"), 16)


def _key(url: str, words: str, folder: Path) -> tuple[Path, str]:
    """A key of its own with coins, in a file."""
    signer = local_signer(words)
    NodeClock(RpcClient(url)).give_coins(signer.address, COINS)
    path = folder / "key"
    path.write_text("0x" + bytes(signer.account.key).hex() + "\n")
    return path, signer.address


def test_all_of_it_on_any_node(liandong: Run, stranger: str, tmp_path: Path) -> None:
    key, deployer = _key(stranger, "a deployer of the command line", tmp_path)
    (tmp_path / "roles.json").write_text(json.dumps(ROLES | {"planDelay": 60}))
    options = (
        "--rpc",
        stranger,
        "--key-file",
        key,
        "--roles",
        "roles.json",
        "--plan",
        "strict",
        "--out",
        "d.json",
    )
    done = liandong("deploy", *options)
    assert done.returncode == 0, done.stderr
    assert "✓ deployed on chain 31337, written to d.json" in done.stdout
    deployment = read_deployment(tmp_path / "d.json")
    assert (deployment.roles.plan_delay, deployment.roles.admin_delay) == (60, 172_800)
    assert deployment.roles.operator == ROLES["operator"]
    assert _sent(stranger, deployer) == STEPS

    again = liandong("deploy", *options, "--json")
    assert json.loads(again.stdout)["contracts"]["Settlement"]["address"] == deployment.settlement
    assert _sent(stranger, deployer) == STEPS


@pytest.mark.parametrize("steps", [1, 9, 19])
def test_a_deployment_that_was_killed_is_gone_on_with(
    liandong: Run, stranger: str, tmp_path: Path, steps: int
) -> None:
    key, deployer = _key(stranger, f"killed after {steps}", tmp_path)
    (tmp_path / "roles.json").write_text(json.dumps(ROLES))
    options = ["--rpc", stranger, "--key-file", str(key), "--roles", "roles.json"]
    command = [str(LIANDONG), "deploy", *options]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        for _ in range(steps):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    done = liandong("deploy", *options)
    assert done.returncode == 0, done.stderr
    assert _sent(stranger, deployer) == STEPS


def test_a_development_chain_takes_trial_keys(liandong: Run, stranger: str) -> None:
    done = liandong("deploy", "--rpc", stranger)
    assert done.returncode == 0, done.stderr
    assert "development chain 31337: all roles go to trial keys" in done.stdout


def test_an_encrypted_key_store_opens_with_its_password(liandong: Run, stranger: str, tmp_path: Path) -> None:
    signer = local_signer("a deployer with a key store")
    NodeClock(RpcClient(stranger)).give_coins(signer.address, COINS)
    store = Account.encrypt(signer.account.key, "open sesame", kdf="pbkdf2", iterations=1000)
    (tmp_path / "store.json").write_text(json.dumps(store))
    options = ("deploy", "--rpc", stranger, "--key-file", "store.json", "--out", "d.json")
    wrong = liandong(*options, LIANDONG_KEY_PASSWORD="open barley")
    assert (wrong.returncode, "does not open with this password" in wrong.stderr) == (2, True)
    right = liandong(*options, LIANDONG_KEY_PASSWORD="open sesame")
    assert right.returncode == 0, right.stderr
    assert _sent(stranger, signer.address) == STEPS


def test_elsewhere_keys_and_roles_must_be_given(liandong: Run, tmp_path: Path) -> None:
    with EmbeddedNode(chain_id=77) as node:
        done = liandong("deploy", "--rpc", node.url)
        assert done.returncode == 2
        assert "chain 77 is not a development chain: give --key-file, or LIANDONG_DEPLOYER_KEY" in done.stderr
        key = bytes(local_signer("a key of chain 77").account.key).hex()
        done = liandong("deploy", "--rpc", node.url, LIANDONG_DEPLOYER_KEY=key)
        assert (done.returncode, "give --roles" in done.stderr) == (2, True)
        (tmp_path / "roles.json").write_text(json.dumps(ROLES))
        done = liandong("deploy", "--rpc", node.url, "--roles", "roles.json", LIANDONG_DEPLOYER_KEY=key)
        assert done.returncode == 0, done.stderr
        other = liandong("simulate", "--rpc", node.url, "none.json")
        assert other.returncode == 2
    assert not (tmp_path / "var").exists()


def test_a_file_of_another_chain_is_refused(liandong: Run, stranger: str, tmp_path: Path) -> None:
    assert liandong("deploy", "--rpc", stranger).returncode == 0
    with EmbeddedNode() as other:
        done = liandong("deploy", "--rpc", other.url)
    assert done.returncode == 2
    assert "the deployment is on chain 31337 with genesis" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--plan", "generous"), "no plan of this name"),
        (("--token", "0x1234"), "--token must be an address"),
        (("--token", "0x" + "12" * 20), "there is no ERC-20 at"),
        (("--roles", "missing.json"), "missing.json: cannot be read"),
        (("--roles", "bad.json"), "bad.json: operator must be an address, not 'me'"),
        (("--roles", "odd.json"), "'boss' is no role"),
        (("--key-file", "bad.json"), "the key store does not open"),
        (("--key-file", "short"), "must be a private key, 64 hexadecimal digits"),
    ],
)
def test_bad_options_say_what_to_do(
    liandong: Run, stranger: str, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(ROLES | {"operator": "me"}))
    (tmp_path / "odd.json").write_text(json.dumps(ROLES | {"boss": ROLES["risk"]}))
    (tmp_path / "short").write_text("0x1234")
    done = liandong("deploy", "--rpc", stranger, *options, LIANDONG_KEY_PASSWORD="none")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "deployment.json").exists()
    assert "0x1234" not in done.stderr or "--token" in options


def test_a_deployer_without_coins_is_told_so(liandong: Run, stranger: str) -> None:
    key = bytes(local_signer("a poor deployer").account.key).hex()
    done = liandong("deploy", "--rpc", stranger, LIANDONG_DEPLOYER_KEY=key)
    assert done.returncode == 3
    assert "insufficient funds" in done.stderr.lower()
    assert "run the same command again" in done.stderr

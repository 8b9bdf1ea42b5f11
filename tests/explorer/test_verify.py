"""`liandong verify` on a node: what is exact, and what is not, by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Run
from market import Market

from liandong.chain.contracts import load
from liandong.chain.rpc import RpcClient
from liandong.verification.publication import metadata_hash

Change = Callable[..., Path]


def test_all_contracts_of_a_deployment_are_exact_matches(verify: Run, market: Market) -> None:
    done = verify()
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(market.client.deployment.contracts) == 12
    assert all(line.endswith("exact match") for line in lines)
    assert any(
        line.startswith("Settlement ") and market.client.deployment.settlement in line for line in lines
    )


def test_as_json(verify: Run, market: Market) -> None:
    done = verify("--json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert document["verified"] is True and document["chain_id"] == 31337 and document["submissions"] == []
    assert {one["name"]: one["address"] for one in document["contracts"]} == {
        name: one.address for name, one in market.client.deployment.contracts.items()
    }


def test_the_bytecode_names_the_metadata_by_its_ipfs_hash() -> None:
    """For small metadata and large, to the compiler's own word, which it put into the code."""
    for name in ("Plans", "Settlement"):
        artifact = load(name)
        assert len(artifact.metadata) < 7_000 or len(artifact.metadata) > 90_000
        assert metadata_hash(artifact.metadata).hex() in artifact.deployed_bytecode[-110:]


@pytest.mark.parametrize(
    ("byte", "told"),
    [
        (-20, "the code is the same, but its metadata is not: other sources, comments or settings"),
        (500, "the code differs from the build's from byte 500 on"),
    ],
)
def test_one_byte_is_found(verify: Run, market: Market, rpc: RpcClient, byte: int, told: str) -> None:
    contract = market.client.deployment.contracts["Settling"]
    code = bytearray.fromhex(rpc.call("eth_getCode", contract.address, "latest")[2:])
    code[byte] ^= 1
    rpc.call("anvil_setCode", contract.address, "0x" + code.hex())
    done = verify()
    assert done.returncode == 1
    odd = [line for line in done.stdout.splitlines() if not line.endswith("exact match")]
    assert odd == [f"{'Settling':<16} {contract.address}  {told}"]


def test_a_library_at_an_address_that_is_not_its_own_is_found(
    verify: Run, market: Market, rpc: RpcClient
) -> None:
    """A library's code holds its address, so that it cannot be called but by delegation."""
    contract = market.client.deployment.contracts["Plans"]
    code = rpc.call("eth_getCode", contract.address, "latest")
    assert contract.address[2:].lower() in code
    rpc.call("anvil_setCode", contract.address, code.replace(contract.address[2:].lower(), "22" * 20))
    done = verify()
    assert done.returncode == 1 and "Plans" in done.stdout and "the code differs" in done.stdout


def test_no_contract_and_longer_code_are_told(verify: Run, market: Market, rpc: RpcClient) -> None:
    contract = market.client.deployment.contracts["Plans"]
    rpc.call("anvil_setCode", contract.address, "0x")
    assert "there is no contract at this address" in verify().stdout
    rpc.call("anvil_setCode", contract.address, "0x" + "60" * 99)
    assert re.search(r"Plans .* the code is 99 bytes long, the build's \d{4}\n", verify().stdout)


def test_creation_is_held_against_the_deployment_file(
    verify: Run, market: Market, changed_file: Change
) -> None:
    contracts = market.client.deployment.contracts
    other = contracts["Authority"].creation_transaction
    for fields, told in (
        ({"creationTransaction": other}, f"the transaction {other} did not create it"),
        ({"creationTransaction": "0x" + "ab" * 32}, "the node does not know the creation transaction 0xabab"),
        ({"constructorArguments": "0x" + "00" * 32}, "created it with other code or arguments"),
    ):
        done = verify("--deployment", changed_file("SettlementLens", **fields))
        assert done.returncode == 1 and told in done.stdout, done.stdout


def test_what_cannot_be_tried_is_told_apart(verify: Run, tmp_path: Path, changed_file: Change) -> None:
    (tmp_path / "text.json").write_text("[]")
    for arguments, code, told in (
        (["--deployment", "missing.json"], 2, "missing.json: cannot be read"),
        (["--deployment", "text.json"], 2, "text.json: is not a deployment file"),
        (["--rpc", "http://127.0.0.1:1"], 3, "no node answers at http://127.0.0.1:1"),
        (["--deployment", changed_file("Plans", artifact="Plan")], 2, "no compiled contract 'Plan'"),
        (["--solc", "no-solc"], 2, "there is no compiler no-solc; the contracts were built with solc 0.8.37"),
        (["--etherscan", "http://127.0.0.1:1"], 2, "put it into LIANDONG_ETHERSCAN_KEY"),
        (["--sourcify", "sourcify"], 2, "sourcify: 'sourcify' is not the URL of an API"),
    ):
        done = verify(*arguments)
        assert (done.returncode, done.stderr.startswith("error: ")) == (code, True), (arguments, done.stderr)
        assert told in done.stderr


def test_another_chain_is_refused(verify: Run, deployment_file: Path, tmp_path: Path) -> None:
    document = json.loads(deployment_file.read_text()) | {"genesis": "0x" + "00" * 32}
    (tmp_path / "other.json").write_text(json.dumps(document))
    done = verify("--deployment", tmp_path / "other.json")
    assert done.returncode == 2 and "use that chain's node, or another file" in done.stderr

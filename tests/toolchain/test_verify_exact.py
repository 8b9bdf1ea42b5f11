"""`scripts/verify_exact.mjs`: what the build deploys matches the published sources exactly, and only that."""

import json
import subprocess

import pytest

from liandong.chain import compile as compiling
from liandong.chain import contracts


@pytest.fixture
def artifacts(small_project, tmp_path, monkeypatch):
    folder = tmp_path / "artifacts"
    compiling.build(small_project, folder)
    monkeypatch.setattr(contracts, "ARTIFACTS", folder)
    contracts.load.cache_clear()
    yield folder
    contracts.load.cache_clear()


def deploy(web3, name, *arguments, libraries=None):
    artifact = contracts.load(name)
    contract = web3.eth.contract(abi=artifact.abi, bytecode=artifact.linked_bytecode(libraries))
    sent = contract.constructor(*arguments).transact({"from": web3.eth.accounts[0]})
    receipt = web3.eth.wait_for_transaction_receipt(sent)
    return entry(name, receipt["contractAddress"], sent)


def entry(name, address, transaction):
    return {"address": address, "artifact": name, "creationTransaction": transaction.to_0x_hex()}


@pytest.fixture
def deployment(anvil, artifacts, tmp_path):
    """A library, a contract linked to it, one made by a factory and the factory, as a deployment file."""
    keeper = anvil.eth.accounts[1]
    library = deploy(anvil, "Halving")
    libraries = {"Halving": library["address"]}
    factory = deploy(anvil, "LedgerFactory", libraries=libraries)
    at_factory = anvil.eth.contract(address=factory["address"], abi=contracts.load("LedgerFactory").abi)
    made = at_factory.functions.make(keeper).transact({"from": anvil.eth.accounts[0]})
    deployed = {
        "Halving": library,
        "Ledger": deploy(anvil, "Ledger", keeper, libraries=libraries),
        "LedgerFactory": factory,
        "made by the factory": entry("Ledger", at_factory.functions.last().call(), made),
    }
    file = tmp_path / "deployment.json"
    file.write_text(json.dumps({"chainId": anvil.eth.chain_id, "contracts": deployed}))
    return file


def verify(root, deployment, web3, artifacts):
    command = ["node", root / "scripts/verify_exact.mjs", deployment, web3.provider.endpoint_uri]
    return subprocess.run([*command, "--artifacts", artifacts], capture_output=True, text=True)


def test_what_was_deployed_matches_the_sources_exactly(root, anvil, deployment, artifacts):
    result = verify(root, deployment, anvil, artifacts)
    lines = result.stdout.splitlines()
    assert (result.returncode, len(lines)) == (0, 4), result.stdout + result.stderr
    assert all(line.endswith(": runtime perfect, creation perfect") for line in lines)


def test_a_changed_comment_or_another_contract_is_no_exact_match(
    root, anvil, deployment, artifacts, small_project
):
    source = small_project / "contracts/libraries/Halving.sol"
    source.write_text(source.read_text().replace("rounded down", "never rounded up"))
    compiling.build(small_project, artifacts)
    content = json.loads(deployment.read_text())
    content["contracts"]["LedgerFactory"]["artifact"] = "Ledger"
    deployment.write_text(json.dumps(content))

    result = verify(root, deployment, anvil, artifacts)
    halving, _, factory, _ = result.stdout.splitlines()
    assert result.returncode == 1
    assert halving.endswith("runtime partial, creation partial")
    assert "failed: bytecode_length_mismatch" in factory


def test_a_missing_file_is_named(root, anvil, tmp_path):
    result = verify(root, tmp_path / "none.json", anvil, tmp_path)
    assert result.returncode == 2 and "none.json" in result.stderr

"""`liandong.chain.compile` on a small project: what it writes, when it compiles again, what it refuses."""

import json
import shutil

import pytest

from liandong.chain import compile as compiling
from liandong.chain import contracts


@pytest.fixture
def small_project(small_project):
    """The same, compiled the quick way."""
    settings = small_project / "foundry.toml"
    settings.write_text(settings.read_text().replace("via_ir = true", "via_ir = false"))
    return small_project


@pytest.fixture(scope="module")
def first_build(tmp_path_factory):
    """Keeps what the first build made, for those tests that start from one."""
    return tmp_path_factory.mktemp("first") / "artifacts"


@pytest.fixture
def built(small_project, artifacts, first_build):
    """The small project's folder, compiled."""
    if not first_build.exists():
        assert compiling.build(small_project, first_build)
    shutil.copytree(first_build, artifacts)
    return small_project


@pytest.fixture
def artifacts(tmp_path, monkeypatch):
    folder = tmp_path / "artifacts"
    monkeypatch.setattr(contracts, "ARTIFACTS", folder)
    contracts.load.cache_clear()
    contracts.sources.cache_clear()
    yield folder
    contracts.load.cache_clear()
    contracts.sources.cache_clear()


def test_artifacts_hold_what_deployment_and_verification_need(built):
    assert contracts.names() == ["Halving", "ILedger", "Ledger", "LedgerFactory"]
    ledger = contracts.load("Ledger")
    assert ledger.source_name == "contracts/Ledger.sol"
    assert ledger.libraries == ["Halving"]
    assert {entry["name"] for entry in ledger.abi if entry["type"] == "event"} >= {"Added"}
    assert [slot["label"] for slot in ledger.storage_layout["storage"]][-1] == "total"
    assert ledger.immutable_references
    assert not contracts.load("ILedger").deployable
    sources = contracts.sources()
    assert set(json.loads(ledger.metadata)["sources"]) <= set(sources)
    assert str(built) not in ledger.metadata


def test_linking_fills_in_every_address_and_names_a_missing_library(built):
    factory = contracts.load("LedgerFactory")

    assert "__$" in factory.bytecode
    code = factory.linked_bytecode({"Halving": "0x" + "ab" * 20})
    assert "__$" not in code and "ab" * 20 in code and len(code) == len(factory.bytecode)
    with pytest.raises(contracts.LibraryNotGiven, match="LedgerFactory calls library Halving"):
        factory.linked_bytecode({})


def test_compiles_again_only_when_something_changed(built, artifacts):
    assert not compiling.build(built, artifacts)

    source = built / "contracts/ILedger.sol"
    source.write_text(source.read_text() + "\n// changed\n")
    assert compiling.build(built, artifacts)

    settings = built / "foundry.toml"
    settings.write_text(settings.read_text().replace("optimizer_runs = ", "optimizer_runs = 1"))
    assert compiling.build(built, artifacts)

    (artifacts / "Ledger.json").unlink()
    assert compiling.build(built, artifacts)


def test_a_contract_that_is_gone_leaves_no_artifact(built, artifacts):
    (built / "contracts/Ledger.sol").unlink()
    compiling.build(built, artifacts)
    assert contracts.names() == ["Halving", "ILedger"]


def test_errors_name_what_is_wrong(small_project, artifacts):
    with pytest.raises(contracts.ContractsNotBuilt, match="run `make setup`"):
        contracts.load("Ledger")
    with pytest.raises(compiling.NotACheckout, match=r"no foundry\.toml"):
        compiling.build(small_project / "contracts", artifacts)

    broken = small_project / "contracts/Broken.sol"
    broken.write_text("pragma solidity ^0.8.28;\ncontract Broken { uint256 x = true; }\n")
    with pytest.raises(compiling.CompilationFailed, match=r"contracts/Broken\.sol:2"):
        compiling.build(small_project, artifacts)
    broken.write_text("pragma solidity ^0.8.28;\ncontract Halving {}\n")
    with pytest.raises(compiling.AmbiguousName, match=r"Halving is defined in contracts/Broken\.sol and"):
        compiling.build(small_project, artifacts)


def test_a_name_that_no_contract_has_is_answered_with_those_there_are(built):
    with pytest.raises(contracts.UnknownContract, match="no compiled contract 'Nobody'; there are: Halving"):
        contracts.load("Nobody")

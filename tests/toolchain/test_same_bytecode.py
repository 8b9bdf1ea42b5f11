"""One compiler, one set of settings, one bytecode: py-solc-x (the artifacts), forge and ape agree."""

import json
import os
import subprocess

import pytest

from liandong.chain import compile as compiling
from liandong.chain import contracts

pytestmark = pytest.mark.xdist_group("compilers")  # forge and ape each keep a cache of their own


FEW = ("LocalToken", "Authority")


@pytest.fixture(scope="module")
def forge_output(root):
    """What forge compiled for the gas snapshot, as (creation bytecode, metadata) by contract name."""
    environment = os.environ | {"FOUNDRY_PROFILE": "gas"}  # compiled already, where the snapshot was checked
    command = ["node_modules/.bin/forge", "build", "--quiet", "contracts"]
    subprocess.run(command, cwd=root, check=True, env=environment)

    def read(name):
        source = contracts.load(name).source_name.rsplit("/", 1)[-1]
        output = json.loads((root / "cache/gas/out" / source / f"{name}.json").read_text())
        return output["bytecode"]["object"], output["rawMetadata"]

    return {name: read(name) for name in contracts.names()}


@pytest.fixture(scope="module")
def every_contract(request):
    """Whether ape compiles all contracts, which takes it most of a minute, or those that need few others."""
    return request.config.getoption("--every-contract")


@pytest.fixture(scope="module")
def ape_output(root, every_contract):
    """What `ape compile` leaves behind, made in one go."""
    manifest = root / ".build/__local__.json"
    manifest.unlink(missing_ok=True)  # it would keep contracts that are gone
    sources = [] if every_contract else [contracts.load(name).source_name for name in FEW]
    subprocess.run(["scripts/ape", "compile", *sources], cwd=root, check=True, capture_output=True)
    return json.loads(manifest.read_text())


def test_forge_makes_the_same_bytecode_and_metadata(forge_output):
    ours = {
        name: (contracts.load(name).bytecode, contracts.load(name).metadata) for name in contracts.names()
    }
    assert ours, "no contracts are compiled"
    assert forge_output == ours


def test_ape_makes_the_same_bytecode(ape_output, every_contract):
    # ape leaves out what calls a library that is deployed on its own, until it is told the library's address.
    expected = {
        name: contracts.load(name).bytecode
        for name in (contracts.names() if every_contract else FEW)
        if not contracts.load(name).libraries
    }
    compiled = {
        name: kind.get("deploymentBytecode", {}).get("bytecode", "0x")
        for name, kind in ape_output["contractTypes"].items()
    }
    assert expected
    assert compiled == expected


def test_ape_runs_its_own_tests_on_what_it_compiled(root, ape_output):
    command = ["scripts/ape", "test", "tests/ape", "--network", "ethereum:local:foundry"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert result.returncode == 0 and "1 passed" in result.stdout, result.stdout + result.stderr


def test_ape_compiles_with_the_settings_of_foundry_toml(ape_output):
    (compiler,) = ape_output["compilers"]
    ours = compiling.standard_input()["settings"]
    theirs = {"metadata": {"bytecodeHash": "ipfs"}, **compiler["settings"]}  # ipfs is the compiler's default
    del ours["outputSelection"], theirs["outputSelection"]
    assert theirs == ours
    assert compiler["version"].split("+")[0] == compiling.compiler_path().name.removeprefix("solc-v")


def test_metadata_names_sources_relative_to_the_project_and_the_hash_is_in_the_code(root):
    for name in contracts.names():
        artifact = contracts.load(name)
        metadata = json.loads(artifact.metadata)
        assert str(root) not in artifact.metadata
        assert all(source.startswith(("contracts/", "node_modules/@")) for source in metadata["sources"])
        if artifact.deployable:
            assert "a264697066735822" in artifact.deployed_bytecode, f"{name} holds no metadata hash"


def test_published_sources_are_complete():
    published = contracts.sources()
    for name in contracts.names():
        metadata = json.loads(contracts.load(name).metadata)
        assert set(metadata["sources"]) <= set(published)

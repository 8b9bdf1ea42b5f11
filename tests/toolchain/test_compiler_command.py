"""`scripts/solc/solc-v…`: the npm compiler behind the command line of the native one."""

import json
import subprocess

import pytest

from liandong.chain import compile as compiling

SOURCE = """// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;
import {Far} from "far/Far.sol";
contract Near is Far {}
"""


def solc(*arguments, text="", cwd=None):
    return subprocess.run(
        [compiling.compiler_path(), *arguments], input=text, capture_output=True, text=True, cwd=cwd
    )


def standard_input(outputs=("evm.bytecode.object",)):
    return json.dumps(
        {
            "language": "Solidity",
            "sources": {"Near.sol": {"content": SOURCE}},
            "settings": {"outputSelection": {"*": {"*": list(outputs), "": ["ast"]}}},
        }
    )


@pytest.fixture
def packages(tmp_path):
    (tmp_path / "packages/far").mkdir(parents=True)
    (tmp_path / "packages/far/Far.sol").write_text("pragma solidity ^0.8.28;\ncontract Far {}\n")
    return tmp_path / "packages"


def test_version_is_that_of_its_name():
    assert (
        f"Version: {compiling.compiler_path().name.removeprefix('solc-v')}+commit."
        in solc("--version").stdout
    )


@pytest.mark.parametrize("option", ["--include-path", "--base-path"])
def test_imports_are_read_from_the_given_folders(packages, option):
    result = solc("--allow-paths", ".", "--standard-json", option, packages, text=standard_input())
    assert set(json.loads(result.stdout)["contracts"]) == {"Near.sol", "far/Far.sol"}


def test_input_may_be_a_file(packages, tmp_path):
    (tmp_path / "input.json").write_text(standard_input())
    result = solc("--standard-json", tmp_path / "input.json", f"--base-path={packages}")
    assert "contracts" in json.loads(result.stdout)


def test_a_missing_import_is_named_with_the_folders_searched(packages, tmp_path):
    errors = json.loads(solc("--standard-json", "--base-path", tmp_path, text=standard_input()).stdout)[
        "errors"
    ]
    assert any(
        "File not found: far/Far.sol" in error["message"] and str(tmp_path) in error["message"]
        for error in errors
    )


def test_a_large_output_reaches_a_slow_reader_whole(root):
    wide = "\n".join(
        f"function f{i}(uint256 x) external pure returns (uint256) {{ return x + {i}; }}" for i in range(900)
    )
    given = json.dumps(
        {
            "language": "Solidity",
            "sources": {"Wide.sol": {"content": f"pragma solidity ^0.8.28;\ncontract Wide {{ {wide} }}"}},
            "settings": {"outputSelection": {"*": {"*": ["abi"], "": ["ast"]}}},
        }
    )
    command = f"'{compiling.compiler_path()}' --standard-json | (sleep 2; cat)"
    result = subprocess.run(["sh", "-c", command], input=given, capture_output=True, text=True)
    assert len(result.stdout) > 1_000_000
    assert len(json.loads(result.stdout)["contracts"]["Wide.sol"]["Wide"]["abi"]) == 900


def test_what_is_not_understood_is_refused():
    result = solc("--combined-json", "abi")
    assert result.returncode == 1 and "option --combined-json is not supported" in result.stderr
    assert "nothing to do" in solc().stderr

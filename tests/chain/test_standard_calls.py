"""The package runs on any node: what only development nodes know is called in one module."""

from __future__ import annotations

import re
from pathlib import Path

import liandong
from liandong.chain import node

ROOT = Path(liandong.__file__).parents[2]
DEVELOPMENT_ONLY = re.compile(r"""["'`]((?:anvil|hardhat|evm|ganache)_\w+)["'`]""")
NO_CALLS = {"evm_version"}
"""A setting of the compiler's."""


def sources() -> list[Path]:
    """Everything that runs outside tests."""
    found = [*(ROOT / "backend" / "liandong").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
    found += (ROOT / "scripts").rglob("*.mjs")
    return [path for path in found if path != Path(node.__file__)]


def calls_in(path: Path) -> set[str]:
    """Calls that not every node has."""
    return set(DEVELOPMENT_ONLY.findall(path.read_text())) - NO_CALLS


def test_calls_of_development_nodes_stay_in_the_embedded_node() -> None:
    files = sources()
    assert len(files) > 100
    found = {str(path.relative_to(ROOT)): calls_in(path) for path in files}
    assert {name: calls for name, calls in found.items() if calls} == {}
    assert {"evm_mine", "anvil_dumpState"} <= calls_in(Path(node.__file__))

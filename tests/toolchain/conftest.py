"""A small project with everything that the build must cope with, a node of our own, the repository's root."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from web3 import Web3

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout that is tested."""
    return ROOT


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A copy of `tests/toolchain/project` with this project's settings, compiler and packages."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "tests/toolchain/project", project)
    shutil.copy(ROOT / "foundry.toml", project)
    for name in ("node_modules", "scripts"):
        (project / name).symlink_to(ROOT / name)
    return project


@pytest.fixture
def anvil() -> Iterator[Web3]:
    """A fresh node on a free port."""
    command = [ROOT / "node_modules/.bin/anvil", "--port", "0", "--host", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout:
                if listening := re.match(r"Listening on (\S+)", line):
                    yield Web3(Web3.HTTPProvider(f"http://{listening[1]}"))
                    return
            raise RuntimeError(f"anvil ended with {process.wait()} before it listened")
        finally:
            process.terminate()

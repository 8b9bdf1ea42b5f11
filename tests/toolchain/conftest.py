"""A small project with everything that the build must cope with, a node of our own, the repository's root."""

import re
import shutil
import subprocess
import time
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
def anvil(tmp_path: Path) -> Iterator[Web3]:
    """A fresh node on a free port."""
    # Its log goes to a file: a pipe that nobody empties would stop the node.
    log = tmp_path / "anvil.log"
    command = [ROOT / "node_modules/.bin/anvil", "--port", "0", "--host", "127.0.0.1"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            while not (listening := re.search(r"^Listening on (\S+)$", log.read_text(), re.MULTILINE)):
                if process.poll() is not None:
                    raise RuntimeError(f"anvil ended before it listened: {log.read_text()}")
                time.sleep(0.02)
            yield Web3(Web3.HTTPProvider(f"http://{listening[1]}"))
        finally:
            process.terminate()

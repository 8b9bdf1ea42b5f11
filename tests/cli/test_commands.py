"""The list of commands says what the commands say, and lists without importing any of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command import Run

from liandong.cli import COMMANDS, load

HEAVY = ("fastapi", "sqlalchemy", "web3", "eth_account", "liandong.chain.signer")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_its_own_words(name: str) -> None:
    words = " ".join((load(name).help or "").split())
    assert words.startswith(COMMANDS[name]), words


def test_help_lists_all_commands(liandong: Run) -> None:
    shown = liandong("--help").stdout
    assert all(name in shown for name in COMMANDS)
    assert liandong("nothing").returncode == 2


@pytest.mark.parametrize("command", [["--help"], ["plan", "check", "seed"]])
def test_quick_commands_import_nothing_heavy(command: list[str]) -> None:
    program = (
        "import sys; from liandong.cli import app\n"
        f"try: app({command!r})\n"
        f"except SystemExit: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]", done.stderr

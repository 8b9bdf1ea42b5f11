"""The page of figures: each benchmark writes a section of its own and leaves the others."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

HEAD = """\
# Benchmarks of the backend

Each section is written by its script (`--write` this page; `make bench-backend` runs them), with what it was
compared with in the same run.
"""


class Circumstances:
    """What kind of machine this is, and how busy it was: at the beginning, and at the end when it is told."""

    def __init__(self) -> None:
        self._before = os.getloadavg()[0]

    def __str__(self) -> str:
        what = (
            f"{os.cpu_count()} cores for everything, {platform.machine()}, Python {platform.python_version()}"
        )
        load = f"load of the machine before {self._before:.1f}, at the end {os.getloadavg()[0]:.1f}"
        return f"{what}; {load}"


def write_section(page: Path, title: str, script: str, lines: Sequence[str]) -> None:
    """Puts a section into the page, in place of an older one of the same title."""
    written = page.read_text() if page.exists() else HEAD
    sections = written.split("\n## ")
    section = "\n".join([title, "", f"`{script}`: {lines[0]}", *lines[1:]]) + "\n"
    kept = [one for one in sections[1:] if one.partition("\n")[0] != title]
    page.write_text(
        "\n## ".join([sections[0].rstrip("\n") + "\n", *[one.strip("\n") + "\n" for one in kept], section])
    )

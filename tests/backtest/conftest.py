"""Small histories, written as a shop would export them."""

from __future__ import annotations

from pathlib import Path

import pytest
from csv_files import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes lines to a file of this name; returns its path."""

    def write(*lines: str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return write

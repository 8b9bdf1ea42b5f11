"""Where the command is, and what running it looks like."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

LIANDONG = Path(sys.executable).with_name("liandong")

Run = Callable[..., subprocess.CompletedProcess[str]]

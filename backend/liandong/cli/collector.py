"""Python's collector of cycles in services: what was loaded at the start stays for good."""

from __future__ import annotations

import gc


def leave_what_was_loaded() -> None:
    """Lets the collector look through what comes from now on only, not through all modules each time."""
    gc.collect()
    gc.freeze()

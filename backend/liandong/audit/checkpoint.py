"""How far an audit came, kept in a file, so that the next one need not replay what is final."""

from __future__ import annotations

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any

from liandong.audit.replay import Replay

FORMAT = b"liandong audit 1\n"
KEPT = 3
_PLAIN = {("builtins", "set"), ("collections", "Counter"), ("collections", "defaultdict")}


class Checkpoints:
    """The kept replays of one deployment, by their last block.

    The folder must belong to whoever runs the audit alone: what is read from it is believed.
    """

    def __init__(self, folder: Path, chain: str) -> None:
        """``chain`` tells one deployment from another."""
        self._folder = folder / hashlib.sha256(chain.encode()).hexdigest()[:16]

    def write(self, block: int, hash_: str, replay: bytes) -> None:
        """Keeps a replay that was found right; older ones beyond a few are dropped."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._folder / "part"
        digest = hashlib.sha256(replay).hexdigest()
        part.write_bytes(FORMAT + f"{hash_} {digest}\n".encode() + replay)
        part.replace(self._path(block))
        for old in self._blocks()[:-KEPT]:
            self._path(old).unlink()

    def before(self, block: int) -> tuple[int, str, Replay] | None:
        """The newest replay that ends before a block: its last block's number and hash."""
        for number in reversed(self._blocks()):
            if number < block and (found := self._read(number)) is not None:
                return number, *found
        return None

    def _read(self, block: int) -> tuple[str, Replay] | None:
        raw = self._path(block).read_bytes()
        if not raw.startswith(FORMAT):
            return None
        head, _, body = raw[len(FORMAT) :].partition(b"\n")
        hash_, digest = head.decode().split()
        if hashlib.sha256(body).hexdigest() != digest:
            return None
        return hash_, _Unpickler(io.BytesIO(body)).load()

    def _blocks(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*.audit"))

    def _path(self, block: int) -> Path:
        return self._folder / f"{block}.audit"


def packed(replay: Replay) -> bytes:
    """A replay as bytes."""
    return pickle.dumps(replay, protocol=pickle.HIGHEST_PROTOCOL)


class _Unpickler(pickle.Unpickler):
    """Makes objects of this package only."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN or module.startswith("liandong."):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an audit")

"""While a range is taken in, the next one is fetched: node and mirror work at the same time."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from liandong.mirror.fetching import Fetcher, Range


@dataclass(frozen=True, slots=True)
class _UnderWay:
    first: int
    parent_hash: str
    final: int
    range: Future[Range]


class FetchAhead:
    """One range at a time, by a thread of its own, while a ``with`` block of it is open.

    Nothing else may use the node between begin and wait; the block's end waits, too.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._pool: ThreadPoolExecutor | None = None
        self._begun: _UnderWay | None = None

    def __enter__(self) -> Self:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="fetch-ahead")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._pool is not None
        self._pool.shutdown()
        self._pool = self._begun = None

    def begin(self, first: int, head: int, parent_hash: str, final: int) -> None:
        """Begins to fetch what follows the block with this hash; nothing where no block is open."""
        if self._pool is None:
            return
        found = self._pool.submit(self._fetcher.fetch, first, head, parent_hash, final)
        self._begun = _UnderWay(first, parent_hash, final, found)

    def wait(self) -> None:
        """Returns when the node is free."""
        if self._begun is not None:
            self._begun.range.exception()

    def take(self, first: int, parent_hash: str, final: int) -> Range | None:
        """What was fetched, if it follows this block; None where it does not, or where it failed.

        What failed is asked for again, by the step that needs it, and fails there.
        """
        begun, self._begun = self._begun, None
        if begun is None or (begun.first, begun.parent_hash) != (first, parent_hash):
            return None
        # with a final block that is lower now, headers would be missing above it
        if begun.final > final or begun.range.exception() is not None:
            return None
        return begun.range.result()

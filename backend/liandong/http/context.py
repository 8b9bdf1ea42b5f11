"""What the endpoints of one app work with."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry, Gauge

from liandong.chain.deployment import Deployment
from liandong.chain.rpc import RpcClient
from liandong.db.session import Database
from liandong.http.explorer import Explorer
from liandong.http.rate_limit import RateLimiter
from liandong.settings import Settings

MOST_WAITS = 16
"""Callers that can wait for outcomes at once: each holds one of the server's 40 threads."""


@dataclass
class Context:
    """Made once in ``create_app``."""

    settings: Settings
    database: Database
    deployment: Deployment
    waits: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITS))
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    troubles: dict[str, str] = field(default_factory=dict)
    _local: threading.local = field(default_factory=threading.local)

    def __post_init__(self) -> None:
        self.limiter = RateLimiter(self.database)
        self.explorer = Explorer(self.settings.explorer_url)
        named = {
            "block": "Last block that the mirror has.", "head": "Last block that the node has.",
            "lag": "Blocks that the mirror is behind.", "reorgs": "Reorganisations that were undone.",
        }  # fmt: skip
        self.gauges = {
            name: Gauge(f"liandong_mirror_{name}", about, registry=self.registry)
            for name, about in named.items()
        }
        self.gauges["requests"] = Gauge(
            "liandong_outbox_requests", "Requests that are under way.", ("state",), registry=self.registry
        )

    def trouble(self) -> str:
        """What keeps a part of this process from working, for people; empty where nothing does."""
        return "; ".join(f"{part}: {said}" for part, said in sorted(self.troubles.items()))

    def node(self) -> RpcClient:
        """The node, by a connection of the calling thread's own."""
        client: RpcClient | None = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = RpcClient(self.settings.rpc_url, timeout=10)
        return client


def context_of(request: Request) -> Context:
    """The context of the app that answers."""
    found: Context = request.app.state.context
    return found


async def _context(request: Request) -> Context:
    """As a dependency: async, so that no thread is taken for it."""
    return context_of(request)


InContext = Annotated[Context, Depends(_context)]
"""For operations. Those that are asked most take the request and call :func:`context_of`: it is faster."""

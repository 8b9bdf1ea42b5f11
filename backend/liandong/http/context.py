"""What the endpoints of one app work with."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from liandong.access.rate_limit import RateLimiter
from liandong.chain.deployment import Deployment
from liandong.chain.rpc import RpcClient
from liandong.db.session import Database
from liandong.personal.cipher import KeyRing
from liandong.settings import Settings


@dataclass
class Context:
    """Made once in ``create_app``."""

    settings: Settings
    database: Database
    deployment: Deployment
    key_ring: KeyRing | None
    limiter: RateLimiter = field(default_factory=RateLimiter)
    _local: threading.local = field(default_factory=threading.local)

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


InContext = Annotated[Context, Depends(context_of)]

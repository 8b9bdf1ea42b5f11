"""The mirror's follower, and the outbox's workers, as threads of the API's process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from liandong.chain.rpc import RpcClient
from liandong.http.context import Context
from liandong.mirror.follower import Follower, Step
from liandong.outbox.opening import open_worker

LOG = logging.getLogger("liandong.background")

STOP_SECONDS = 30

Part = Callable[[threading.Event], None]
"""Runs until the event is set."""


@dataclass
class Background:
    """Parts that run beside the API. One that ends with an error leaves the API alive, but not ready."""

    context: Context
    parts: dict[str, Part]
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Starts all parts."""
        for name, part in self.parts.items():
            thread = threading.Thread(target=self._run, args=(name, part), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Tells all parts to stop, and waits for them."""
        self._stop.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _run(self, name: str, part: Part) -> None:
        try:
            part(self._stop)
        except Exception as error:
            self.context.troubles[name] = f"{type(error).__name__}: {error}"
            LOG.error("ended", extra={"fields": {"part": name, "error": type(error).__name__}})


def mirror_part(context: Context) -> Part:
    """The follower of the context's deployment."""

    def run(stop: threading.Event) -> None:
        settings = context.settings
        follower = Follower(
            context.database,
            RpcClient(settings.rpc_url, settings.rpc_seconds),
            context.deployment,
            finality=settings.finality,
        )

        def stepped(step: Step) -> None:
            context.troubles.pop("mirror", None)

        def troubled(error: Exception) -> None:
            context.troubles["mirror"] = type(error).__name__
            LOG.warning("waiting", extra={"fields": {"part": "mirror", "error": type(error).__name__}})

        follower.run(stop, settings.poll_seconds, stepped, troubled)

    return run


def worker_part(context: Context) -> Part:
    """A worker with the settings' signers. Raises ``KeyUnusable`` at once where a key is no good."""
    return open_worker(context.settings, context.database, context.deployment).run

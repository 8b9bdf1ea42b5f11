"""Runs audits in a thread of their own; the last one's report is kept while the process lives."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from liandong.audit.auditor import Auditor, Report
from liandong.chain.rpc import RpcClient
from liandong.http.context import Context

LOG = logging.getLogger("liandong.audit")


@dataclass(frozen=True, slots=True)
class Run:
    """An audit: under way while both ``report`` and ``failed`` are None. Times are Unix seconds."""

    begun_at: int
    report: Report | None = None
    failed: str | None = None


class Audits:
    """The audits of one process."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._last: Run | None = None

    def last(self) -> Run | None:
        """The last audit, also one that is under way."""
        return self._last

    def start(self, from_block: int | None) -> Run:
        """Begins an audit; while one is under way, that one is the answer."""
        with self._lock:
            running = self._last
            if running is not None and running.report is None and running.failed is None:
                return running
            begun = self._last = Run(int(time.time()))
        threading.Thread(target=self._run, args=(begun, from_block), name="audit", daemon=True).start()
        return begun

    def _run(self, begun: Run, from_block: int | None) -> None:
        context = self._context
        try:
            client = RpcClient(context.settings.rpc_url)
            auditor = Auditor(context.database, client, context.deployment, context.settings.audit_folder)
            self._last = Run(begun.begun_at, auditor.run(from_block))
        except Exception as error:
            LOG.error("failed", extra={"fields": {"error": type(error).__name__}})
            self._last = Run(begun.begun_at, failed=type(error).__name__)

"""Runs audits in a thread of their own, one at a time for all processes; their reports stay on record."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from sqlmodel import Session, col, select, update

from liandong.audit.auditor import Auditor
from liandong.chain.rpc import RpcClient
from liandong.db.access import AuditRun
from liandong.http.context import Context

LOG = logging.getLogger("liandong.audit")

BEAT_SECONDS = 5.0

TELL_SECONDS = 0.5

DEAD_SECONDS = 30
"""An audit that did not beat for so long went down with its process."""


class Audits:
    """The audits, and this process's thread for them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def last(self) -> AuditRun | None:
        """The last audit, also one that is under way."""
        with self._context.database.read() as session:
            return _last(session)

    def get(self, number: int) -> AuditRun | None:
        """One audit."""
        with self._context.database.read() as session:
            return session.get(AuditRun, number)

    def page(self, before: int | None, rows: int) -> Sequence[AuditRun]:
        """Audits, newest first."""
        query = select(AuditRun).order_by(col(AuditRun.id).desc()).limit(rows)
        if before is not None:
            query = query.where(col(AuditRun.id) < before)
        with self._context.database.read() as session:
            return session.exec(query).all()

    def start(self, from_block: int | None) -> AuditRun:
        """Begins an audit; while one is under way, that one is the answer."""
        now = int(time.time())
        with self._context.database.write() as session:
            last = _last(session)
            if last is not None and is_running(last):
                return last
            begun = AuditRun(begun_at=now, beat_at=now)
            session.add(begun)
            session.flush()
            session.expunge(begun)
        assert begun.id is not None
        threading.Thread(target=self._run, args=(begun.id, from_block), name="audit", daemon=True).start()
        return begun

    def _run(self, number: int, from_block: int | None) -> None:
        ended = threading.Event()
        threading.Thread(target=self._beat, args=(number, ended), name="audit beat", daemon=True).start()
        context = self._context
        try:
            client = RpcClient(context.settings.rpc_url)
            auditor = Auditor(
                context.database, client, context.deployment, context.settings.audit_folder,
                self._teller(number),
            )  # fmt: skip
            report = asdict(auditor.run(from_block))
            self._change(number, done=True, report=json.dumps(report, default=str))
        except Exception as error:
            LOG.error("failed", extra={"fields": {"error": type(error).__name__}})
            self._change(number, done=True, failed=type(error).__name__)
        finally:
            ended.set()

    def _teller(self, number: int) -> Callable[[int, int], None]:
        """Writes down how far an audit is, now and then."""
        told_at = 0.0

        def tell(at: int, last: int) -> None:
            nonlocal told_at
            if at == last or time.monotonic() - told_at > TELL_SECONDS:
                told_at = time.monotonic()
                self._change(number, at_block=at, last_block=last, beat_at=int(time.time()))

        return tell

    def _beat(self, number: int, ended: threading.Event) -> None:
        while not ended.wait(BEAT_SECONDS):
            self._change(number, beat_at=int(time.time()))

    def _change(self, number: int, **values: object) -> None:
        with self._context.database.write() as session:
            session.exec(update(AuditRun).where(col(AuditRun.id) == number).values(**values))


def is_running(run: AuditRun) -> bool:
    """Whether it is under way; one whose process went down is not."""
    return not run.done and run.beat_at >= time.time() - DEAD_SECONDS


def _last(session: Session) -> AuditRun | None:
    return session.exec(select(AuditRun).order_by(col(AuditRun.id).desc()).limit(1)).first()

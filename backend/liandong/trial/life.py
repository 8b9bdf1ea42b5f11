"""The trial's life: a day after the other in the shop, told on screen, until it is stopped."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.text import Text

from liandong.chain.node import NodeClock
from liandong.db.chain import MirrorCursor
from liandong.figures import count, money
from liandong.trial import telling
from liandong.trial.mall import Mall, Stopped
from liandong.trial.services import Services

DAY = 86_400

SAVE_SECONDS = 60.0

AUDIT_DAYS = 30

FIRST_DAYS = 12
"""These pass in a second each, until there is something to settle."""

LAST_DAY = 60_000
"""The contracts count days in sixteen bits; the trial stops before they end."""


class Life:
    """Days pass here."""

    def __init__(self, services: Services, screen: Console, seconds: float, stop: threading.Event) -> None:
        self._services = services
        self._screen = screen
        self._seconds = seconds
        self._stop = stop
        self._clock = NodeClock(services.node.client())
        self._audited: int | None = None
        self._audit_told: int | None = None

    def run(self) -> None:
        """Until told to stop. Raises ``ApiRefused`` and chain errors where the services do not do."""
        mall = Mall(self._services.url, self._services.keys, self._stop.is_set)
        try:
            mall.quiet()
            self._services.save()
            mall.open()
            saved = time.monotonic()
            while not self._stop.is_set():
                begun = time.monotonic()
                day = self._today()
                self._day(mall, day)
                if time.monotonic() - saved > SAVE_SECONDS and mall.quiet():
                    self._services.save()
                    saved = time.monotonic()
                seconds = min(self._seconds, 1.0) if day < FIRST_DAYS else self._seconds
                self._stop.wait(max(seconds - (time.monotonic() - begun), 0))
                if not self._stop.is_set() and day < LAST_DAY:
                    self._clock.set(self._clock.now() + DAY)
        except Stopped:
            pass
        finally:
            mall.close()

    def _day(self, mall: Mall, day: int) -> None:
        database = self._services.database
        mall.quiet()
        with database.read() as session:
            before = telling.place_of(session)
        mall.day(day)
        # time for the schedule to look, and for what it finds
        self._stop.wait(min(self._seconds / 3, 0.6))
        mall.quiet()
        if self._stop.is_set():
            return
        names = {number: name for name, number in mall.numbers.items()}
        with database.read() as session:
            told = telling.day_since(session, before, names)

        status = self._status(mall)
        for line in telling.lines(f"day {day} {self._date()}", told, names, status):
            self._screen.print(line, soft_wrap=True)
        self._audit(mall, day)

    def _status(self, mall: Mall) -> Text:
        status, found = mall.status(), mall.reconciliation()
        text = Text(f"block {status['block']}, lag {status['lag']}, ", "dim")
        if status["trouble"]:
            text.append(f"{status['trouble']}, ", "bold red")
        if found["agrees"]:
            return text.append(f"对账 {money(found['held'])} ✓", "green")
        flow = found["tokens_in"] - found["tokens_out"]
        held = f"held {money(found['held'])}, in − out {money(flow)}, tokens {money(found['tokens'])}"
        return text.append(f"对账 ✗ {held}", "bold red")

    def _audit(self, mall: Mall, day: int) -> None:
        """Every month a full replay from the logs; told when it is done."""
        last = mall.last_audit()
        if last is not None and last["state"] != "running" and last["begun_at"] != self._audit_told:
            self._audit_told = last["begun_at"]
            self._screen.print(_audit_line(last), soft_wrap=True)
            if last["state"] == "agrees":
                self._audited = last["last_block"]
        if day % AUDIT_DAYS == AUDIT_DAYS - 1:
            mall.audit(self._audited)

    def _today(self) -> int:
        with self._services.database.read() as session:
            cursor = session.get_one(MirrorCursor, 1)
        return (self._clock.now() + cursor.utc_offset) // DAY - cursor.day_zero

    def _date(self) -> str:
        deployment = self._services.chain.deployment
        local = datetime.fromtimestamp(self._clock.now(), UTC) + timedelta(seconds=deployment.utc_offset)
        return local.date().isoformat()


def _audit_line(audit: dict) -> Text:  # type: ignore[type-arg]
    if audit["state"] == "agrees":
        return Text(
            f"    ▸ audit 审计: {count(audit['events'])} events replayed, {count(audit['compared'])} values "
            "compared: chain = mirror = rules",
            "green",
        )
    difference = audit["difference"]["name"] if audit["difference"] else audit["failed"]
    return Text(f"    ▸ audit 审计: {audit['state']}: {difference}", "bold red")

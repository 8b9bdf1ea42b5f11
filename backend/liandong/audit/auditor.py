"""The audit: replay from logs, then the three-way comparison of rules, chain and mirror."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from liandong.audit import by_rules, in_mirror, on_chain, replay_orders, replay_steps
from liandong.audit.checkpoint import Checkpoints, packed
from liandong.audit.difference import AuditDiffers, Difference, require_agreement
from liandong.audit.replay import Replay, Touched
from liandong.audit.views import Views
from liandong.chain.deployment import Deployment
from liandong.chain.rpc import RpcClient
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorCursor, MirrorTransaction
from liandong.db.money import Account, Book
from liandong.db.orders import OrderBatch, SalesOrder
from liandong.db.people import Participant, TeamPlace
from liandong.db.session import Database
from liandong.errors import InvariantBroken, LiandongError
from liandong.mirror.derived import Calendar
from liandong.mirror.events import Decoded, decode, event_row
from liandong.mirror.fetching import Fetcher, Range
from liandong.rules.invariants import check_invariants

HANDLERS = replay_steps.HANDLERS | replay_orders.HANDLERS
CHUNK = 2_000


class NothingMirrored(LiandongError):
    """The database holds no mirror of this deployment yet: let the mirror follow the chain first."""


@dataclass(slots=True)
class Report:
    """What an audit did; ``difference`` is None where everything agrees."""

    first_block: int
    last_block: int
    events: int = 0
    compared: int = 0
    seconds: float = 0.0
    difference: Difference | None = None


class Auditor:
    """Audits one deployment against one mirror."""

    def __init__(
        self, database: Database, rpc: RpcClient, deployment: Deployment, folder: Path,
        tell: Callable[[int, int], None] = lambda at, last: None,
    ) -> None:  # fmt: skip
        """``folder`` is where it is kept how far an audit came.

        ``tell`` is called with the block that was replayed last, and the last one that will be.
        """
        self._tell = tell
        self._database = database
        self._rpc = rpc
        self._deployment = deployment
        chain = f"{deployment.chain_id} {deployment.genesis} {deployment.settlement.lower()}"
        self._checkpoints = Checkpoints(folder, chain)

    def run(self, from_block: int | None = None) -> Report:
        """Audits up to the block that the mirror is at.

        With ``from_block``, what the blocks before it came to is taken from an earlier audit, where one
        kept it, and what has not changed since is not compared again.
        """
        begun = time.monotonic()
        self._deployment.require_chain(self._rpc)
        with self._database.read() as session:
            cursor = session.get(MirrorCursor, 1)
            if cursor is None or cursor.settlement != self._deployment.settlement.lower():
                raise NothingMirrored(
                    "the database holds no mirror of this deployment: run `liandong mirror follow` first"
                )
            report = Report(self._deployment.block or 0, cursor.block_number)
            try:
                self._audit(session, cursor, report, from_block)
            except AuditDiffers as found:
                report.difference = found.difference
        report.seconds = time.monotonic() - begun
        return report

    def _audit(self, session: Session, cursor: MirrorCursor, report: Report, from_block: int | None) -> None:
        before = max((self._deployment.block or 1) - 1, 0)
        fetcher = Fetcher(self._rpc, self._deployment.settlement)
        replay, hash_ = Replay(), fetcher.headers([before])[0].hash
        kept = self._checkpoints.before(from_block) if from_block is not None else None
        if kept is not None and fetcher.headers([kept[0]])[0].hash == kept[1]:
            before, hash_, replay = kept
        whole = replay.events == 0
        report.first_block = before + 1
        events_before = replay.events
        checkpoint: tuple[int, str, bytes] | None = None
        stops = sorted({cursor.final_number, cursor.block_number})
        calendar = Calendar(cursor.utc_offset, cursor.day_zero)
        for stop in stops:
            while before < stop:
                found = fetcher.fetch(before + 1, stop, hash_, stop)
                self._take(session, replay, found, calendar)
                before, hash_ = found.last.number, found.last.hash
                self._tell(before, cursor.block_number)
            replay.finish()
            if stop == cursor.final_number and before == stop:
                touched, replay.touched = replay.touched, Touched()
                checkpoint = before, hash_, packed(replay)
                replay.touched = touched
        if hash_ != cursor.block_hash:
            raise AuditDiffers(Difference(f"block {before} hash", chain=hash_, mirror=cursor.block_hash))
        report.events = replay.events - events_before
        report.compared = self._compare(session, replay, Views(self._rpc, self._deployment, before), whole)
        if checkpoint is not None:
            self._checkpoints.write(*checkpoint)

    def _take(self, session: Session, replay: Replay, found: Range, calendar: Calendar) -> None:
        events = decode(found.logs)
        self._compare_events(session, found, events)
        days = {one.number: calendar.day(one.timestamp) for one in found.headers}
        for one in events:
            replay.take(one, days[one.block], HANDLERS[one.decoder.name])

    def _compare_events(self, session: Session, found: Range, events: Sequence[Decoded]) -> None:
        """What the mirror says was told, in this range, is what was."""
        first, last = found.first, found.last.number

        def rows(model: type[SQLModel], block: object, order: Sequence[object]) -> list[tuple[object, ...]]:
            table = model.__table__  # type: ignore[attr-defined]
            query = select(table).where(block.between(first, last)).order_by(*order)  # type: ignore[attr-defined]
            return [tuple(row) for row in session.execute(query)]

        block, index = col(ChainEvent.block_number), col(ChainEvent.log_index)
        told = [event_row(one) for one in events]
        _same_rows("event", told, rows(ChainEvent, block, (block, index)))
        block, index = col(MirrorTransaction.block_number), col(MirrorTransaction.transaction_index)
        hashes = {(one.block, one.transaction_index): one.log["transactionHash"] for one in events}
        _same_rows(
            "transaction", [(*at, hash_) for at, hash_ in hashes.items()],
            rows(MirrorTransaction, block, (block, index)),
        )  # fmt: skip
        number = col(MirrorBlock.number)
        with_events = {one.block for one in events}
        _same_rows(
            "block",
            [
                (h.number, h.hash, h.parent_hash, h.timestamp)
                for h in found.headers
                if h.number in with_events
            ],
            [row for row in rows(MirrorBlock, number, (number,)) if row[0] in with_events],
        )  # fmt: skip

    def _compare(self, session: Session, r: Replay, views: Views, whole: bool) -> int:
        """Everything, or what the events since the last audit touched. Returns how many names."""
        count = require_agreement(by_rules.totals(r), on_chain.totals(views), in_mirror.totals(session))
        held = r.state.books.held
        if (balance := views.token_balance()) < held:
            raise AuditDiffers(Difference("tokens held (rules § 6.1)", rules=f">= {held}", chain=balance))
        if whole:
            try:
                check_invariants(r.state)
            except InvariantBroken as error:
                raise AuditDiffers(Difference("invariant", rules=str(error))) from error
            self._require_no_more_rows(session, r)
        numbers = [*range(1, 6), *r.kinds] if whole else sorted({*range(1, 6), *r.touched.accounts} - {0, 6})
        for part in _chunks(numbers):
            count += require_agreement(
                by_rules.accounts(r, part), on_chain.accounts(r, views, part),
                in_mirror.accounts(session, part),
            )  # fmt: skip
            count += require_agreement(by_rules.places(r, part), {}, in_mirror.places(session, part))
        # a team's counts change with all of its members: they are for whole audits
        teams = by_rules.team_counts(r) if whole else {}
        if whole:
            told = in_mirror.teams_told(session)
            _require_rows("team_count", sum(map(len, teams.values())), told)
        for part in _chunks(list(r.kinds) if whole else []):
            count += require_agreement(by_rules.teams(teams, part), {}, in_mirror.teams(session, part))
        orders = list(range(1, len(r.state.orders) + 1)) if whole else sorted(r.touched.orders)
        for part in _chunks(orders):
            count += require_agreement(
                by_rules.orders(r, part), on_chain.orders(r, views, part),
                in_mirror.orders(session, part),
            )  # fmt: skip
        firsts = list(r.batches) if whole else sorted({r.book.batch_of(one).first for one in orders})
        for part in _chunks(firsts):
            commitments = by_rules.commitments(r, part)
            count += require_agreement(commitments, on_chain.commitments(views, part), commitments)
            count += require_agreement(by_rules.batches(r, part), {}, in_mirror.batches(session, part))
        count += require_agreement(by_rules.pools(r), on_chain.pools(r, views), in_mirror.pools(session))
        agents, touched = (None, None) if whole else (r.touched.accounts, r.touched)
        count += require_agreement(
            by_rules.weights(r, agents), on_chain.weights(r, views, agents),
            in_mirror.weights(session, agents),
        )  # fmt: skip
        count += require_agreement(
            by_rules.rest(r, touched), on_chain.rest(r, views, touched), in_mirror.rest(session, touched)
        )
        return count

    def _require_no_more_rows(self, session: Session, r: Replay) -> None:
        """The mirror has no row that no event made."""
        expected = {
            Account: 5 + len(r.kinds), Participant: len(r.kinds), SalesOrder: len(r.state.orders),
            TeamPlace: sum(kind == "agent" for kind in r.kinds.values()),
            OrderBatch: len(r.batches), Book: 1, ChainEvent: r.events,
        }  # fmt: skip
        for model, count in expected.items():
            found = session.exec(select(func.count()).select_from(model)).one()
            _require_rows(str(model.__tablename__), count, found)


def _require_rows(table: str, rules: int, mirror: int) -> None:
    if rules != mirror:
        raise AuditDiffers(Difference(f"rows of {table}", rules=rules, mirror=mirror))


def _same_rows(what: str, told: list[tuple], found: list[tuple]) -> None:
    if told == found:
        return
    by_key = {row[:2] if what != "block" else row[:1]: row for row in found}
    for row in told:
        key = row[:2] if what != "block" else row[:1]
        if (there := by_key.pop(key, None)) != row:
            name = f"{what} {' '.join(map(str, key))}"
            raise AuditDiffers(Difference(name, chain=row, mirror=there or "nothing", block=row[0]))
    extra = next(iter(by_key.values()))
    raise AuditDiffers(Difference(f"{what} {extra[0]}", chain="nothing", mirror=extra, block=extra[0]))


def _chunks(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield list(numbers[start : start + CHUNK])


def summary(report: Report) -> Iterable[str]:
    """The report in a few lines."""
    yield (
        f"blocks {report.first_block} to {report.last_block}: {report.events} events replayed by the rules, "
        f"{report.compared} values compared with chain and mirror, {report.seconds:.1f} s"
    )
    yield "everything agrees" if report.difference is None else f"first difference: {report.difference}"

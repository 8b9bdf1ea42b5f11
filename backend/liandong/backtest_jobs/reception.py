"""Takes in what a browser sends for a backtest: reads it, and keeps of it what the play needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from liandong.backtest.agents import TeamMember
from liandong.backtest.amounts import Money
from liandong.backtest.anonymous import without_people
from liandong.backtest.costs import Costs, ratio
from liandong.backtest.errors import InvalidDelivery
from liandong.backtest.history import History, read_history
from liandong.backtest.play import Choices
from liandong.backtest.run import Request, days_of, team_of
from liandong.backtest.sellers import sellers
from liandong.backtest.story import Delivery
from liandong.backtest_jobs.errors import FieldRefused, HistoryTooLarge
from liandong.backtest_jobs.job import DRAFT
from liandong.backtest_jobs.task import Task
from liandong.errors import LiandongError
from liandong.rules.plan import Plan

MOST_ROWS = 50_000
MOST_DAYS = 1_830
YEARS = (1990, 2090)
MOST_TEAM = 2_000
MOST_DELIVERY = 90
"""Days."""

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Upload:
    """Files by name and bytes; all else as `liandong backtest` takes it. ``agents`` None: a made-up team."""

    orders: tuple[str, bytes]
    agents: tuple[str, bytes] | None
    columns: Mapping[str, str]
    money: Money
    encoding: str
    cost: str
    fees: str
    delivery: str
    team_size: int
    seed: int
    choices: Choices


def task_of(upload: Upload, plans: Mapping[str, Plan]) -> Task:
    """What is to be played. Raises ``FieldRefused`` for the first thing that cannot be used."""
    costs = Costs(
        _of("cost", lambda: ratio("cost", upload.cost)), _of("fees", lambda: ratio("fees", upload.fees))
    )
    delivery = _of("delivery", lambda: _delivery(upload.delivery))
    with TemporaryDirectory() as folder:
        place = Path(folder)
        orders = _file(place / "orders", upload.orders)
        agents = _file(place / "agents", upload.agents) if upload.agents else None
        history = _of("orders", lambda: _history(upload, orders), folder=str(place / "orders"))
        asked = Request(
            orders, DRAFT, plans[DRAFT], costs, delivery, encoding=upload.encoding, agents=agents,
            team_size=upload.team_size, seed=upload.seed,
        )  # fmt: skip
        team: list[TeamMember] = _of("agents", lambda: team_of(asked, history), folder=str(place / "agents"))
    first, _ = days_of(history)
    return Task(
        plans=plans, history=without_people(history, sellers(history, team, first, upload.seed)), team=team,
        agents=upload.agents[0] if upload.agents else None, cost=upload.cost, fees=upload.fees,
        delivery=upload.delivery, seed=upload.seed, choices=upload.choices,
    )  # fmt: skip


def _history(upload: Upload, path: Path) -> History:
    found = read_history(path, upload.columns, money=upload.money, encoding=upload.encoding)
    if found.rows > MOST_ROWS:
        raise HistoryTooLarge(f"{found.rows} rows, at most {MOST_ROWS}")
    first, last = days_of(found)
    later = max((one.time.date() for one in found.cancellations), default=last)
    days = (max(last, later) - first).days + 1
    if first.year < YEARS[0] or last.year >= YEARS[1]:
        raise HistoryTooLarge(f"days from {first} to {last}; years from {YEARS[0]} to {YEARS[1]} are played")
    if days > MOST_DAYS:
        raise HistoryTooLarge(f"{days} days from {first} to {max(last, later)}, at most {MOST_DAYS}")
    return found


def _delivery(text: str) -> Delivery:
    found = Delivery.parse(text)
    if found.most > MOST_DELIVERY:
        raise InvalidDelivery(f"{text}, at most {MOST_DELIVERY}")
    return found


def _file(folder: Path, given: tuple[str, bytes]) -> Path:
    """The file under its own name, for what messages and statements say of it."""
    name = "".join(one for one in given[0] if one.isprintable() and one not in "/\\") or folder.name
    folder.mkdir()
    path = folder / name
    path.write_bytes(given[1])
    return path


def _of(field: str, read: Callable[[], Result], folder: str = "") -> Result:
    try:
        return read()
    except LiandongError as error:
        detail = getattr(error, "about", str(error))  # without what to do on a command line
        detail = detail.replace(folder + "/", "") if folder else detail
        raise FieldRefused(field, type(error).__name__, detail) from None

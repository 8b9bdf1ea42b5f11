"""Backtests in the background: the same statement as the command's, one at a time, nothing left behind."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from liandong.backtest.amounts import Money
from liandong.backtest.costs import Costs, ratio
from liandong.backtest.play import Choices
from liandong.backtest.run import Request, prepare, run
from liandong.backtest.story import Delivery
from liandong.backtest_jobs import job as jobs
from liandong.backtest_jobs import task as tasks
from liandong.backtest_jobs.errors import BacktestQueueFull, FieldRefused, UnknownBacktest
from liandong.backtest_jobs.job import DRAFT, IN_FORCE
from liandong.backtest_jobs.queue import KEPT_SECONDS, MOST_WAITING, Backtests
from liandong.backtest_jobs.reception import Upload, task_of
from liandong.rules.plan import CASE, SEED

OWNER = "key:a planner"


def history(days: int = 40) -> str:
    rows = ["invoice,customer,name,invoiced_at,country,amount"]
    for n in range(days * 2):
        day = f"2026-{1 + n // 2 // 28:02}-{1 + n // 2 % 28:02}T09:00"
        rows.append(f"S{n},buyer {n % 7},Somebody{n},{day},浙江,{9_000 + n}.50")
    rows += ["R1,buyer 3,Somebody,2026-02-10T09:00,浙江,-9003.50", "B1,buyer 3,Somebody,never,浙江,1.00"]
    return "\n".join(rows) + "\n"


def upload(text: str = "", **more: Any) -> Upload:
    values: dict[str, Any] = {
        "orders": ("orders.csv", (text or history()).encode()), "agents": None, "columns": {},
        "money": Money.AUTO, "encoding": "utf-8-sig", "cost": "45%", "fees": "1%", "delivery": "1-4",
        "team_size": 12, "seed": 5, "choices": Choices(),
    }  # fmt: skip
    return Upload(**(values | more))


def csv(rows: bytes) -> tuple[str, bytes]:
    return "a.csv", b"invoiced_at,amount\n" + rows


@pytest.fixture
def tests(tmp_path: Path) -> Backtests:
    return Backtests(tmp_path / "backtests", 120)


@contextmanager
def playing(tests: Backtests) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=tests.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def until(met: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := met()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def ended(tests: Backtests, id_: str) -> jobs.Job:
    until(lambda: not tests.get(OWNER, id_).under_way)
    return tests.get(OWNER, id_)


def processes_of(place: Path) -> set[int]:
    """The backtest's own process and those that it started."""
    found: dict[int, int] = {}
    own = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            found[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if str(place).encode() in words:
            own.add(int(folder.name))
    return own | {pid for pid, parent in found.items() if parent in own}


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_says_what_the_command_says_and_forgets_the_buyers(tests: Backtests, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(history(), encoding="utf-8")
    added = tests.add(OWNER, task_of(upload(), {DRAFT: CASE, IN_FORCE: SEED}), version=1)
    kept = (tests.folder / added.id / jobs.TASK).read_text(encoding="utf-8")
    assert "buyer" not in kept and "Somebody" not in kept
    with playing(tests):
        done = ended(tests, added.id)
        assert (done.state, done.bad_rows, done.asked["team_size"]) == ("done", 1, "12")
    for name, plan in ((DRAFT, CASE), (IN_FORCE, SEED)):
        costs = Costs(ratio("", "45%"), ratio("", "1%"))
        asked = Request(path, name, plan, costs, Delivery(1, 4), team_size=12, seed=5)
        want = json.loads(json.dumps(run(prepare(asked)).document(), default=str))
        found = json.loads((tests.out(done, name) / "statement.json").read_text(encoding="utf-8"))
        assert found["agrees"] and "Somebody" not in json.dumps(found)
        (bad,) = found["not_played"]["bad rows"]
        assert bad["line"] == 83 and bad["what"] == ""
        for one in (want, found):
            for name_ in ("seconds", "orders_a_second", "not_played"):
                del one[name_]
        assert found == want
    assert not (tests.folder / done.id / jobs.TASK).exists()


def test_one_that_is_deleted_while_it_is_played_ends_with_its_node(tests: Backtests) -> None:
    added = tests.add(OWNER, task_of(upload(history(300)), {DRAFT: SEED}), None)
    with playing(tests):
        until(lambda: tests.progress(added))
        pids = until(lambda: found if len(found := processes_of(tests.folder / added.id)) > 1 else None)
        tests.drop(OWNER, added.id)
        until(lambda: not (tests.folder / added.id).exists())
    assert not any(map(lives, pids))
    with pytest.raises(UnknownBacktest):
        tests.get(OWNER, added.id)


def test_when_the_server_ends_so_do_they_all(tests: Backtests) -> None:
    task = task_of(upload(history(300)), {DRAFT: SEED})
    added, waiting = tests.add(OWNER, task, None), tests.add(OWNER, task, None)
    with playing(tests):
        until(lambda: tests.progress(added))
        assert tests.get(OWNER, waiting.id).state == "waiting" and tests.before(waiting) == 1
        pids = processes_of(tests.folder / added.id)
    assert pids and not any(map(lives, pids))
    assert list(tests.folder.glob("*/")) == []


def test_it_may_take_so_long_and_no_longer(tests: Backtests) -> None:
    tests.seconds = 0.5
    added = tests.add(OWNER, task_of(upload(history(300)), {DRAFT: SEED}), None)
    with playing(tests):
        found = ended(tests, added.id)
    assert (found.state, found.error) == ("failed", "BacktestTooLong")
    assert not (tests.folder / added.id / jobs.TASK).exists()


def test_what_breaks_in_its_process_is_told(tests: Backtests) -> None:
    added = tests.add(OWNER, task_of(upload(), {DRAFT: SEED}), None)
    (tests.folder / added.id / jobs.TASK).write_text("nonsense")
    with playing(tests):
        assert ended(tests, added.id).error == "BacktestFailed"


def test_no_secrets_of_the_server_go_along(tests: Backtests, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDONG_KEY_PASSWORD", "not for everybody")
    added = tests.add(OWNER, task_of(upload(), {DRAFT: SEED}), None)
    with playing(tests):
        (pid, *_) = until(lambda: processes_of(tests.folder / added.id))
        assert b"not for everybody" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_the_queue_is_bounded_and_everybody_has_their_own(tests: Backtests) -> None:
    task = task_of(upload(), {DRAFT: SEED})
    added = [tests.add(f"key:{n}", task, None) for n in range(MOST_WAITING)]
    with pytest.raises(BacktestQueueFull):
        tests.add("key:another", task, None)
    with pytest.raises(UnknownBacktest):
        tests.get("key:1", added[0].id)
    tests.drop("key:0", added[0].id)
    tests.add("key:another", task, None)


def test_what_is_old_or_was_left_by_a_dead_server_is_deleted(tests: Backtests) -> None:
    task = task_of(upload(), {DRAFT: SEED})
    old, dead, kept = (tests.add(OWNER, task, None) for _ in range(3))
    for one, changed in (
        (old, {"state": "done", "created_at": time.time() - KEPT_SECONDS - 1}),
        (dead, {"state": "running"}),
        (kept, {"state": "done"}),
    ):
        jobs.put(tests.folder / one.id / jobs.JOB, one.model_copy(update=changed).model_dump_json())
    with playing(tests):
        until(lambda: [one.id for one in tests.of(OWNER)] == [kept.id])
    assert os.stat(tests.folder / kept.id).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("field", "error", "more"),
    [
        ("cost", "InvalidRatio", {"cost": "200%"}),
        ("fees", "InvalidRatio", {"fees": "much"}),
        ("delivery", "InvalidDelivery", {"delivery": "9-1"}),
        ("delivery", "InvalidDelivery", {"delivery": "3-400"}),
        ("orders", "MissingColumn", {"columns": {"amount": "total"}}),
        ("orders", "UnreadableFile", {"orders": csv(b"\xff\xfe,1\n")}),
        ("orders", "EmptyHistory", {"orders": csv(b"x,1\n")}),
        ("orders", "MissingColumn", {"orders": ("a.csv", b"")}),
        ("orders", "HistoryTooLarge", {"orders": csv(b"2011-01-01,1\n2026-01-01,1\n")}),
        ("orders", "HistoryTooLarge", {"orders": csv(b"9999-01-01,1\n")}),
        ("orders", "HistoryTooLarge", {"orders": csv(b"2026-01-01,1\n" * 50_001)}),
        ("agents", "MissingColumn", {"agents": ("team.csv", b"name\nx\n")}),
        ("agents", "BadRows", {"agents": ("team.csv", b"id,introducer\nA,\nA,\n")}),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_field(field: str, error: str, more: dict[str, Any]) -> None:
    with pytest.raises(FieldRefused) as refused:
        task_of(upload(**more), {DRAFT: SEED})
    assert (refused.value.field, refused.value.error) == (field, error)
    assert gettempdir() not in refused.value.detail and "--" not in refused.value.detail


def test_a_task_is_read_as_it_was_written(tmp_path: Path) -> None:
    team = ("team.csv", "id,introducer,region,joined\nA,,浙江,2026-01-01\nB,A,,\n".encode())
    task = task_of(upload(agents=team, columns={"seller": "name"}), {DRAFT: CASE})
    tasks.write(tmp_path / "task.json", task)
    found = tasks.read(tmp_path / "task.json")
    assert found == task and found.request(DRAFT) == task.request(DRAFT)
    assert found.team[1].introducer == "A" and found.history.sellers_drawn is False

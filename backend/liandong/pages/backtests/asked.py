"""The upload form: its fields, what they hold at first, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from liandong.backtest.amounts import Money
from liandong.backtest.history import COLUMNS
from liandong.backtest.play import Choices
from liandong.backtest_jobs.errors import FieldRefused
from liandong.backtest_jobs.reception import ENCODINGS, MOST_TEAM, Upload
from liandong.http.errors import BodyTooLarge
from liandong.pages.uploads import file_of, text_of

MOST_BYTES = 8 * 2**20
"""Of a history; a row takes about 80."""

MOST_AGENT_BYTES = 2**20
MOST_SEED = 10**9
LONGEST = 80

USUAL: Mapping[str, str] = {
    "cost": "45%", "fees": "1%", "delivery": "3", "team_size": "200", "seed": "1", "money": "auto",
    "encoding": ENCODINGS[0], "regions": "1", "withdraw": "1", "compare": "1",
}  # fmt: skip
TICKS = ("regions", "withdraw", "compare")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was written into the form."""

    texts: Mapping[str, str]

    @property
    def columns(self) -> dict[str, str]:
        """Columns by field, where others than the usual ones were named."""
        return {name: text for name in COLUMNS if (text := self.texts.get(f"column_{name}", ""))}


def fresh() -> Asked:
    """The form as it is at first."""
    return Asked(USUAL)


def asked(form: FormData) -> Asked:
    """What was sent; ticks that are not set are not in it."""
    names = [name for name in USUAL if name not in TICKS] + [f"column_{name}" for name in COLUMNS]
    texts = {name: text_of(form, name, LONGEST * 10)[:LONGEST] for name in names}
    return Asked(texts | {name: "1" for name in TICKS if form.get(name) == "1"})


def upload(form: FormData, given: Asked) -> Upload:
    """The whole of it. Raises ``FieldRefused``; files that are too large are a field's fault, too."""
    orders = _file(form, "orders", MOST_BYTES)
    if orders is None:
        raise FieldRefused("orders", "UnreadableFile", "no file was chosen")
    texts = given.texts
    if texts["encoding"] not in ENCODINGS:
        raise FieldRefused("encoding", "UnreadableFile", f"encodings are {', '.join(ENCODINGS)}")
    if texts["money"] not in set(Money):
        raise FieldRefused("money", "InvalidRequest", f"one of {', '.join(Money)}")
    return Upload(
        orders=orders, agents=_file(form, "agents", MOST_AGENT_BYTES), columns=given.columns,
        money=Money(texts["money"]), encoding=texts["encoding"], cost=texts["cost"], fees=texts["fees"],
        delivery=texts["delivery"], team_size=_number(texts, "team_size", 1, MOST_TEAM),
        seed=_number(texts, "seed", 0, MOST_SEED),
        choices=Choices(protect_regions="regions" in texts, withdraw_monthly="withdraw" in texts),
    )  # fmt: skip


def _file(form: FormData, name: str, most: int) -> tuple[str, bytes] | None:
    try:
        return file_of(form, name, most)
    except BodyTooLarge as error:
        raise FieldRefused(name, "BodyTooLarge", error.detail) from None


def _number(texts: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = texts[name]
    if not text.isdecimal() or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise FieldRefused(name, "InvalidRequest", f"a whole number from {least} to {most}, not {text!r}")
    return int(text)

"""The team that sells: read from a file, or made up from a seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from liandong.backtest.errors import BadRows, MissingColumn, UnreadableFile
from liandong.rules.accounts import RESERVED

TEAM_COLUMNS = ("id", "introducer", "region", "joined")

AGENTS_A_FOUNDER = 160
"""A made-up team has one founder for so many agents, so that tiers up to gold come about."""

LAST_JOIN = 0.85
"""By this part of the history the last agent of a made-up team has joined."""

EAGERNESS = 0.75
"""How much those who have brought in many bring in more: 0 not at all, 1 in proportion."""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An agent to be: ``introducer`` None makes a founder, ``joined`` None the first day."""

    id: str
    introducer: str | None = None
    region: str | None = None
    joined: date | None = None


def read_team(path: Path, encoding: str = "utf-8-sig") -> list[TeamMember]:
    """Reads a CSV with the columns ``id``, ``introducer``, and if it has them ``region`` and ``joined``.

    Those who join on the same day do so in the order of the file. Whether the rules let them join is for the
    rules to say. Raises ``UnreadableFile``, ``MissingColumn``, ``BadRows``.
    """
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.DictReader(file)
            present = reader.fieldnames or []
            for column in TEAM_COLUMNS[:2]:
                if column not in present:
                    raise MissingColumn(path, column, column, present)
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except UnicodeError as error:
        raise UnreadableFile(
            path, f"not {encoding} text ({error})", "name its encoding with --encoding"
        ) from error
    members: list[TeamMember] = []
    faults: list[tuple[int, str]] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        try:
            member = _member(row)
            if (first := lines.setdefault(member.id, line)) != line:
                raise ValueError(f"agent {member.id} is on line {first} already")
            members.append(member)
        except ValueError as error:
            faults.append((line, str(error)))
    if faults:
        raise BadRows(path, faults)
    return members


def _member(row: Mapping[str, str | None]) -> TeamMember:
    id = (row["id"] or "").strip()
    if not id:
        raise ValueError("the id is missing")
    if id in RESERVED:
        raise ValueError(f"{id} is the name of an account of the brand's own")
    joined = (row.get("joined") or "").strip()
    try:
        day = datetime.fromisoformat(joined).date() if joined else None
    except ValueError:
        raise ValueError(f"joined: {joined!r} is not a day in ISO 8601, such as 2026-01-31") from None
    return TeamMember(
        id, (row["introducer"] or "").strip() or None, (row.get("region") or "").strip() or None, day
    )


def made_up_team(
    size: int, seed: int, first_day: date, last_day: date, regions: Mapping[str, int]
) -> list[TeamMember]:
    """A team of ``size`` agents, the same for the same arguments.

    Founders are there on the first day; the others join over the history, more of them early. Who has
    brought in many brings in more. Nobody of level 3 introduces, so that every join is one that the rules
    allow. Regions are drawn as often as ``regions`` counts them.
    """
    dice = random.Random(f"team {seed}")
    founders = max(1, min(size, round(size / AGENTS_A_FOUNDER)))
    span = (last_day - first_day).days * LAST_JOIN
    joined = sorted(
        first_day + timedelta(days=int(span * dice.random() ** 1.5)) for _ in range(size - founders)
    )
    width = len(str(size))
    names = list(regions) or [None]
    weights = list(regions.values()) or [1]

    team: list[TeamMember] = []
    levels: list[int] = []
    brought: list[int] = []
    for number in range(size):
        introducer = None
        if number >= founders:
            above = [index for index in range(number) if levels[index] < 3]
            # Founders recruit most, as they have more to gain; the others after their success so far.
            pull = [(brought[index] + 1) ** EAGERNESS * (3 if levels[index] == 1 else 1) for index in above]
            introducer = dice.choices(above, pull)[0]
            brought[introducer] += 1
        levels.append(1 if introducer is None else levels[introducer] + 1)
        brought.append(0)
        team.append(
            TeamMember(
                id=f"A{number + 1:0{width}}",
                introducer=None if introducer is None else team[introducer].id,
                region=dice.choices(names, weights)[0],
                joined=first_day if introducer is None else joined[number - founders],
            )
        )
    return team


def write_team(path: Path, team: Sequence[TeamMember]) -> None:
    """Writes a team so that :func:`read_team` reads it again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TEAM_COLUMNS)
        for member in team:
            writer.writerow(
                [
                    member.id,
                    member.introducer or "",
                    member.region or "",
                    member.joined.isoformat() if member.joined else "",
                ]
            )

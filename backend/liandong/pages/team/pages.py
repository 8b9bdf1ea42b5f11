"""``/app/team``: lineage, tiers, and the team as a tree whose branches load one by one, a page at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from liandong.chain.state_words import FIRST_PARTICIPANT
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import Forbidden
from liandong.http.pages import Cursor, key_of
from liandong.pages.rendering import render
from liandong.pages.session import OwnAgent
from liandong.pages.team import progress
from liandong.participants import repository, service
from liandong.plans.repository import book, plan_of
from liandong.rules.people import LEVELS

router = APIRouter()

ROWS = 40


@router.get("/team")
def team_page(request: Request, context: InContext, me: OwnAgent) -> Response:
    """Everything at a glance, and the first level's first page."""
    with context.database.read() as session:
        agent = service.participant(session, me)
        if agent.kind != "agent":
            return RedirectResponse("/app/earnings")
        plan = plan_of(session, book(session).plan)
        goals = progress.tiers(agent, plan)
        team = service.team(session, me, 1, 0, ROWS)
        return render(
            request, "team/team.html", me=me, agent=agent, calendar=calendar_of(session), plan=plan,
            lineage=service.lineage(session, me), tiers=goals, next_tier=progress.next_tier(goals),
            boss=progress.boss(agent, plan), levels=team.levels, items=team.items, next=team.next, depth=1,
            below=repository.introduced(session, [one.number for one in team.items]), deepest=LEVELS,
            above=me, people=sum(level.members for level in team.levels),
        )  # fmt: skip


@router.get("/team/{above}")
def branch(
    request: Request, context: InContext, me: OwnAgent,
    above: Annotated[int, Path(ge=FIRST_PARTICIPANT, lt=2**32)], cursor: Cursor = None,
) -> Response:  # fmt: skip
    """Whom a member of the team introduced, a page at a time. Raises ``Forbidden`` beyond the third level."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        depth = service.distance(session, me, above)
        if depth is None or depth >= LEVELS:
            raise Forbidden("a team is shown three levels down")
        team = service.team(session, above, 1, after, ROWS)
        return render(
            request, "team/branch.html", calendar=calendar_of(session), items=team.items, next=team.next,
            above=above, depth=depth + 1, deepest=LEVELS,
            below=repository.introduced(session, [one.number for one in team.items]),
        )  # fmt: skip


@router.get("/team-search")
def search(
    request: Request, context: InContext, me: OwnAgent,
    number: Annotated[int | None, Query(ge=FIRST_PARTICIPANT, lt=2**32)] = None,
) -> Response:  # fmt: skip
    """A member by number, with the way to it; nobody outside the team is found."""
    with context.database.read() as session:
        depth = service.distance(session, me, number) if number is not None else None
        found = repository.get(session, number) if number is not None and depth else None
        way = service.lineage(session, number).introducers[: depth or 0] if found and number else []
        below = repository.introduced(session, [found.number]) if found else {}
        return render(
            request, "team/found.html", calendar=calendar_of(session), number=number, found=found,
            depth=depth, way=way, below=below, deepest=LEVELS, me=me,
        )  # fmt: skip

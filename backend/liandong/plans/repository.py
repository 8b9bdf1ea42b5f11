"""Reads plans from the mirror."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from sqlmodel import Session, col, select

from liandong.db.money import Book
from liandong.db.orders import PlanVersion
from liandong.http.errors import NotReady, UnknownPlan
from liandong.rules.plan import Plan


def versions(session: Session, after: int, rows: int) -> Sequence[PlanVersion]:
    """Plan versions by number."""
    query = select(PlanVersion).where(PlanVersion.version > after).order_by(col(PlanVersion.version))
    return session.exec(query.limit(rows)).all()


def version(session: Session, number: int) -> PlanVersion:
    """One version. Raises :class:`UnknownPlan`."""
    found = session.get(PlanVersion, number)
    if found is None:
        raise UnknownPlan(f"version {number}")
    return found


def plan_of(session: Session, number: int) -> Plan:
    """A version's parameters, for the Python rules."""
    return parsed(version(session, number).parameters)


@lru_cache(maxsize=64)
def parsed(parameters: str) -> Plan:
    """A plan from what a version's row holds; nearly all orders are of a few plans."""
    return Plan(**json.loads(parameters))


def book(session: Session) -> Book:
    """The totals. Raises :class:`NotReady` before the mirror has seen the deployment."""
    found = session.get(Book, 1)
    if found is None or found.plan == 0:
        raise NotReady("the mirror has not seen the deployment yet")
    return found

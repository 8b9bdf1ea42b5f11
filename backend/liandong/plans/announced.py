"""Plans that are on their way into force: asked for, announced, waiting out their delay, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from liandong.chain.abi import abi_of
from liandong.chain.errors import ChainError
from liandong.chain.plan_parameters import plan_tuple
from liandong.db.outbox import OutboxRequest
from liandong.http.context import Context
from liandong.outbox import requests, states
from liandong.transactions.delayed import delay_of
from liandong.transactions.schemas import RequestView

KIND = "publish_plan"

MOST = 1000
DAY = 86_400


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """``ready_at``: when the access manager lets it in, Unix seconds; None: not announced (yet)."""

    request: RequestView
    parameters: Mapping[str, Any]
    ready_at: int | None


def on_their_way(context: Context, session: Session, now: int) -> list[OnItsWay]:
    """Those under way and those refused within a day before ``now`` (Unix seconds), oldest first."""
    rows = [row for state in states.UNDER_WAY for row in _of(session, state)]
    rows += [row for row in _of(session, states.REJECTED) if row.changed_at > (now - DAY) * 1000]
    return [
        OnItsWay(RequestView.of(row), row.body["plan"], _ready_at(context, row.body["plan"]))
        for row in sorted(rows, key=lambda row: row.id)
    ]


def delay(context: Context) -> int | None:
    """Seconds between the announcement of a plan and its day; None where the node does not answer."""
    try:
        return delay_of(context, KIND)
    except ChainError:
        return None


def _of(session: Session, state: str) -> Sequence[OutboxRequest]:
    return requests.listed(session, kind=KIND, state=state, limit=MOST)


def _ready_at(context: Context, parameters: Mapping[str, Any]) -> int | None:
    deployment = context.deployment
    data = abi_of("Settlement").functions["publishPlan"].call_data((plan_tuple(parameters),))
    try:
        operation = _asked(context, "hashOperation", deployment.roles.plan_admin, deployment.settlement, data)
        found: int = _asked(context, "getSchedule", operation)
    except ChainError:
        return None
    return found or None


def _asked(context: Context, function: str, *arguments: Any) -> Any:
    """What the access manager answers."""
    called = abi_of("Authority").functions[function]
    call = {"to": context.deployment.authority, "data": "0x" + called.call_data(arguments).hex()}
    answer: str = context.node().call("eth_call", call, "latest")
    return called.result(bytes.fromhex(answer[2:]))

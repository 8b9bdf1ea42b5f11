"""Writes that the access manager delays: announced, and done when the delay is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from liandong.chain.abi import abi_of
from liandong.db.outbox import OutboxRequest
from liandong.http.context import Context
from liandong.outbox import requests, states
from liandong.outbox.errors import AnnouncementUnderWay, NothingToCallOff, OutboxError
from liandong.outbox.kinds import KINDS
from liandong.outbox.kinds.administration import ANNOUNCEMENTS, CALLINGS_OFF
from liandong.transactions.repository import transaction_of
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import Writer

ANNOUNCEMENT = ":announce"
CALLING_OFF = ":call-off"
"""After a write's key, in the keys of its announcement and of what takes that back."""

FUNCTIONS = {"publish_plan": "publishPlan", "unpause": "unpause", "set_role": "setRole"}


def send_delayed(writes: Writer, kind: str, body: Mapping[str, Any]) -> RequestView:
    """A write after its announcement, where the access manager asks for one.

    It waits in the outbox until the delay is over, or is called off.
    """
    key = writes.required_key()
    if delay_of(writes.context, kind):
        (announced,) = writes.send_many([(key + ANNOUNCEMENT, ANNOUNCEMENTS[kind], body)])
        if isinstance(announced, OutboxError):
            raise announced
    return writes.send(kind, body)


def call_off(context: Context, session: Session, row: OutboxRequest) -> RequestView:
    """Ends a write that waits out its delay; what is announced of it is taken back on chain, too.

    Called off twice, the answer is the same. Raises :class:`NothingToCallOff` and
    :class:`AnnouncementUnderWay`, and then nothing has changed.
    """
    if row.kind not in CALLINGS_OFF or not requests.call_off(session, row):
        raise NothingToCallOff(f"request {row.id} ({row.kind}) is {row.state}")
    announced = requests.find(session, row.caller, row.key + ANNOUNCEMENT)
    if announced is not None and not requests.call_off(session, announced):
        if announced.state in states.UNDER_WAY:
            raise AnnouncementUnderWay(f"request {announced.id}")
        if announced.state != states.REJECTED:
            caller = getattr(context.deployment.roles, KINDS[row.kind].role)
            body = {**row.body, "caller": caller}
            requests.submit(session, row.caller, row.key + CALLING_OFF, CALLINGS_OFF[row.kind], body)
    return RequestView.of(row, transaction_of(session, row), context.explorer)


def delay_of(context: Context, kind: str) -> int:
    """Seconds that this step has to be announced before; 0 where the role may do it at once."""
    caller = getattr(context.deployment.roles, KINDS[kind].role)
    selector = abi_of("Settlement").functions[FUNCTIONS[kind]].selector
    function = abi_of("Authority").functions["canCall"]
    data = "0x" + function.call_data((caller, context.deployment.settlement, selector)).hex()
    answer = context.node().call("eth_call", {"to": context.deployment.authority, "data": data}, "latest")
    _, delay = function.result_words(bytes.fromhex(answer[2:]))
    return delay

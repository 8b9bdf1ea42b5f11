"""Writes that the access manager delays: announced, and done when the delay is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liandong.chain.abi import abi_of
from liandong.http.context import Context
from liandong.outbox.errors import OutboxError
from liandong.outbox.kinds import KINDS
from liandong.outbox.kinds.administration import ANNOUNCEMENTS
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import Writer

FUNCTIONS = {"publish_plan": "publishPlan", "unpause": "unpause", "set_role": "setRole"}


def send_delayed(writes: Writer, kind: str, body: Mapping[str, Any]) -> RequestView:
    """A write after its announcement, where the access manager asks for one.

    It waits in the outbox until the delay is over; its announcement has the same key and ``:announce``.
    """
    key = writes.required_key()
    if delay_of(writes.context, kind):
        (announced,) = writes.send_many([(f"{key}:announce", ANNOUNCEMENTS[kind], body)])
        if isinstance(announced, OutboxError):
            raise announced
    return writes.send(kind, body)


def delay_of(context: Context, kind: str) -> int:
    """Seconds that this step has to be announced before; 0 where the role may do it at once."""
    caller = getattr(context.deployment.roles, KINDS[kind].role)
    selector = abi_of("Settlement").functions[FUNCTIONS[kind]].selector
    function = abi_of("Authority").functions["canCall"]
    data = "0x" + function.call_data((caller, context.deployment.settlement, selector)).hex()
    answer = context.node().call("eth_call", {"to": context.deployment.authority, "data": data}, "latest")
    _, delay = function.result_words(bytes.fromhex(answer[2:]))
    return delay

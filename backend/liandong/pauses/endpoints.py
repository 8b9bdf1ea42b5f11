"""Pauses (``/v1/pauses``): the guardian stops parts at once, the administrator lets them go on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from liandong.access.operations import Operations
from liandong.chain.errors import MissingRole
from liandong.http.context import InContext
from liandong.http.problems import refusals
from liandong.participants.schemas import Body
from liandong.plans.repository import book
from liandong.transactions.delayed import send_delayed
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1/pauses", tags=["pauses"])

Part = Literal["recording", "settlement", "withdrawals"]
BITS: dict[Part, int] = {"recording": 1, "settlement": 2, "withdrawals": 4}


class Parts(Body):
    """Parts of the contract."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=3, examples=[["recording"]])]

    def bits(self) -> int:
        """As the contract has them."""
        return sum(BITS[part] for part in set(self.parts))


class PausesView(BaseModel):
    """What is paused."""

    paused: list[Part]


@router.get("", operation_id="get_pauses")
def get_pauses(context: InContext) -> PausesView:
    """What is paused now."""
    with context.database.read() as session:
        paused = book(session).paused
    return PausesView(paused=[part for part, bit in BITS.items() if paused & bit])


@router.post("", operation_id="pause", responses=write_refusals(MissingRole), **WRITE)
def pause(body: Parts, writes: Writes) -> RequestView:
    """Pause parts at once."""
    return writes.send("pause", {"parts": body.bits()})


@router.post("/end", operation_id="unpause", responses=write_refusals() | refusals(MissingRole), **WRITE)
def unpause(body: Parts, writes: Writes) -> RequestView:
    """End pauses: at once where the administrator has no delay, else announced now and done after it."""
    return send_delayed(writes, "unpause", {"parts": body.bits()})

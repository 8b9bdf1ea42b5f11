"""Bodies of requests about plans, roles and pauses, which the access manager delays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from liandong.chain.abi import abi_of
from liandong.chain.plan_parameters import FIELDS, plan_tuple
from liandong.outbox.kinds.body import Address, Body, ContractCall, Scene

Parts = Annotated[int, Field(ge=1, le=7)]
"""Bits: 1 recording, 2 settlement, 4 withdrawals."""

Parameters = dict[str, Annotated[int, Field(ge=0, lt=2**256)] | list[Annotated[int, Field(ge=0, lt=2**256)]]]


class Pause(Body):
    """Pauses parts, at once."""

    role: ClassVar[str] = "guardian"

    parts_: Annotated[Parts, Field(alias="parts")]

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "pause", (self.parts_,)


class Unpause(Body):
    """Ends pauses; where the administrator has a delay, after it was announced."""

    role: ClassVar[str] = "admin"

    parts_: Annotated[Parts, Field(alias="parts")]

    def subject(self) -> str | None:
        return "unpause"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "unpause", (self.parts_,)


class SetRole(Body):
    """Gives an address a role of the hot path, or takes it away; announced before, where there is a delay."""

    role: ClassVar[str] = "admin"

    holder: Address
    bit: Annotated[int, Field(ge=0, le=8, description="0: none, 1 operator, 2 risk, 4 treasurer, 8 guardian")]

    def subject(self) -> str | None:
        return f"role of {self.holder}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "setRole", (self.holder, self.bit)


class PublishPlan(Body):
    """Puts a plan into force; where its administrator has a delay, after it was announced."""

    role: ClassVar[str] = "plan_admin"

    plan: Parameters

    @field_validator("plan")
    @classmethod
    def _whole(cls, plan: Parameters) -> Parameters:
        missing = [name for name in FIELDS if name not in plan]
        if missing:
            raise ValueError(f"lacks {missing[0]}")
        return plan

    def subject(self) -> str | None:
        return "plan"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "publishPlan", (plan_tuple({name: self.plan[name] for name in FIELDS}),)


class _Announcement(Body):
    """Tells the access manager of a call that comes after its delay."""

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        ((body, order),) = parts
        return "Authority", "schedule", (scene.settlement, _call_data(body.one(scene, order)), 0)


class _CallingOff(Body):
    """Takes an announcement back; ``caller`` is the address that made it. Waits for nothing."""

    caller: Address

    def subject(self) -> str | None:
        return None

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        ((body, order),) = parts
        data = _call_data(body.one(scene, order))
        return "Authority", "cancel", (body.caller, scene.settlement, data)


class AnnouncePlan(_Announcement, PublishPlan):
    """Announces a plan."""


class AnnounceUnpause(_Announcement, Unpause):
    """Announces the end of a pause."""


class AnnounceRole(_Announcement, SetRole):
    """Announces a role."""


class CallOffPlan(_CallingOff, PublishPlan):
    """Calls an announced plan off."""


class CallOffUnpause(_CallingOff, Unpause):
    """Calls the announced end of a pause off."""


class CallOffRole(_CallingOff, SetRole):
    """Calls an announced role off."""


ANNOUNCEMENTS: dict[str, str] = {
    "publish_plan": "announce_plan", "unpause": "announce_unpause", "set_role": "announce_role",
}  # fmt: skip
"""The announcement of each kind that can be delayed."""

CALLINGS_OFF: dict[str, str] = {
    "publish_plan": "call_off_plan", "unpause": "call_off_unpause", "set_role": "call_off_role",
}  # fmt: skip
"""What takes the announcement of each kind back."""


def _call_data(call: tuple[str, tuple[Any, ...]]) -> bytes:
    function, arguments = call
    return abi_of("Settlement").functions[function].call_data(arguments)

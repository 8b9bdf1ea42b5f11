"""Case files as rules § 7 write them: reading, checking and writing.

Amounts that the rules name an error for when they are ≤ 0 may be negative in a file, since that error may
be just what the case is about. Everything else that is out of place is a
:class:`~liandong.errors.CaseFileError`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from liandong.errors import CaseFileError, InvalidPlan, PlanFormatError
from liandong.rules.plan import SEED, Plan, plan_from

DEFAULT_TREASURY = 10**12
"""Minor units in the treasury of a case that says nothing about it."""

LIMIT = 2**96
"""Numbers in case files are below this: more than there is money, and within a contract's word."""

Signed = Annotated[int, Field(gt=-LIMIT, lt=LIMIT)]
Amount = Annotated[int, Field(ge=0, lt=LIMIT)]
Days = Annotated[int, Field(ge=0, lt=2**20)]
Epoch = Annotated[int, Field(ge=0, lt=2**20)]
Region = Annotated[int, Field(ge=0, lt=2**20)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
NamedKind = Literal["supplier", "store"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Step(_Strict):
    """One step; the class's fields are the file's."""

    op: str

    def arguments(self) -> dict[str, Any]:
        """The fields that the file gives, as the driver's method of the step's name takes them."""
        return self.model_dump(exclude={"op"}, exclude_unset=True, exclude_none=True)


class Register(Step):
    op: Literal["register"] = "register"
    id: Id
    kind: NamedKind


class Join(Step):
    op: Literal["join"] = "join"
    agent: Id
    region: Region = 0
    introducer: Id | None = None


class OpenCampaign(Step):
    op: Literal["open_campaign"] = "open_campaign"
    campaign: Id
    kind: Literal["group", "presale"]
    target: Signed = 0
    deadline_days: Days = 0


class Order(Step):
    op: Literal["order"] = "order"
    channel: Literal["retail", "campaign", "store", "cross_border"]
    price: Signed
    supplier: Id
    cost: Amount = 0
    fees: Amount = 0
    region: Region = 0
    seller: Id | None = None
    partner: Id | None = None
    campaign: Id | None = None
    duty: Amount = 0
    insurance: Amount = 0


class OrdersStep(Step):
    op: Literal["deliver", "settle", "void"]
    orders: list[Signed]


class OrderStep(Step):
    op: Literal["pay_balance", "hold", "release"]
    order: Signed


class OrderAmountStep(Step):
    op: Literal["refund", "compensate"]
    order: Signed
    amount: Signed


class InsuranceClaim(Step):
    op: Literal["insurance_claim"] = "insurance_claim"
    order: Signed
    loss: Signed


class AgentStep(Step):
    op: Literal["freeze", "unfreeze"]
    agent: Id


class Certify(Step):
    op: Literal["certify"] = "certify"
    agent: Id
    certified: bool = True


class ProtectRegion(Step):
    op: Literal["protect_region"] = "protect_region"
    region: Region
    holder: Id


class ReleaseRegion(Step):
    op: Literal["release_region"] = "release_region"
    region: Region


class AgentAmountStep(Step):
    op: Literal["deposit", "release_deposit", "slash"]
    agent: Id
    amount: Signed


class Fund(Step):
    op: Literal["fund"] = "fund"
    amount: Signed


class Withdraw(Step):
    op: Literal["withdraw"] = "withdraw"
    account: Id
    amount: Signed


class Close(Step):
    op: Literal["close_month", "close_year"]
    epoch: Epoch


class Claim(Step):
    op: Literal["claim_support", "claim_dividend"]
    agent: Id
    epoch: Epoch


class Advance(Step):
    op: Literal["advance"] = "advance"
    days: Days


class PublishPlan(Step):
    """Parameters that change. What rules § 2 forbids is the step's ``InvalidPlan``, no fault of the file."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    op: Literal["publish_plan"] = "publish_plan"

    @model_validator(mode="after")
    def _is_a_plan(self) -> PublishPlan:
        try:
            SEED.changed(self.arguments())
        except PlanFormatError as error:
            raise ValueError(str(error)) from error
        except InvalidPlan:
            pass
        return self


AnyStep = Annotated[
    Register
    | Join
    | OpenCampaign
    | Order
    | OrdersStep
    | OrderStep
    | OrderAmountStep
    | InsuranceClaim
    | AgentStep
    | Certify
    | ProtectRegion
    | ReleaseRegion
    | AgentAmountStep
    | Fund
    | Withdraw
    | Close
    | Claim
    | Advance
    | PublishPlan,
    Field(discriminator="op"),
]


class Participant(_Strict):
    """A supplier or a store that is registered before the first step."""

    id: Id
    kind: NamedKind


class Case(_Strict):
    """A case file. ``expect`` is the result document that it promises, None where it promises nothing."""

    about: str = ""
    plan: str | dict[str, Any] = "seed"
    treasury: Amount = DEFAULT_TREASURY
    participants: list[Participant] = []
    steps: list[AnyStep]
    expect: dict[str, Any] | None = None

    @field_validator("plan")
    @classmethod
    def _is_a_plan(cls, written: str | dict[str, Any]) -> str | dict[str, Any]:
        try:
            plan_from(written)
        except (PlanFormatError, InvalidPlan) as error:
            raise ValueError(str(error)) from error
        return written

    @property
    def starting_plan(self) -> Plan:
        """The plan in force before the first step."""
        return plan_from(self.plan)

    def document(self) -> dict[str, Any]:
        """The case as its file writes it: what was given, nothing that is only a default."""
        return self.model_dump(exclude_unset=True)


def read_case(path: Path) -> Case:
    """Reads a case file; ``CaseFileError`` names the file and the place in it."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseFileError(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise CaseFileError(f"{path.name}: is not JSON: {error}") from error
    return parse_case(written, path.name)


def parse_case(written: object, name: str) -> Case:
    """Checks a case that was read from JSON; ``name`` stands for it in a ``CaseFileError``."""
    try:
        return Case.model_validate(written)
    except ValidationError as error:
        faults = "".join(f"\n  {_place(fault['loc'])}: {_reason(fault)}" for fault in error.errors())
        raise CaseFileError(f"{name}: is not a case file:{faults}") from error


def write_case(path: Path, case: Case) -> None:
    """Writes a case file, one field a line."""
    path.write_text(json.dumps(case.document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _place(location: tuple[int | str, ...]) -> str:
    """``steps[3].price (order)`` for pydantic's ``("steps", 3, "order", "price")``."""
    if location[:1] == ("steps",) and len(location) > 2:
        _, index, op, *field = location
        return "".join([f"steps[{index}]", *(_part(one) for one in field), f" ({op})"])
    return "".join(_part(one) for one in location).lstrip(".") or "the whole"


def _part(one: int | str) -> str:
    return f"[{one}]" if isinstance(one, int) else f".{one}"


def _reason(fault: ErrorDetails) -> str:
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{reason}, not {fault['input']!r}" if isinstance(fault["input"], (int, float, str)) else reason

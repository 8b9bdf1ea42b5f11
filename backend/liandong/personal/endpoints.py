"""Personal data of a participant (``/v1/participants/{participant}/personal``)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from liandong.access.guard import Caller
from liandong.access.operations import Operations
from liandong.http.context import InContext
from liandong.http.problems import refusals
from liandong.participants.schemas import ParticipantNumber
from liandong.personal import service
from liandong.personal.cipher import KeyRing
from liandong.personal.errors import NoKeyRing, NoPersonalData


def _key_ring(request: Request) -> KeyRing:
    found: KeyRing | None = request.app.state.key_ring
    if found is None:
        raise NoKeyRing
    return found


Ring = Annotated[KeyRing, Depends(_key_ring)]

router = Operations(prefix="/v1", tags=["personal data"])
PATH = "/participants/{participant}/personal"
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 -]{5,30}$")]


class PersonalData(BaseModel):
    """What is kept of a person, sealed; others than the owner see it masked."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=100, examples=["王小明"])
    phone: Phone | None = Field(default=None, examples=["+86 13800000000"])
    address: str | None = Field(default=None, max_length=500)


class PhoneSearch(BaseModel):
    """A phone number, with or without spaces and dashes. In a body, so that no log of addresses has it."""

    model_config = ConfigDict(extra="forbid")

    phone: Phone


class Found(BaseModel):
    """Who was found."""

    participants: list[int]


@router.post("/personal/search", operation_id="find_by_phone", responses=refusals(NoKeyRing))
def find_by_phone(body: PhoneSearch, context: InContext, ring: Ring) -> Found:
    """Whose phone number this is, by keyed hashes: nothing is opened for it."""
    return Found(participants=service.having_phone(context.database, ring, body.phone))


@router.put(PATH, operation_id="put_personal_data", status_code=204, responses=refusals(NoKeyRing))
def put_personal_data(
    participant: ParticipantNumber, data: PersonalData, context: InContext, ring: Ring
) -> None:
    """Keep a participant's personal data, sealed, in place of what was kept before."""
    service.put(context.database, ring, participant, data.model_dump())


@router.get(PATH, operation_id="get_personal_data", responses=refusals(NoPersonalData, NoKeyRing))
def get_personal_data(
    participant: ParticipantNumber, context: InContext, ring: Ring, caller: Caller
) -> dict[str, str | None]:
    """A participant's personal data: whole for its owner's wallet, masked for everybody else."""
    whole = caller.is_agent and caller.participant == participant
    return service.get(context.database, ring, participant, whole=whole)


@router.delete(PATH, operation_id="delete_personal_data", status_code=204, responses=refusals(NoPersonalData))
def delete_personal_data(participant: ParticipantNumber, context: InContext) -> None:
    """Forget a participant's personal data for good."""
    service.forget(context.database, participant)

"""Participants (``/v1/participants``, ``/v1/joins``, ``/v1/regions``)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request

from liandong.access.guard import Caller
from liandong.access.operations import Operations
from liandong.access.principals import Principal
from liandong.chain.errors import InvalidSignature, InvalidWallet, SignatureExpired
from liandong.errors import (
    AgentFrozen,
    AlreadyRegistered,
    InsufficientDeposit,
    RegionFree,
    RegionMismatch,
    RegionTaken,
    TeamTooDeep,
    TierTooLow,
    UnknownParticipant,
)
from liandong.http.context import InContext, context_of
from liandong.http.errors import Forbidden, InvalidCursor
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.participants import repository, service, typed_data
from liandong.participants.schemas import (
    Certification,
    FounderJoin,
    Join,
    JoinTerms,
    Kind,
    LineageView,
    ParticipantNumber,
    ParticipantView,
    Protection,
    Reason,
    RegionView,
    Registration,
    Slash,
    TeamView,
)
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1", tags=["participants"])

RegionPath = Annotated[int, Path(ge=1, lt=2**20, examples=[310000])]


@router.post(
    "/suppliers",
    operation_id="register_supplier",
    responses=write_refusals(AlreadyRegistered, InvalidWallet),
    **WRITE,
)
def register_supplier(body: Registration, writes: Writes) -> RequestView:
    """Register a supplier; `result` names its number once it is mined."""
    return writes.send("register", {"type": "supplier", "wallet": body.wallet})


@router.post(
    "/stores",
    operation_id="register_store",
    responses=write_refusals(AlreadyRegistered, InvalidWallet),
    **WRITE,
)
def register_store(body: Registration, writes: Writes) -> RequestView:
    """Register a store; `result` names its number once it is mined."""
    return writes.send("register", {"type": "store", "wallet": body.wallet})


@router.post(
    "/founders",
    operation_id="join_founder",
    responses=write_refusals(AlreadyRegistered, InvalidWallet),
    **WRITE,
)
def join_founder(body: FounderJoin, writes: Writes) -> RequestView:
    """Let an agent join without an introducer, as a boss."""
    return writes.send("register", {"type": "founder", "wallet": body.wallet, "region": body.region})


@router.post("/joins/prepare", operation_id="prepare_join")
def prepare_join(body: JoinTerms, context: InContext, caller: Caller) -> dict[str, Any]:
    """The EIP-712 message by which a newcomer's wallet consents to join, for `eth_signTypedData_v4`."""
    _require_own_wallet(caller, body.wallet)
    values = {
        "wallet": body.wallet,
        "introducer": body.introducer,
        "region": body.region,
        "deadline": body.deadline,
    }
    return typed_data.document(context.deployment, "Join", values)


@router.post(
    "/joins", operation_id="join", **WRITE,
    responses=write_refusals(
        AlreadyRegistered, UnknownParticipant, AgentFrozen, TeamTooDeep, InvalidSignature, SignatureExpired
    ),
)  # fmt: skip
def join(body: Join, writes: Writes) -> RequestView:
    """Let an agent join by its introducer, with its wallet's signature of the prepared message."""
    _require_own_wallet(writes.caller, body.wallet)
    return writes.send("join", body.model_dump())


@router.get("/participants", operation_id="list_participants", responses=refusals(InvalidCursor))
def list_participants(
    context: InContext, kind: Kind | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[ParticipantView]:
    """All participants, in the order of their numbers."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        shown, next_ = page_of(
            repository.page(session, kind, after, limit + 1), limit, lambda row: (row.number,)
        )
        return Page(items=[ParticipantView.of(row) for row in shown], next=next_)


@router.get(
    "/participants/{participant}", operation_id="get_participant", responses=refusals(UnknownParticipant)
)
def get_participant(participant: ParticipantNumber, context: InContext) -> ParticipantView:
    """A participant as it is now."""
    with context.database.read() as session:
        return ParticipantView.of(service.participant(session, participant))


@router.get(
    "/participants/{participant}/lineage", operation_id="get_lineage", responses=refusals(UnknownParticipant)
)
def get_lineage(participant: ParticipantNumber, request: Request) -> LineageView:
    """The way up: introducers, three at most, and the leader."""
    with context_of(request).database.look() as reader:
        return service.lineage(reader, participant)


@router.get(
    "/participants/{participant}/team", operation_id="get_team",
    responses=refusals(UnknownParticipant, InvalidCursor),
)  # fmt: skip
def get_team(
    participant: ParticipantNumber, request: Request, level: Annotated[int, Query(ge=1, le=3)] = 1,
    cursor: Cursor = None, limit: Limit = 50,
) -> TeamView:  # fmt: skip
    """The way down, three levels at most: counts and tiers of each, and a page of the members of one."""
    (after,) = key_of(cursor) or (0,)
    with context_of(request).database.look() as reader:
        return service.team(reader, participant, level, after, limit)


@router.put(
    "/participants/{participant}/certification", operation_id="certify",
    responses=write_refusals(UnknownParticipant), **WRITE,
)  # fmt: skip
def certify(participant: ParticipantNumber, body: Certification, writes: Writes) -> RequestView:
    """Allow an agent's cross-border sales, or end that."""
    return writes.send("certify", {"agent": participant, "certified": body.certified})


@router.post(
    "/participants/{participant}/freeze",
    operation_id="freeze",
    responses=write_refusals(UnknownParticipant),
    **WRITE,
)
def freeze(participant: ParticipantNumber, body: Reason, writes: Writes) -> RequestView:
    """Freeze an agent: it cannot sell, introduce, withdraw or take its deposit back; it is still credited."""
    return writes.send("freeze", {"agent": participant, "reason": body.reason})


@router.post(
    "/participants/{participant}/unfreeze", operation_id="unfreeze",
    responses=write_refusals(UnknownParticipant), **WRITE,
)  # fmt: skip
def unfreeze(participant: ParticipantNumber, writes: Writes) -> RequestView:
    """End a freeze."""
    return writes.send("unfreeze", {"agent": participant})


@router.post(
    "/participants/{participant}/slash", operation_id="slash",
    responses=write_refusals(UnknownParticipant, InsufficientDeposit), **WRITE,
)  # fmt: skip
def slash(participant: ParticipantNumber, body: Slash, writes: Writes) -> RequestView:
    """Move a part of an agent's deposit to the protection account."""
    return writes.send("slash", {"agent": participant, "amount": body.amount, "reason": body.reason})


@router.get("/regions", operation_id="list_regions", responses=refusals(InvalidCursor))
def list_regions(context: InContext, cursor: Cursor = None, limit: Limit = 50) -> Page[RegionView]:
    """Protected regions and who protects them."""
    (after,) = key_of(cursor) or (-1,)
    with context.database.read() as session:
        shown, next_ = page_of(
            repository.regions(session, after, limit + 1), limit, lambda row: (row.number,)
        )
        return Page(items=[RegionView(region=row.number, holder=row.holder) for row in shown], next=next_)


@router.put(
    "/regions/{region}", operation_id="protect_region", **WRITE,
    responses=write_refusals(UnknownParticipant, TierTooLow, RegionTaken, RegionMismatch),
)  # fmt: skip
def protect_region(region: RegionPath, body: Protection, writes: Writes) -> RequestView:
    """Protect an agent's own region for it."""
    return writes.send("protect_region", {"region": region, "agent": body.holder})


@router.delete(
    "/regions/{region}", operation_id="release_region", responses=write_refusals(RegionFree), **WRITE
)
def release_region(region: RegionPath, writes: Writes) -> RequestView:
    """End a region's protection."""
    return writes.send("release_region", {"region": region})


def _require_own_wallet(caller: Principal, wallet: str) -> None:
    if caller.is_agent and (caller.wallet or "").lower() != wallet.lower():
        raise Forbidden("a wallet can join for itself only")

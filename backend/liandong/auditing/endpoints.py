"""Audits (``/v1/audits``): replay from logs alone, and chain = mirror = rules."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import Depends, Path, Request
from pydantic import BaseModel, Field

from liandong.access.operations import Operations
from liandong.auditing import reconciliation
from liandong.auditing.service import Audits, is_running
from liandong.db.access import AuditRun
from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor, NotFound, NotReady
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.participants.schemas import Body

router = Operations(prefix="/v1/audits", tags=["audit"])


class NewAudit(Body):
    """From where an audit begins."""

    from_block: int | None = Field(
        default=None, ge=0, lt=2**63, description="Go on from what an earlier audit kept before this block."
    )


class DifferenceView(BaseModel):
    """The first thing on which the three do not agree, and what each says about it."""

    name: str
    rules: str | None
    chain: str | None
    mirror: str | None
    block: int | None


class AuditView(BaseModel):
    """An audit. `agrees`: everything is the same by rules, chain and mirror."""

    id: int
    state: Literal["running", "agrees", "differs", "failed"]
    begun_at: int = Field(description="Unix seconds.")
    first_block: int | None = None
    last_block: int | None = None
    at_block: int | None = Field(default=None, description="How far it is, while it runs.")
    events: int | None = None
    compared: int | None = None
    seconds: float | None = None
    difference: DifferenceView | None = None
    failed: str | None = Field(default=None, description="The error that the audit ended with.")

    @classmethod
    def of(cls, run: AuditRun) -> AuditView:
        """From its row."""
        assert run.id is not None
        if run.report is None:
            state = "running" if is_running(run) else "failed"
            failed = run.failed or (None if state == "running" else "Interrupted")
            return cls(
                id=run.id, state=state, begun_at=run.begun_at, failed=failed, last_block=run.last_block,
                at_block=run.at_block,
            )  # fmt: skip
        report = json.loads(run.report)
        found = report["difference"]
        return cls(
            id=run.id, state="agrees" if found is None else "differs", begun_at=run.begun_at,
            first_block=report["first_block"], last_block=report["last_block"], events=report["events"],
            compared=report["compared"], seconds=round(report["seconds"], 3),
            difference=None if found is None else DifferenceView(
                name=found["name"], rules=_said(found["rules"]), chain=_said(found["chain"]),
                mirror=_said(found["mirror"]), block=found["block"],
            ),
        )  # fmt: skip


class ReconciliationView(BaseModel):
    """Rules § 6.1 at one block: what the mirror has of every position, and the tokens that the contract has.

    Where it agrees, `held` = `tokens_in` - `tokens_out`, and `tokens` is at least as much: anybody can send
    tokens to the contract unasked.
    """

    block: int
    agrees: bool
    treasury: int
    escrow: int
    accounts: int = Field(description="Available and deposits of all accounts.")
    deposits: int = Field(description="The deposits among them.")
    pools: int
    held: int
    tokens_in: int
    tokens_out: int
    tokens: int


def _audits(request: Request) -> Audits:
    found: Audits = request.app.state.audits
    return found


InAudits = Annotated[Audits, Depends(_audits)]


@router.post("", operation_id="start_audit", status_code=202)
def start_audit(body: NewAudit, audits: InAudits) -> AuditView:
    """Begin an audit; while one is under way, that one is answered."""
    return AuditView.of(audits.start(body.from_block))


@router.get("", operation_id="list_audits", responses=refusals(InvalidCursor))
def list_audits(audits: InAudits, cursor: Cursor = None, limit: Limit = 50) -> Page[AuditView]:
    """Audits, newest first."""
    (before,) = key_of(cursor) or (None,)
    shown, next_ = page_of(audits.page(before, limit + 1), limit, lambda row: (row.id,))
    return Page(items=[AuditView.of(row) for row in shown], next=next_)


@router.get("/latest", operation_id="get_last_audit", responses=refusals(NotFound))
def get_last_audit(audits: InAudits) -> AuditView:
    """The last audit, also one that is under way."""
    return _found(audits.last(), "no audit was begun yet: POST /v1/audits")


@router.get("/reconciliation", operation_id="reconcile", responses=refusals(NotReady))
def reconcile(context: InContext) -> ReconciliationView:
    """The sums of all positions against what the token says, now."""
    found = reconciliation.now(context)
    return ReconciliationView(**asdict(found), held=found.held, agrees=found.agrees)


@router.get("/{audit}", operation_id="get_audit", responses=refusals(NotFound))
def get_audit(audit: Annotated[int, Path(ge=1, lt=2**31)], audits: InAudits) -> AuditView:
    """One audit."""
    return _found(audits.get(audit), f"there is no audit {audit}")


def _found(run: AuditRun | None, otherwise: str) -> AuditView:
    if run is None:
        raise NotFound(otherwise)
    return AuditView.of(run)


def _said(value: object) -> str | None:
    return None if value is None else str(value)

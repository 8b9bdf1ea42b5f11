"""Audits (``/v1/audits``): replay from logs alone, and chain = mirror = rules."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from liandong.auditing.service import Audits, Run
from liandong.http.errors import NotFound
from liandong.http.problems import refusals
from liandong.participants.schemas import Body

router = APIRouter(prefix="/v1/audits", tags=["audit"])


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

    state: Literal["running", "agrees", "differs", "failed"]
    begun_at: int = Field(description="Unix seconds.")
    first_block: int | None = None
    last_block: int | None = None
    events: int | None = None
    compared: int | None = None
    seconds: float | None = None
    difference: DifferenceView | None = None
    failed: str | None = Field(default=None, description="The error that the audit ended with.")

    @classmethod
    def of(cls, run: Run) -> AuditView:
        """From a run."""
        report = run.report
        if report is None:
            state = "running" if run.failed is None else "failed"
            return cls(state=state, begun_at=run.begun_at, failed=run.failed)
        found = report.difference
        return cls(
            state="agrees" if found is None else "differs", begun_at=run.begun_at,
            first_block=report.first_block, last_block=report.last_block, events=report.events,
            compared=report.compared, seconds=round(report.seconds, 3),
            difference=None if found is None else DifferenceView(
                name=found.name, rules=_said(found.rules), chain=_said(found.chain),
                mirror=_said(found.mirror), block=found.block,
            ),
        )  # fmt: skip


def _audits(request: Request) -> Audits:
    found: Audits = request.app.state.audits
    return found


InAudits = Annotated[Audits, Depends(_audits)]


@router.post("", operation_id="start_audit", status_code=202)
def start_audit(body: NewAudit, audits: InAudits) -> AuditView:
    """Begin an audit; while one is under way, that one is answered."""
    return AuditView.of(audits.start(body.from_block))


@router.get("/latest", operation_id="get_audit", responses=refusals(NotFound))
def get_audit(audits: InAudits) -> AuditView:
    """The last audit of this server, also one that is under way."""
    last = audits.last()
    if last is None:
        raise NotFound("no audit was begun since this server started: POST /v1/audits")
    return AuditView.of(last)


def _said(value: object) -> str | None:
    return None if value is None else str(value)

"""``/health``, ``/ready``, ``/metrics``, ``/v1/status``, ``/v1/problems``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from liandong import __version__
from liandong.access.operations import Operations
from liandong.http import problems
from liandong.http.context import InContext
from liandong.http.errors import NotFound, NotReady
from liandong.http.language import title_of
from liandong.http.problems import refusals
from liandong.status import service

router = Operations(tags=["operation"])


class Health(BaseModel):
    """The process lives."""

    status: Literal["alive"] = "alive"
    version: str = __version__


class Ready(BaseModel):
    """The mirror is caught up, and the node answers."""

    status: Literal["ready"] = "ready"
    block: int
    lag: int


class LaneView(BaseModel):
    """One signer's line of transactions."""

    role: str
    address: str
    next_nonce: int | None
    leased: bool
    trouble: str | None


class ContractView(BaseModel):
    """A contract of the deployment, and its page in the block explorer where the settings name one."""

    name: str
    address: str
    explorer: str | None


class Status(BaseModel):
    """How the service does."""

    version: str
    chain_id: int
    settlement: str
    block: int | None
    block_hash: str | None
    head: int | None
    lag: int | None
    reorgs: int
    requests: dict[str, int]
    lanes: list[LaneView]
    trouble: str | None
    contracts: list[ContractView]


class ProblemCode(BaseModel):
    """A code that an error answer can have."""

    code: str
    status: int
    title: str


@router.get("/health", operation_id="health")
def health() -> Health:
    """The process lives; asks nothing of database or node."""
    return Health()


@router.get("/ready", operation_id="ready", responses=refusals(NotReady))
def ready(context: InContext) -> Ready:
    """The mirror is caught up with the node, so that answers are of now."""
    found = service.require_ready(context)
    return Ready(block=found.block or 0, lag=found.lag or 0)


@router.get(
    "/metrics", operation_id="metrics", response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Metrics"}},
)  # fmt: skip
def metrics(context: InContext) -> Response:
    """Metrics in Prometheus' text form."""
    found = service.place(context)
    gauges = context.gauges
    for name, value in (
        ("block", found.block),
        ("head", found.head),
        ("lag", found.lag),
        ("reorgs", found.reorgs),
    ):
        if value is not None:
            gauges[name].set(value)
    with context.database.read() as session:
        counts = service.requests_by_state(session)
    for state in ("queued", "building", "sent"):
        gauges["requests"].labels(state).set(counts.get(state, 0))
    return Response(generate_latest(context.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/status", operation_id="status")
def status(context: InContext) -> Status:
    """Mirror, node and outbox lanes."""
    found = service.place(context)
    with context.database.read() as session:
        lanes = [
            LaneView(
                role=lane.role, address=lane.address, next_nonce=lane.next_nonce,
                leased=lane.holder is not None, trouble=lane.trouble,
            )
            for lane in service.lanes(session)
        ]  # fmt: skip
        counts = service.requests_by_state(session)
    return Status(
        version=__version__, chain_id=context.deployment.chain_id, settlement=context.deployment.settlement,
        block=found.block, block_hash=found.block_hash, head=found.head, lag=found.lag, reorgs=found.reorgs,
        requests=counts, lanes=lanes, trouble=context.trouble() or None,
        contracts=[
            ContractView(name=name, address=one.address, explorer=context.explorer.address(one.address))
            for name, one in context.deployment.contracts.items()
        ],
    )  # fmt: skip


@router.get("/v1/problems", operation_id="list_problems")
def list_problems() -> list[ProblemCode]:
    """Every code that an error can have, with its HTTP status and what it means."""
    return [_code(name, error) for name, error in problems.all_errors().items()]


@router.get("/v1/problems/{code}", operation_id="get_problem", responses=refusals(NotFound))
def get_problem(code: Annotated[str, Path(pattern="^[A-Za-z]{1,60}$")]) -> ProblemCode:
    """One code."""
    found = problems.all_errors().get(code)
    if found is None:
        raise NotFound(f"no error is named {code}")
    return _code(code, found)


def _code(name: str, error: Any) -> ProblemCode:
    return ProblemCode(code=name, status=int(problems.status_of(error)), title=title_of(error))

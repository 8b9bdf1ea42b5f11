"""Requests and transactions as the API shows them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from liandong.chain.errors import CONTRACT_ERRORS
from liandong.db.outbox import OutboxRequest
from liandong.errors import LiandongError, rule_error
from liandong.http.explorer import NO_EXPLORER, Explorer
from liandong.http.language import title_of
from liandong.http.problems import all_errors

ORDER_KEY = "order:"
"""Before a mall's order id in its request's key, so that no other write can use the same one."""

EXPLORER = "The transaction's page in the block explorer, where the settings name one."


class Rejection(BaseModel):
    """Why the chain would not have a request: the rules' error of the same name."""

    code: str = Field(examples=["PriceBelowCost"])
    title: str = ""
    detail: str = ""


class RequestView(BaseModel):
    """A write and how far it is. Times are Unix milliseconds.

    `queued` until it is in a transaction, `building` while that is signed, `sent`, `mined` once the mirror
    has it, `final` when no reorganisation can undo it; or `rejected`, for good, with the reason.
    """

    id: int
    kind: str
    key: str = Field(description="The caller's Idempotency-Key, or its order id.")
    state: Literal["queued", "building", "sent", "mined", "final", "rejected"]
    order: int | None = Field(default=None, description="The order's number on chain, once it has one.")
    order_id: str | None = Field(default=None, description="The mall's id of the order that this records.")
    result: dict[str, Any] | None = Field(default=None, description="Numbers that the chain gave.")
    rejection: Rejection | None = None
    waiting: Rejection | None = Field(default=None, description="Why it is still queued, if it was tried.")
    transaction: str | None = Field(default=None, description="Hash of the transaction that it was mined in.")
    explorer: str | None = Field(default=None, description=EXPLORER)
    created_at: int
    changed_at: int

    @classmethod
    def of(
        cls, row: OutboxRequest, transaction: str | None = None, explorer: Explorer = NO_EXPLORER
    ) -> RequestView:
        """From its row."""
        return cls(
            id=row.id, kind=row.kind, key=row.key.removeprefix(ORDER_KEY), state=row.state,
            order=row.order_number, order_id=order_id_of(row), result=row.result,
            rejection=_told(row, "rejected"), waiting=_told(row, "queued"), transaction=transaction,
            explorer=explorer.transaction(transaction), created_at=row.created_at, changed_at=row.changed_at,
        )  # fmt: skip


class TransactionView(BaseModel):
    """A transaction: `pending` (sent, not mined), `mined`, `final`, or `dropped` (another took its place)."""

    hash: str
    state: Literal["pending", "mined", "final", "dropped"]
    block: int | None = None
    block_hash: str | None = None
    confirmations: int = 0
    explorer: str | None = Field(default=None, description=EXPLORER)
    requests: list[int] = Field(default_factory=list, description="The caller's requests that it carries.")


def order_id_of(row: OutboxRequest) -> str | None:
    """The mall's id of the order that a request records."""
    return mall_id(row.key) if row.kind == "order" else None


def mall_id(key: str) -> str | None:
    """The mall's id in the key of a request that records an order; None where it was given no id."""
    return key.removeprefix(ORDER_KEY) if key.startswith(ORDER_KEY) else None


def rejection_error(name: str, detail: str) -> LiandongError:
    """The error that a rejected request ended with."""
    if name in CONTRACT_ERRORS:
        return CONTRACT_ERRORS[name](detail)
    try:
        return rule_error(name)(detail)
    except LookupError:
        kind = all_errors().get(name, LiandongError)
        return kind(detail)


def _told(row: OutboxRequest, state: str) -> Rejection | None:
    if row.error_name is None or row.state != state:
        return None
    kind = all_errors().get(row.error_name)
    title = title_of(kind) if kind is not None else ""
    return Rejection(code=row.error_name, title=title, detail=row.error_detail or "")

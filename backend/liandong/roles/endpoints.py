"""Roles (``/v1/roles``): who may take the steps of operator, risk officer, treasurer, guardian."""

from __future__ import annotations

from typing import Literal

from eth_utils import to_checksum_address
from pydantic import BaseModel
from sqlmodel import col, select

from liandong.access.operations import Operations
from liandong.chain.deployment import ROLE_BITS
from liandong.chain.errors import RolesNotApart
from liandong.db.people import RoleHolder
from liandong.http.context import InContext
from liandong.participants.schemas import Body, Wallet
from liandong.transactions.delayed import send_delayed
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1/roles", tags=["roles"])

RoleName = Literal["operator", "risk", "treasurer", "guardian"]


class RoleView(BaseModel):
    """An address and its role."""

    holder: str
    role: RoleName


class RoleChange(Body):
    """A role for an address; null takes away the one that it has."""

    holder: Wallet
    role: RoleName | None


@router.get("", operation_id="list_roles")
def list_roles(context: InContext) -> list[RoleView]:
    """Who holds which role now."""
    names = {bit: name for name, bit in ROLE_BITS.items()}
    with context.database.read() as session:
        query = select(RoleHolder).where(RoleHolder.roles != 0).order_by(col(RoleHolder.roles))
        return [
            RoleView(holder=to_checksum_address(row.address), role=names[row.roles])
            for row in session.exec(query)
        ]


@router.post("", operation_id="set_role", responses=write_refusals(RolesNotApart), **WRITE)
def set_role(body: RoleChange, writes: Writes) -> RequestView:
    """Give a role, or take it away: at once where the administrator has no delay, else announced now."""
    bit = ROLE_BITS[body.role] if body.role else 0
    return send_delayed(writes, "set_role", {"holder": body.holder, "bit": bit})

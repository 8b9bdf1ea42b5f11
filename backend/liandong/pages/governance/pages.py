"""``/app/audit/governance`` and ``/app/audit/compliance``: who may do what, plans, what supervisors count."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from liandong.access.principals import Principal, Scope
from liandong.auditing import compliance, exports
from liandong.auditing.income import OWN_SALES
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.orders.service import event_view
from liandong.pages.rendering import render
from liandong.pages.session import ByKey
from liandong.pauses.endpoints import get_pauses
from liandong.plans import repository as plans
from liandong.plans.differences import differences
from liandong.roles.endpoints import list_roles
from liandong.roles.history import changes
from liandong.webhooks import changes as webhook_changes

router = APIRouter(prefix="/audit")

Reader = Annotated[Principal, Depends(ByKey("list_roles"))]

MOST_VERSIONS = 200
MOST_CHANGES = 100
MOST_WEBHOOKS = 10


@router.get("/governance")
def governance_page(request: Request, context: InContext, visitor: Reader) -> Response:
    """Roles and their changes, pauses, all plan versions with what each changed."""
    with context.database.read() as session:
        versions = list(differences(plans.versions(session, -1, MOST_VERSIONS)))[::-1]
        values: dict[str, Any] = {
            "calendar": calendar_of(session), "in_force": plans.book(session).plan,
            "webhooks": [], "changes": [event_view(one) for one in changes(session, MOST_CHANGES)],
        }  # fmt: skip
        if Scope.AUDITOR in visitor.scopes:  # others see their own, where they change them
            values["webhooks"] = webhook_changes.page(session, None, 2**62, MOST_WEBHOOKS)
    return render(
        request, "governance/governance.html", **values, versions=versions, holders=list_roles(context),
        paused=get_pauses(context).paused, roles=context.deployment.roles,
    )  # fmt: skip


@router.get("/compliance")
def compliance_page(request: Request, context: InContext, visitor: Reader) -> Response:
    """The counters, loaded by the page itself, since they go through everything; and the exports."""
    return render(request, "governance/compliance.html", exports=exports.NAMES)


@router.get("/compliance/counters")
def counters(request: Request, context: InContext, visitor: Reader) -> Response:
    """Levels, people, and the share of income from own sales."""
    with context.database.read() as session:
        found, calendar = compliance.count(session), calendar_of(session)
    return render(request, "governance/counters.html", found=found, calendar=calendar, own_sales=OWN_SALES)

"""Every kind of request there is, by the name that it has in requests and in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from liandong.outbox.errors import InvalidBody, UnknownKind
from liandong.outbox.kinds import administration, money, orders, people
from liandong.outbox.kinds.body import Body

KINDS: Mapping[str, type[Body]] = {
    "order": orders.Order,
    "deliver": orders.Deliver,
    "settle": orders.Settle,
    "void": orders.Void,
    "pay_balance": orders.PayBalance,
    "refund": orders.Refund,
    "hold": orders.Hold,
    "release": orders.Release,
    "compensate": orders.Compensate,
    "insurance_claim": orders.InsuranceClaim,
    "open_campaign": orders.OpenCampaign,
    "register": people.Register,
    "join": people.Join,
    "certify": people.Certify,
    "freeze": people.Freeze,
    "unfreeze": people.Unfreeze,
    "slash": people.Slash,
    "protect_region": people.ProtectRegion,
    "release_region": people.ReleaseRegion,
    "allow": money.Allow,
    "fund": money.Fund,
    "withdraw": money.Withdraw,
    "withdraw_for": money.WithdrawFor,
    "push_withdrawals": money.PushWithdrawals,
    "claim": money.Claim,
    "close_month": money.CloseMonth,
    "close_year": money.CloseYear,
    "pause": administration.Pause,
    "unpause": administration.Unpause,
    "announce_unpause": administration.AnnounceUnpause,
    "call_off_unpause": administration.CallOffUnpause,
    "set_role": administration.SetRole,
    "announce_role": administration.AnnounceRole,
    "call_off_role": administration.CallOffRole,
    "publish_plan": administration.PublishPlan,
    "announce_plan": administration.AnnouncePlan,
    "call_off_plan": administration.CallOffPlan,
}

ROLES = ("operator", "risk", "treasurer", "guardian", "plan_admin", "admin", "anyone")
"""Who signs; ``anyone`` needs no role on chain."""


def read_body(kind: str, body: Mapping[str, Any]) -> Body:
    """A request's body by its kind. Raises :class:`UnknownKind` and :class:`InvalidBody`."""
    model = KINDS.get(kind)
    if model is None:
        raise UnknownKind(f"{kind!r}; there are {', '.join(KINDS)}")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InvalidBody(f"{kind}: {where + ': ' if where else ''}{first['msg']}") from None

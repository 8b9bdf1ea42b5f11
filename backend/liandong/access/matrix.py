"""The authorisation matrix: for every operation of the API, who may call it. The one place for it.

The app does not start with an operation that is not in here, nor with an entry that no operation has. Pages
go by the operations that they stand for; what only pages do is in :data:`PAGES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from liandong.access.principals import Scope

MALL, RISK, TREASURER, GUARDIAN, PLANNER, ADMIN, AUDITOR, MONITOR = (
    Scope.MALL, Scope.RISK, Scope.TREASURER, Scope.GUARDIAN, Scope.PLANNER, Scope.ADMIN, Scope.AUDITOR,
    Scope.MONITOR,
)  # fmt: skip


class Own(StrEnum):
    """What of its own a wallet that signed in may reach in an operation."""

    NOTHING = "nothing"
    ANYTHING = "anything"
    """The operation shows no one's things."""

    PARTICIPANT = "participant"
    """Where the path's ``participant`` is the wallet's."""

    ORDER = "order"
    """Where the wallet's participant is a party to the path's ``order``."""

    BODY = "body"
    """Where the participant or wallet that the body or query names is the caller; the operation checks it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call an operation: anybody, or keys with one of the scopes, wallets for their own."""

    scopes: frozenset[Scope] = frozenset()
    own: Own = Own.NOTHING
    public: bool = False


PUBLIC = Rule(public=True)


def _keys(*scopes: Scope, own: Own = Own.NOTHING) -> Rule:
    return Rule(frozenset(scopes), own)


_READ = (MALL, RISK, TREASURER, GUARDIAN, PLANNER, ADMIN, AUDITOR)


MATRIX: Mapping[str, Rule] = {
    # operation
    "health": PUBLIC,
    "ready": PUBLIC,
    "metrics": _keys(MONITOR),
    "status": _keys(*_READ, MONITOR, own=Own.ANYTHING),
    "list_problems": PUBLIC,
    "get_problem": PUBLIC,
    # the contracts' sources, for explorers
    "get_published_file": PUBLIC,
    # signing in
    "challenge_sign_in": PUBLIC,
    "sign_in": PUBLIC,
    "sign_out": _keys(own=Own.ANYTHING),
    "who_am_i": _keys(*_READ, MONITOR, own=Own.ANYTHING),
    # plans are public: whoever thinks of joining reads them first
    "list_plans": PUBLIC,
    "get_plan": PUBLIC,
    "publish_plan": _keys(PLANNER),
    # pauses: who stops is not who lets go on
    "get_pauses": _keys(*_READ, MONITOR, own=Own.ANYTHING),
    "pause": _keys(GUARDIAN),
    "unpause": _keys(ADMIN),
    # roles of the hot path
    "list_roles": _keys(*_READ),
    "set_role": _keys(ADMIN),
    # participants
    "register_supplier": _keys(MALL),
    "register_store": _keys(MALL),
    "join_founder": _keys(MALL),
    "prepare_join": _keys(MALL, own=Own.BODY),
    "join": _keys(MALL, own=Own.BODY),
    "certify": _keys(MALL),
    "freeze": _keys(RISK),
    "unfreeze": _keys(RISK),
    "slash": _keys(RISK),
    "list_participants": _keys(*_READ),
    "get_participant": _keys(*_READ, own=Own.PARTICIPANT),
    "get_lineage": _keys(*_READ, own=Own.PARTICIPANT),
    "get_team": _keys(*_READ, own=Own.PARTICIPANT),
    "protect_region": _keys(MALL),
    "release_region": _keys(MALL),
    "list_regions": _keys(*_READ),
    # personal data: those who keep it, and its owner
    "put_personal_data": _keys(MALL, own=Own.PARTICIPANT),
    "get_personal_data": _keys(*_READ, own=Own.PARTICIPANT),
    "delete_personal_data": _keys(MALL, own=Own.PARTICIPANT),
    "find_by_phone": _keys(MALL),
    # campaigns
    "open_campaign": _keys(MALL),
    "list_campaigns": _keys(*_READ, own=Own.ANYTHING),
    "get_campaign": _keys(*_READ, own=Own.ANYTHING),
    # orders
    "quote": _keys(*_READ, own=Own.BODY),
    "record_order": _keys(MALL),
    "record_orders": _keys(MALL),
    "deliver": _keys(MALL),
    "settle": _keys(MALL),
    "void": _keys(MALL),
    "pay_balance": _keys(MALL),
    "refund": _keys(MALL),
    "hold": _keys(MALL, RISK),
    "release": _keys(RISK),
    "compensate": _keys(MALL),
    "claim_insurance": _keys(MALL),
    "list_orders": _keys(*_READ),
    "get_order": _keys(*_READ, own=Own.ORDER),
    "get_order_by_mall_id": _keys(MALL),
    "get_order_history": _keys(*_READ, own=Own.ORDER),
    "get_order_proof": _keys(*_READ, own=Own.ORDER),
    # money
    "list_accounts": _keys(*_READ),
    "get_account": _keys(*_READ, own=Own.PARTICIPANT),
    "get_deposit": _keys(*_READ, own=Own.PARTICIPANT),
    "get_statement": _keys(*_READ, own=Own.PARTICIPANT),
    "prepare_withdrawal": _keys(MALL, own=Own.PARTICIPANT),
    "withdraw": _keys(MALL, own=Own.PARTICIPANT),
    "withdraw_brand_account": _keys(TREASURER),
    "fund_treasury": _keys(TREASURER),
    "push_withdrawals": _keys(TREASURER),
    # pools
    "get_pools": _keys(*_READ, own=Own.ANYTHING),
    "list_epochs": _keys(*_READ, own=Own.ANYTHING),
    "close_epoch": _keys(MALL, TREASURER),
    "claim": _keys(MALL, own=Own.BODY),
    # being told: each mall of its own
    "put_webhook": _keys(MALL),
    "get_webhook": _keys(MALL),
    "delete_webhook": _keys(MALL),
    "list_messages": _keys(MALL),
    "rotate_webhook_secret": _keys(MALL),
    "resend_message": _keys(MALL),
    "resend_failed": _keys(MALL),
    "ping_webhook": _keys(MALL),
    "list_webhook_changes": _keys(MALL, AUDITOR),
    # audits
    "start_audit": _keys(AUDITOR),
    "list_audits": _keys(*_READ),
    "get_last_audit": _keys(*_READ),
    "get_audit": _keys(*_READ),
    "reconcile": _keys(*_READ),
    # what became of a write: each caller sees its own
    "list_requests": _keys(*_READ, own=Own.ANYTHING),
    "get_request": _keys(*_READ, own=Own.ANYTHING),
    "retry_request": _keys(MALL, RISK, TREASURER, GUARDIAN, PLANNER, ADMIN, own=Own.ANYTHING),
    "call_off_request": _keys(PLANNER, ADMIN),
    "get_transaction": _keys(*_READ, own=Own.ANYTHING),
}


PAGES: Mapping[str, Rule] = {
    # what pages do that no operation of the API does
    "view_plans": _keys(*_READ),
    "try_plan": _keys(*_READ),
    "backtest_plan": _keys(MALL, PLANNER),
}
"""For each thing that pages do beside the API's operations, who may do it."""

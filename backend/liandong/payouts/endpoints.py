"""Accounts (``/v1/accounts``), statements and withdrawals."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlmodel import Session, col, select

from liandong.access.operations import Operations
from liandong.chain.abi import abi_of
from liandong.chain.errors import InvalidSignature, NotAccountOwner, Paused, SignatureExpired
from liandong.chain.state_words import FIRST_PARTICIPANT, Account
from liandong.db.money import Account as AccountRow
from liandong.db.people import Participant
from liandong.errors import AgentFrozen, InsufficientBalance, InvalidAmount, UnknownParticipant
from liandong.http.context import Context, InContext, context_of
from liandong.http.errors import InvalidCursor
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.participants import typed_data
from liandong.participants.schemas import ParticipantNumber
from liandong.payouts import deposits, statements
from liandong.payouts.schemas import (
    AccountPath,
    AccountView,
    BrandWithdrawal,
    DepositView,
    Funding,
    Push,
    StatementEntry,
    Withdrawal,
    WithdrawalTerms,
)
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1", tags=["accounts"])


@router.get("/accounts", operation_id="list_accounts", responses=refusals(InvalidCursor))
def list_accounts(context: InContext, cursor: Cursor = None, limit: Limit = 50) -> Page[AccountView]:
    """All accounts, the brand's own first."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        query = select(AccountRow).where(AccountRow.number > after).order_by(col(AccountRow.number))
        shown, next_ = page_of(session.exec(query.limit(limit + 1)).all(), limit, lambda row: (row.number,))
        return Page(items=[AccountView.of(row) for row in shown], next=next_)


@router.get("/accounts/{participant}", operation_id="get_account", responses=refusals(UnknownParticipant))
def get_account(participant: AccountPath, context: InContext) -> AccountView:
    """An account as it is now."""
    with context.database.read() as session:
        return AccountView.of(_account(session, participant))


@router.get(
    "/accounts/{participant}/statement", operation_id="get_statement",
    responses=refusals(UnknownParticipant, InvalidCursor)
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The statement"}},
    response_model=Page[StatementEntry],
)  # fmt: skip
def get_statement(
    participant: AccountPath, request: Request,
    format: Annotated[Literal["json", "csv"], Query(description="CSV comes whole, oldest first.")] = "json",
    cursor: Cursor = None, limit: Limit = 50,
) -> Any:  # fmt: skip
    """What changed an account, newest first: each payout with its rule, order and transaction."""
    after, context = key_of(cursor, 2), context_of(request)
    with context.database.look() as reader:
        rows = statements.entries(reader, participant, after, limit + 1) if format == "json" else []
        if not rows:
            with Session(reader) as session:
                _account(session, participant)
        if format == "json":
            shown, next_ = page_of(rows, limit, lambda row: (row[0].block_number, row[0].log_index))
            views = [view for row in shown for view in statements.views(row, context.explorer)]
            return Page(items=views, next=next_)
    name = f"statement-{participant}.csv"
    rows = statements.every(context.database, participant)
    return StreamingResponse(
        statements.csv_lines(rows), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@router.get(
    "/participants/{participant}/deposit", operation_id="get_deposit", responses=refusals(UnknownParticipant)
)
def get_deposit(participant: ParticipantNumber, context: InContext) -> DepositView:
    """An agent's deposit, whence it came and until when it is locked; its wallet takes it back itself."""
    with context.database.read() as session:
        agent = session.get(Participant, participant)
        if agent is None or agent.kind != "agent":
            raise UnknownParticipant(f"agent {participant}")
        found = deposits.deposit(session, agent)
    return DepositView(
        amount=found.amount, debt=found.debt, locked_until=found.locked_until, held_back=found.held_back,
        paid_in=found.paid_in, released=found.released, slashed=found.slashed, set_off=found.set_off,
    )  # fmt: skip


@router.post(
    "/participants/{participant}/withdrawals/prepare", operation_id="prepare_withdrawal",
    responses=refusals(UnknownParticipant),
)  # fmt: skip
def prepare_withdrawal(
    participant: ParticipantNumber, body: WithdrawalTerms, context: InContext
) -> dict[str, Any]:
    """The EIP-712 message that the account's wallet signs, with the nonce that is next."""
    with context.database.read() as session:
        _account(session, participant)
    return withdrawal_message(context, participant, body)


@router.post(
    "/participants/{participant}/withdrawals", operation_id="withdraw", **WRITE,
    responses=write_refusals(
        UnknownParticipant, AgentFrozen, InsufficientBalance, InvalidSignature, SignatureExpired, Paused
    ),
)  # fmt: skip
def withdraw(participant: ParticipantNumber, body: Withdrawal, writes: Writes) -> RequestView:
    """Pay out to the account's own wallet, on its signed word."""
    return writes.send("withdraw_for", {"account": participant, **body.model_dump()})


@router.post(
    "/treasurer/withdrawals", operation_id="withdraw_brand_account", **WRITE,
    responses=write_refusals(InsufficientBalance, NotAccountOwner, Paused),
)  # fmt: skip
def withdraw_brand_account(body: BrandWithdrawal, writes: Writes) -> RequestView:
    """Pay out one of the brand's accounts to the treasurer."""
    return writes.send("withdraw", {"account": int(Account[body.account.upper()]), "amount": body.amount})


@router.post(
    "/treasurer/funding", operation_id="fund_treasury", responses=write_refusals(InvalidAmount), **WRITE
)
def fund_treasury(body: Funding, writes: Writes) -> RequestView:
    """Pay the treasurer's tokens into the treasury; the contract is allowed to take this amount before."""
    key = writes.required_key()
    writes.send_many([(f"{key}:allow", "allow", {"amount": body.amount})])
    return writes.send("fund", {"amount": body.amount})


@router.post("/treasurer/pushes", operation_id="push_withdrawals", responses=write_refusals(Paused), **WRITE)
def push_withdrawals(body: Push, writes: Writes) -> RequestView:
    """Pay participants all that they have available; who cannot be paid is passed over."""
    return writes.send("push_withdrawals", {"participants": body.participants})


def withdrawal_message(context: Context, participant: int, terms: WithdrawalTerms) -> dict[str, Any]:
    """What the wallet of a participant signs, so that anybody can send the withdrawal."""
    values = {"account": participant, "amount": terms.amount, "nonce": _nonce(context, participant)}
    return typed_data.document(context.deployment, "Withdrawal", values | {"deadline": terms.deadline})


def _account(session: Session, number: int) -> AccountRow:
    found = session.get(AccountRow, number)
    if found is not None:
        return found
    if number < FIRST_PARTICIPANT and number in set(Account) - {Account.TREASURY}:
        return AccountRow(number=number)
    if session.get(Participant, number) is None:
        raise UnknownParticipant(f"account {number}")
    return AccountRow(number=number)


def _nonce(context: Context, account: int) -> int:
    function = abi_of("Settlement").functions["nonceOf"]
    call = {"to": context.deployment.settlement, "data": "0x" + function.call_data((account,)).hex()}
    return context.node().number("eth_call", call, "latest")

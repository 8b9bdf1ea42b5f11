"""Accounts and statements as the API shows them. Amounts are minor units."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from liandong.chain.state_words import FIRST_PARTICIPANT, Account
from liandong.db.money import Account as AccountRow
from liandong.participants.schemas import Amount, Body, Deadline, Number, Signature
from liandong.transactions.schemas import EXPLORER

BrandAccount = Literal["platform", "fees", "duty", "treasury"]
AccountPath = Annotated[
    int, Path(ge=1, lt=2**32, description="1 platform … 5 protection, from 16 on participants.")
]
Withdrawable = Annotated[int, Field(strict=True, ge=1, lt=2**63, description="Minor units.", examples=[1000])]


class AccountView(BaseModel):
    """An account as it is now."""

    number: int
    name: str
    available: int
    withdrawn: int
    deposit: int
    debt: int
    deposit_locked_until: int = Field(description="Day from which the deposit can be taken back.")

    @classmethod
    def of(cls, row: AccountRow) -> AccountView:
        """From its row."""
        return cls(
            number=row.number, name=name_of(row.number), available=row.available, withdrawn=row.withdrawn,
            deposit=row.deposit, debt=row.debt, deposit_locked_until=row.locked_until,
        )  # fmt: skip


class DepositView(BaseModel):
    """An agent's deposit, and what became of all that ever went into it."""

    amount: int = Field(description="What is held now.")
    debt: int = Field(description="While there is any, nothing can be taken back.")
    locked_until: int = Field(description="Day from which it can be taken back.")
    held_back: int = Field(description="Of service fees of cross-border orders.")
    paid_in: int
    released: int = Field(description="Taken back by the agent.")
    slashed: int = Field(description="Moved to the protection of buyers.")
    set_off: int = Field(description="Paid debt, or refunds of the agent's orders.")


class StatementEntry(BaseModel):
    """One entry. `change` is signed; `into` says which balance changed."""

    block: int
    log_index: int
    at: int | None = Field(description="Unix seconds.")
    entry: str = Field(examples=["direct"])
    rule: str
    order: int | None
    change: int
    into: Literal["available", "deposit", "debt"]
    transaction: str | None
    explorer: str | None = Field(default=None, description=EXPLORER)


class WithdrawalTerms(Body):
    """What the account's owner signs."""

    amount: Withdrawable
    deadline: Deadline


class Withdrawal(WithdrawalTerms):
    """A withdrawal with the signature of the account's wallet."""

    signature: Signature


class BrandWithdrawal(Body):
    """A withdrawal from one of the brand's accounts to the treasurer."""

    account: BrandAccount
    amount: Amount


class Funding(Body):
    """Tokens of the treasurer's that go into the treasury."""

    amount: Withdrawable


class Push(Body):
    """Whom to pay all that they have available."""

    participants: list[Number] = Field(min_length=1, max_length=200)


def name_of(number: int) -> str:
    """An account's name: the brand's own by theirs, else the participant's number."""
    return Account(number).name.lower() if number < FIRST_PARTICIPANT else f"participant {number}"

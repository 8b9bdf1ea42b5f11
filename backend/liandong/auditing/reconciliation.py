"""What is held against what came in and went out (rules § 6.1), by the mirror and by the token."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from liandong.chain.abi import abi_of
from liandong.db.chain import MirrorCursor
from liandong.db.money import Account, Book, PoolEpoch
from liandong.http.context import Context
from liandong.http.errors import NotReady

AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All positions at one block, in minor units; ``tokens`` is the contract's balance by the token.

    ``deposits`` are a part of ``accounts``.
    """

    block: int
    treasury: int
    escrow: int
    accounts: int
    deposits: int
    pools: int
    tokens_in: int
    tokens_out: int
    tokens: int

    @property
    def held(self) -> int:
        """The sum of all positions."""
        return self.treasury + self.escrow + self.accounts + self.pools

    @property
    def agrees(self) -> bool:
        """Whether everything that came in is held or went out, and is there."""
        return self.held == self.tokens_in - self.tokens_out <= self.tokens


def now(context: Context) -> Reconciliation:
    """At the mirror's block. Raises ``NotReady`` before there is one, and chain errors."""
    with context.database.read() as session:
        cursor, book = session.get(MirrorCursor, 1), session.get(Book, 1)
        if cursor is None or book is None:
            raise NotReady("the mirror has not begun")
        available, deposits = _sums_of_accounts(session)
        epochs = session.exec(select(PoolEpoch))
        pools = sum(one.gathered if one.closed_on is None else one.unclaimed for one in epochs)
    deployment = context.deployment
    balance_of = abi_of("LocalToken").functions["balanceOf"].call_data((deployment.settlement,))
    call = {"to": deployment.token, "data": "0x" + balance_of.hex()}
    tokens = int(context.node().call("eth_call", call, hex(cursor.block_number)), 16)
    return Reconciliation(
        cursor.block_number,
        book.treasury,
        book.escrow,
        available + deposits,
        deposits,
        pools,
        book.tokens_in,
        book.tokens_out,
        tokens,
    )


def _sums_of_accounts(session: Session) -> tuple[int, int]:
    if session.get_bind().dialect.name == "postgresql":
        found = session.exec(select(func.sum(Account.available), func.sum(Account.deposit))).one()
        return int(found[0] or 0), int(found[1] or 0)
    # summed here, since SQLite cannot sum what it has no integers for
    available, deposits, after = 0, 0, 0
    while True:
        query = select(Account.number, Account.available, Account.deposit).where(Account.number > after)
        rows = session.exec(query.order_by(col(Account.number)).limit(AT_ONCE)).all()
        available += sum(row[1] for row in rows)
        deposits += sum(row[2] for row in rows)
        if len(rows) < AT_ONCE:
            return available, deposits
        after = rows[-1][0]

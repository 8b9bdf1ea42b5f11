"""What is held against what came in and went out (rules § 6.1), by the mirror and by the token."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, text
from sqlmodel import Session, select

from liandong.chain.abi import abi_of
from liandong.db.chain import MirrorCursor
from liandong.db.money import Account, Book, PoolEpoch
from liandong.http.context import Context
from liandong.http.errors import NotReady


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
        available, deposits = sums_of_accounts(session)
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


def sums_of_accounts(session: Session) -> tuple[int, int]:
    """All that is available on accounts, and all deposits."""
    if session.get_bind().dialect.name == "postgresql":
        found = session.exec(select(func.sum(Account.available), func.sum(Account.deposit))).one()
        return int(found[0] or 0), int(found[1] or 0)
    return _sum_on_sqlite(session, "available"), _sum_on_sqlite(session, "deposit")


def _sum_on_sqlite(session: Session, column: str) -> int:
    """Halves of 32 bits, whose sums stay within its integers; what is too wide for those is a text there."""
    plain = text(
        f"SELECT SUM({column} >> 32), SUM({column} & 4294967295) FROM account "
        f"WHERE typeof({column}) = 'integer'"
    )
    high, low = session.execute(plain).one()
    wide = session.execute(text(f"SELECT {column} FROM account WHERE typeof({column}) = 'text'")).scalars()
    return ((high or 0) << 32) + (low or 0) + sum(int(one, 16) for one in wide)

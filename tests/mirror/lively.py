"""A market with many kinds of steps, each in a block of its own, on a chain that can go back."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import select

from liandong.chain.local import local_signer
from liandong.chain.node import NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import SettlementClient
from liandong.chain.signer import Signer
from liandong.chain.words import CROSS_BORDER, RETAIL, OrderInput
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorTransaction
from liandong.db.session import Database
from liandong.mirror.derived import Derived

DAY = 86_400


class Lively:
    """Takes steps that depend on a seed. After :meth:`go_back`, another seed makes another fork."""

    def __init__(self, client: SettlementClient, clock: NodeClock) -> None:
        self.client = client
        self.clock = clock
        self._wallets = 0
        client.mint(client.keys.treasurer.address, 10**12)
        client.fund(10**11)
        self.supplier, _ = client.register_supplier(self._wallet().address)
        self.boss, _ = client.join_founder(self._wallet().address, 310000)
        self.amy_wallet = self._wallet()
        self.amy, _ = client.join(self.amy_wallet.account, self.boss, 310000)
        client.certify(self.amy)

    @property
    def rpc(self) -> RpcClient:
        return self.client.sender.client

    @property
    def head(self) -> int:
        return int(self.rpc.call("eth_blockNumber"), 16)

    def live(self, blocks: int, seed: int) -> None:
        """Mines at least this many blocks, most of them with events."""
        chance = random.Random(seed)
        until = self.head + blocks
        while self.head < until:
            self._step(chance)

    def mark(self) -> str:
        """Where :meth:`go_back` goes to."""
        return self.clock.snapshot()

    def go_back(self, mark: str) -> None:
        """Takes the chain back; what the client knew is read anew."""
        self.clock.revert(mark)
        old = self.client
        for signer in vars_of(old.keys):
            signer.nonce = None
        self.client = SettlementClient(old.sender, old.deployment, old.keys, allowed=True)
        self.client.follow(old.deployment.block or 0, self.head)

    def _step(self, chance: random.Random) -> None:
        client, book = self.client, self.client.book
        today = client.read("today")
        what = chance.choice(
            ["sell", "sell", "deliver", "settle", "refund", "day", "join", "withdraw", "hold"]
        )
        orders = range(1, book.last + 1)
        if what == "sell" or not orders:
            channel = chance.choice([RETAIL, RETAIL, CROSS_BORDER])
            more = {"duty": 900, "insurance": 100} if channel == CROSS_BORDER else {}
            price = chance.randrange(5_000, 50_000)
            one = OrderInput(channel, price, self.supplier, cost=price // 3, seller=self.amy, **more)
            client.record_orders([one] * chance.randrange(1, 5))
        elif what == "deliver":
            due = [one for one in orders if book.delivered_on(one) is None and not self._gone(one)]
            if due:
                client.deliver(due)
        elif what == "day":
            self.clock.set((self.clock.now() // DAY + chance.randrange(1, 12)) * DAY + chance.randrange(999))
        elif what == "settle":
            due = [one for one in orders if (day := book.delivered_on(one)) is not None and today > day + 8]
            due = [one for one in due if not self._gone(one) and not self._held(one)]
            if due:
                client.settle(due)
        elif what == "refund":
            order = chance.choice(orders)
            terms = book.terms(order)
            left = terms.price - terms.refunded
            day = book.delivered_on(order)
            if left and (day is None or today <= day + 180):
                client.refund(order, chance.choice([left, max(left // 3, 1)]))
        elif what == "join":
            client.join_founder(self._wallet().address, 0)
        elif what == "hold":
            order = chance.choice(orders)
            page = client.read("orderPage", order >> 8)
            if not any(word >> (order & 255) & 1 for word in page[0:2]):
                client.hold(order)
        else:
            client.push_withdrawals([self.supplier, self.boss])

    def _gone(self, order: int) -> bool:
        terms = self.client.book.terms(order)
        return terms.refunded == terms.price

    def _held(self, order: int) -> bool:
        return bool(self.client.read("orderPage", order >> 8)[2] >> (order & 255) & 1)

    def _wallet(self) -> Signer:
        self._wallets += 1
        return local_signer(f"{self.client.deployment.settlement} wallet {self._wallets} at {self.head}")


def vars_of(keys: object) -> list[Any]:
    """The signers of keys with slots."""
    return [getattr(keys, name) for name in keys.__slots__]  # type: ignore[attr-defined]


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All mirrored rows but the cursor and what is noted for undoing."""
    tables = [model.__table__ for model in (MirrorBlock, MirrorTransaction, ChainEvent)]  # type: ignore[attr-defined]
    tables += [rows.table for rows in Derived().tables]
    with database.read() as session:
        return {table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in tables}

"""A small market on a fresh deployment, for tests to act in."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.chain.local import local_signer
from liandong.chain.settlement import SettlementClient
from liandong.chain.words import RETAIL, OrderInput

DAY = 86_400
RICH = 10**12

AMY = local_signer("wallet of amy")
BOSS = local_signer("wallet of the boss")


@dataclass(frozen=True)
class Market:
    """A deployment with money, a supplier, a boss and a member of its team."""

    client: SettlementClient
    supplier: int
    boss: int
    amy: int

    def sell(self, count: int = 1, price: int = 10_000, **more: int) -> list[int]:
        """Records retail sales of amy's in one batch; returns their numbers."""
        first = self.client.book.last + 1
        order = OrderInput(RETAIL, price, self.supplier, **({"seller": self.amy} | more))
        self.client.record_orders([order] * count)
        return list(range(first, first + count))


def open_market(client: SettlementClient) -> Market:
    """Funds a deployment and lets a supplier, a boss and amy in."""
    client.mint(client.keys.treasurer.address, RICH)
    client.fund(RICH)
    supplier, _ = client.register_supplier(local_signer("wallet of a supplier").address)
    boss, _ = client.join_founder(BOSS.address, 310000)
    amy, _ = client.join(AMY.account, boss, 310000)
    # wallets are the same in every test, but each node counts for itself
    AMY.nonce = BOSS.nonce = None
    return Market(client, supplier, boss, amy)

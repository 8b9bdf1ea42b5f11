"""A market on a chain, and a history of it: what the benchmarks of mirror and API begin with."""

from __future__ import annotations

import random
from dataclasses import dataclass

from liandong.chain.abi import abi_of
from liandong.chain.blocks import BlockWriter
from liandong.chain.consent import NO_DEADLINE, join_message, sign
from liandong.chain.local import local_signer
from liandong.chain.node import NodeClock
from liandong.chain.settlement import SettlementClient
from liandong.chain.words import RETAIL, OrderInput

BATCH = 240
DAY = 86_400
JOINS_A_BLOCK = 200
REGION = 310000


@dataclass(frozen=True, slots=True)
class Market:
    """Numbers of who can sell and supply."""

    suppliers: list[int]
    sellers: list[int]


def make_market(client: SettlementClient, agents: int) -> Market:
    """A full treasury, twenty suppliers, and agents under ten bosses."""
    client.mint(client.keys.treasurer.address, 10**15)
    client.fund(10**14)
    suppliers = [client.register_supplier(local_signer(f"supplier {i}").address)[0] for i in range(20)]
    bosses = [client.join_founder(local_signer(f"boss {i}").address, REGION)[0] for i in range(10)]
    return Market(suppliers, bosses + _join(client, bosses, agents - len(bosses)))


def _join(client: SettlementClient, bosses: list[int], agents: int) -> list[int]:
    """Agents by these introducers in turn, many in a block."""
    clock = NodeClock(client.sender.client)
    writer = BlockWriter(client.sender, clock)
    abi = abi_of("Settlement")
    joined = abi.events[abi.topic("AgentJoined")]
    numbers: list[int] = []
    for start in range(0, agents, JOINS_A_BLOCK):
        for i in range(start, min(start + JOINS_A_BLOCK, agents)):
            account, above, region = (
                local_signer(f"agent {i}").account,
                bosses[i % len(bosses)],
                REGION + i % 50,
            )
            consent = sign(account, join_message(client.domain, account.address, above, region, NO_DEADLINE))
            data = abi.functions["join"].call_data((account.address, above, region, NO_DEADLINE, consent))
            writer.add(client.keys.anyone, client.deployment.settlement, data)
        numbers += (one.values_of(joined)[0]["agent"] for one in writer.mine(clock.now() + 1))
    clock.mine_by_itself(True)
    return numbers


def make_history(client: SettlementClient, clock: NodeClock, market: Market, orders: int) -> None:
    """Orders of random agents, one of a batch refunded in part; delivered at once, settled in nine days."""
    chance = random.Random(1)
    open_: list[list[int]] = []
    for _ in range(0, orders, BATCH):
        first = client.book.last + 1
        client.record_orders(
            [
                OrderInput(RETAIL, chance.randrange(5_000, 90_000), chance.choice(market.suppliers),
                           cost=2_000, fees=100, seller=chance.choice(market.sellers), region=REGION)
                for _ in range(BATCH)
            ]
        )  # fmt: skip
        open_.append(list(range(first, first + BATCH)))
        client.refund(chance.choice(open_[-1]), 1_000)
        client.deliver(open_[-1])
        if len(open_) == 10:
            clock.set(clock.now() + 9 * DAY)
            for batch in open_:
                client.settle(batch)
            open_.clear()

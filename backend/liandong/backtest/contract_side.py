"""The play's steps on the contracts: sent raw, mined in few blocks, read back from what the blocks tell.

Steps of a day wait until :meth:`ContractSide.mine`, and then are one block; a node works out its state's root
once a block, so that many steps a block is what makes a year pass in minutes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from liandong.backtest.tally import Tally
from liandong.chain.abi import abi_of
from liandong.chain.blocks import BlockWriter
from liandong.chain.consent import NO_DEADLINE, join_message, sign
from liandong.chain.errors import NodeRefused
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.reverts import explained
from liandong.chain.selections import deliveries, proved, selections
from liandong.chain.state_words import FIRST_PARTICIPANT
from liandong.chain.words import OrderInput
from liandong.errors import LiandongError
from liandong.rules.plan import Plan

WITHDRAWALS_A_CALL = 150
CLAIMS_A_CALL = 150
ORDERS_A_CALL = 250

NO_RECEIPT = bytes(32)
"""A history knows no receipts of refunds."""


@dataclass(slots=True)
class GasUse:
    """Gas of one kind of step: ``units`` are orders, refunds, joins, … in so many ``transactions``."""

    units: int = 0
    transactions: int = 0
    gas: int = 0


class ContractSide:
    """One deployment on an embedded node, driven through the days of a play.

    Participants are named by the play's ids; ``numbers`` has their numbers on chain. Steps that revert raise
    their error in :meth:`mine`.
    """

    def __init__(self, node: EmbeddedNode, plan: Plan, utc_offset: int, seed: str) -> None:
        self._rpc = node.client()
        self.client = deploy_locally(self._rpc, plan=plan, utc_offset=utc_offset)
        self.book = self.client.book
        self._settlement = abi_of("Settlement").functions
        self._writer = BlockWriter(self.client.sender, NodeClock(self._rpc))
        self._seed = seed
        self._last_number = FIRST_PARTICIPANT - 1
        self._waiting: list[tuple[str, int]] = []
        self.numbers: dict[str, int] = {}
        self.tally = Tally(plan)
        self.gas: defaultdict[str, GasUse] = defaultdict(GasUse)
        self.closed: Counter[str] = Counter()
        self.blocks = 0

    # --- people

    def register_supplier(self, id: str) -> None:
        """A supplier, with a wallet of its own."""
        self._send("operator", "join", 1, "registerSupplier", self._wallet(id).address)
        self._number(id)

    def join(self, id: str, region: int, introducer: str | None) -> None:
        """An agent joins with its wallet's signature, or as a founder."""
        self._send("operator", "join", 1, *self._join_call(id, region, introducer))
        self._number(id)

    def protect_region(self, region: int, holder: str) -> None:
        """Protects a region."""
        self._send("operator", "protect region", 1, "protectRegion", region, self.numbers[holder])

    # --- orders

    def record(self, orders: Sequence[OrderInput], first: int) -> None:
        """Records a batch whose first order has the number ``first``."""
        words = [word for order in orders for word in order.words()]
        self._send("operator", "record", len(orders), "recordOrders", first, words)

    def deliver(self, orders: Sequence[int], day: int) -> None:
        """Puts today as the day of delivery of orders on record, which were recorded in blocks before."""
        if not orders:
            return
        given = deliveries(self.book, orders, lambda: day)
        self._send("operator", "deliver", len(orders), "deliver", given)
        # The next step on these batches must know of this, before its event is here.
        for first, _, members, *_ in given:
            batch = self.book.batch_of(first)
            assert batch is not None
            batch.deliver(day, members)

    def settle(self, orders: Sequence[int]) -> None:
        """Settles orders that were recorded in blocks before this one."""
        for part in _parts(orders, ORDERS_A_CALL):
            self._send("operator", "settle", len(part), "settle", selections(self.book, part))

    def refund(self, order: int, amount: int, late: bool) -> None:
        """Refunds part of an order that was recorded in a block before this one; ``late``: it is settled."""
        kind = "refund after settlement" if late else "refund before settlement"
        entry, *proof = proved(self.book, order)
        self._send("operator", kind, 1, "refund", entry, NO_RECEIPT, amount, *proof)
        # The next proof in this batch must lead to the root that this refund makes, before its event is here.
        batch = self.book.batch_of(order)
        assert batch is not None
        batch.refund(order, amount)

    # --- pools and money

    def close(self, pool: str, epoch: int) -> None:
        """Closes a month of ``support`` or a year of ``dividend``."""
        self._send("operator", "close", 1, {"support": "closeMonth", "dividend": "closeYear"}[pool], epoch)
        self.closed[{"support": "supportMonth", "dividend": "dividendYear"}[pool]] = epoch + 1

    def claim(self, pool: str, epoch: int, agents: Sequence[str]) -> None:
        """Claims for agents, in their order."""
        function = {"support": "claimSupport", "dividend": "claimDividend"}[pool]
        for part in _parts(agents, CLAIMS_A_CALL):
            self._send("operator", "claim", len(part), function, epoch, [self.numbers[one] for one in part])

    def withdraw_all(self, participants: Sequence[str]) -> None:
        """Pays participants all that they have available."""
        for part in _parts(participants, WITHDRAWALS_A_CALL):
            numbers = [self.numbers[one] for one in part]
            self._send("treasurer", "withdraw", len(part), "pushWithdrawals", numbers)

    def fund(self, amount: int) -> None:
        """Makes local tokens and pays them into the treasury."""
        token, treasurer = abi_of("LocalToken").functions, self.client.keys.treasurer
        address = self.client.deployment.token
        self._writer.add(treasurer, address, token["mint"].call_data((treasurer.address, amount)))
        allowed = token["approve"].call_data((self.client.deployment.settlement, amount))
        self._writer.add(treasurer, address, allowed)
        self._waiting += [("token", 0), ("token", 0)]
        self._send("treasurer", "fund", 1, "fund", amount)

    # --- blocks

    def mine(self, day: int, timestamp: int) -> bool:
        """Mines what waits in one block at this time, and reads what it told; False if nothing waits.

        Raises what a step reverted with.
        """
        if not self._waiting:
            return False
        receipts = self._writer.mine(timestamp)
        self.blocks += 1
        for (kind, units), receipt in zip(self._waiting, receipts, strict=True):
            use = self.gas[kind]
            use.units += units
            use.transactions += 1
            use.gas += receipt.gas_used
            logs = [
                log for log in receipt.logs if log["address"] == self.client.deployment.settlement.lower()
            ]
            if kind != "deliver" and not kind.startswith("refund"):
                self.book.take(logs)
            self.tally.take(day, logs)
        self._waiting.clear()
        return True

    # --- questions

    def agrees(self, treasury: int, escrow: int) -> bool:
        """Whether the contract holds just this in treasury and escrow."""
        return self.client.read("book")[:2] == (treasury, escrow)

    def refusal(self, function: str, *arguments: Any) -> str | None:
        """The name of the error that the operator's call would end with; None if it would succeed.

        What waits must be mined before.
        """
        call = {
            "from": self.client.keys.operator.address,
            "to": self.client.deployment.settlement,
            "data": "0x" + self._settlement[function].call_data(arguments).hex(),
        }
        try:
            self._rpc.call("eth_call", call, "latest")
        except NodeRefused as error:
            reason = explained(error)
            return type(reason).__name__
        return None

    def refusal_of_join(self, id: str, region: int, introducer: str | None) -> str | None:
        """As :meth:`refusal`, of a join."""
        return self.refusal(*self._join_call(id, region, introducer))

    def refusal_of_order(self, order: OrderInput, number: int) -> str | None:
        """As :meth:`refusal`, of an order that would be recorded alone."""
        try:
            words = list(order.words())
        except LiandongError as error:
            return type(error).__name__
        return self.refusal("recordOrders", number, words)

    def refusal_of_refund(self, order: int, amount: int) -> str | None:
        """As :meth:`refusal`, of a refund."""
        entry, *proof = proved(self.book, order)
        return self.refusal("refund", entry, NO_RECEIPT, amount, *proof)

    def token_balance(self) -> int:
        """Tokens that the settlement contract holds, in minor units."""
        function = abi_of("LocalToken").functions["balanceOf"]
        data = "0x" + function.call_data((self.client.deployment.settlement,)).hex()
        answer = self._rpc.call("eth_call", {"to": self.client.deployment.token, "data": data}, "latest")
        return int(answer, 16)

    # --- inside

    def _wallet(self, id: str) -> LocalAccount:
        return Account.from_key(keccak(text=f"liandong backtest {self._seed} {id}"))

    def _join_call(self, id: str, region: int, introducer: str | None) -> tuple[Any, ...]:
        wallet = self._wallet(id)
        if introducer is None:
            return "joinFounder", wallet.address, region
        above = self.numbers.get(introducer, self._last_number + 1)
        digest = join_message(self.client.domain, wallet.address, above, region, NO_DEADLINE)
        return "join", wallet.address, above, region, NO_DEADLINE, sign(wallet, digest)

    def _number(self, id: str) -> None:
        # Participants are numbered in the order in which they are entered, and these are all.
        self._last_number += 1
        self.numbers[id] = self._last_number

    def _send(self, role: str, kind: str, units: int, function: str, *arguments: Any) -> None:
        data = self._settlement[function].call_data(arguments)
        self._writer.add(getattr(self.client.keys, role), self.client.deployment.settlement, data)
        self._waiting.append((kind, units))

    def ids(self) -> Mapping[int, str]:
        """The play's ids by number on chain."""
        return {number: id for id, number in self.numbers.items()}


def _parts(all_: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [all_[start : start + size] for start in range(0, len(all_), size)]

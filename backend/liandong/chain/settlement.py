"""The settlement contract in Python: one method a contract function, sent by the role that may call it.

Interface::

    client = SettlementClient(sender, deployment, keys)     # keys: Keys(operator=Signer, risk=…, …)

    # people; the numbers that the contract gives come back. account: a LocalAccount that consents
    register_supplier(wallet) register_store(wallet) join_founder(wallet, region) -> (number, Receipt)
    join(account, introducer, region) -> (number, Receipt)
    join_many([(account, introducer, region), …]) -> [number]       # in the order given, under way together
    change_wallet(participant, owner, new_account)
    certify(agent, on) freeze(agent) unfreeze(agent) protect_region(region, agent) release_region(region)

    # orders; terms and proofs come from client.book
    open_group_buy(campaign, target, days) open_presale(campaign, days)
    record_orders([OrderInput, …])        # 1 to 240 orders, numbered book.last + 1, …
    deliver(orders) settle(orders) void(orders)       # numbers, in the order given; all or none
    pay_balance(order) refund(order, amount) hold(order) release(order)

    # money, in minor units
    mint(to, amount) fund(amount) deposit(owner, agent, amount) release_deposit(owner, agent, amount)
    withdraw(account, amount, owner=None) withdraw_for(account, amount, owner) push_withdrawals(numbers)
    slash(agent, amount) compensate(order, amount) claim_insurance(order, loss)

    # pools, plans, pauses
    close_month(month) close_year(year) claim_support(month, agents) claim_dividend(year, agents)
    publish_plan(plan) schedule_plan(plan) pause(parts) unpause(parts)

    # views
    read("book") read_many([("accountWord", 16), …]) lens("account", 16) lens_many([…]) splits([…])

Every step waits for its receipt (``receipt.gas_used``) and raises the error that it reverted with: a
:class:`~liandong.errors.RuleError` or a :class:`~liandong.chain.errors.ContractError` of the contract's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_account.signers.local import LocalAccount

from liandong.chain.abi import Abi, Function, abi_of
from liandong.chain.consent import (
    NO_DEADLINE,
    Domain,
    join_message,
    sign,
    take_over_message,
    withdrawal_message,
)
from liandong.chain.deployment import Deployment
from liandong.chain.errors import NodeRefused
from liandong.chain.orders import OrderBook
from liandong.chain.plan_parameters import plan_tuple
from liandong.chain.reverts import explained
from liandong.chain.selections import deliveries, proved, selections
from liandong.chain.signer import Receipt, Sender, Signer
from liandong.chain.words import OrderInput
from liandong.rules.plan import Plan

NO_REASON = bytes(32)
"""In place of the salted commitment to a file or receipt, where there is none."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Who signs for each role. ``anyone`` sends the steps that anybody may take; it needs no role."""

    operator: Signer
    risk: Signer
    treasurer: Signer
    guardian: Signer
    plan_admin: Signer
    admin: Signer
    anyone: Signer


class SettlementClient:
    """Takes steps on a deployed settlement contract; see the module for the interface.

    ``book`` holds the terms of all recorded orders; it takes in the events of what this client sends. Where
    others send, too, :meth:`follow` takes in theirs.
    """

    def __init__(
        self,
        sender: Sender,
        deployment: Deployment,
        keys: Keys,
        book: OrderBook | None = None,
        *,
        allowed: bool = False,
    ) -> None:
        """``allowed``: the treasurer has let the contract take its tokens already."""
        self.sender = sender
        self.deployment = deployment
        self.keys = keys
        self.book = book or OrderBook()
        self.domain = Domain(deployment.chain_id, deployment.settlement)
        self._abi = abi_of("Settlement")
        self._allowed = {keys.treasurer.address} if allowed else set()
        self._splits: dict[tuple[int, int, int], list[int]] = {}
        self._to = deployment.settlement

    # --- people (rules § 1)

    def register_supplier(self, wallet: str) -> tuple[int, Receipt]:
        """Registers a supplier; returns its number."""
        receipt = self._send(self.keys.operator, "registerSupplier", wallet)
        return self._number(receipt, "SupplierRegistered", "supplier"), receipt

    def register_store(self, wallet: str) -> tuple[int, Receipt]:
        """Registers a store; returns its number."""
        receipt = self._send(self.keys.operator, "registerStore", wallet)
        return self._number(receipt, "StoreRegistered", "store"), receipt

    def join_founder(self, wallet: str, region: int = 0) -> tuple[int, Receipt]:
        """Lets an agent join without an introducer; returns its number."""
        receipt = self._send(self.keys.operator, "joinFounder", wallet, region)
        return self._number(receipt, "AgentJoined", "agent"), receipt

    def join(self, account: LocalAccount, introducer: int, region: int = 0) -> tuple[int, Receipt]:
        """Lets an agent join by its introducer, with its own signature; returns its number."""
        receipt = self._send(self.keys.anyone, "join", *self._consent(account, introducer, region))
        return self._number(receipt, "AgentJoined", "agent"), receipt

    def join_many(self, newcomers: Sequence[tuple[LocalAccount, int, int]]) -> list[int]:
        """As :meth:`join` for (account, introducer, region), in this order; returns their numbers.

        An introducer may be one who joins in the same call only if its number is known beforehand.
        """
        calls = [self._call("join", *self._consent(*newcomer)) for newcomer in newcomers]
        receipts = self.sender.send_many(self.keys.anyone, calls)
        return [self._number(receipt, "AgentJoined", "agent") for receipt in receipts]

    def change_wallet(self, participant: int, owner: Signer, new: LocalAccount) -> Receipt:
        """Moves a participant from its owner's wallet to a new one, which consents."""
        message = take_over_message(self.domain, participant, new.address, NO_DEADLINE)
        return self._send(owner, "changeWallet", participant, new.address, NO_DEADLINE, sign(new, message))

    def certify(self, agent: int, certified: bool = True) -> Receipt:
        """Allows an agent's cross-border sales, or ends that."""
        return self._send(self.keys.operator, "certify", agent, certified)

    def freeze(self, agent: int, reason: bytes = NO_REASON) -> Receipt:
        """Freezes an agent."""
        return self._send(self.keys.risk, "freeze", agent, reason)

    def unfreeze(self, agent: int) -> Receipt:
        """Ends a freeze."""
        return self._send(self.keys.risk, "unfreeze", agent)

    def protect_region(self, region: int, holder: int) -> Receipt:
        """Protects an agent's own region."""
        return self._send(self.keys.operator, "protectRegion", region, holder)

    def release_region(self, region: int) -> Receipt:
        """Ends a region's protection."""
        return self._send(self.keys.operator, "releaseRegion", region)

    # --- orders (rules §§ 3, 4)

    def open_group_buy(self, campaign: int, target: int, deadline_days: int) -> Receipt:
        """Opens a group buy under a number of the caller's choice, 1 to 2^32 - 1."""
        return self._send(self.keys.operator, "openGroupBuy", campaign, target, deadline_days)

    def open_presale(self, campaign: int, deadline_days: int) -> Receipt:
        """Opens a live presale under a number of the caller's choice, 1 to 2^32 - 1."""
        return self._send(self.keys.operator, "openPresale", campaign, deadline_days)

    def record_orders(self, orders: Sequence[OrderInput]) -> Receipt:
        """Records 1 to 240 orders in one batch; they get the numbers from ``book.last`` + 1 on."""
        words = [word for order in orders for word in order.words()]
        return self._send(self.keys.operator, "recordOrders", self.book.last + 1, words)

    def deliver(self, orders: Iterable[int]) -> Receipt:
        """Puts today on record as the orders' day of delivery."""
        given = deliveries(self.book, orders, lambda: self.read("today"))
        return self._send(self.keys.operator, "deliver", given)

    def settle(self, orders: Iterable[int]) -> Receipt:
        """Pays the orders' lines; settled ones are passed over."""
        return self._send(self.keys.anyone, "settle", selections(self.book, orders))

    def void(self, orders: Iterable[int]) -> Receipt:
        """Gives the orders' escrow back to the treasury."""
        return self._send(self.keys.anyone, "voidOrders", selections(self.book, orders))

    def pay_balance(self, order: int) -> Receipt:
        """The balance of a presale order was paid."""
        return self._send(self.keys.operator, "payBalance", *proved(self.book, order))

    def refund(self, order: int, amount: int, receipt: bytes = NO_REASON) -> Receipt:
        """Refunds a part of an order's price, or what is left of it."""
        entry, *proof = proved(self.book, order)
        return self._send(self.keys.operator, "refund", entry, receipt, amount, *proof)

    def hold(self, order: int, reason: bytes = NO_REASON) -> Receipt:
        """Holds an order."""
        return self._send(self.keys.operator, "hold", order, reason)

    def release(self, order: int) -> Receipt:
        """Ends a hold."""
        return self._send(self.keys.risk, "release", order)

    # --- money (rules § 4)

    def mint(self, to: str, amount: int) -> Receipt:
        """Makes local tokens; only where the deployment has a token of its own."""
        data = abi_of("LocalToken").functions["mint"].call_data((to, amount))
        return self.sender.send(self.keys.treasurer, self.deployment.token, data)

    def allow(self, owner: Signer) -> None:
        """Lets the contract take the owner's tokens; done once, and by itself where it is needed."""
        if owner.address not in self._allowed:
            data = abi_of("LocalToken").functions["approve"].call_data((self._to, 2**256 - 1))
            self.sender.send(owner, self.deployment.token, data)
            self._allowed.add(owner.address)

    def fund(self, amount: int) -> Receipt:
        """Pays the treasurer's tokens into the treasury."""
        self.allow(self.keys.treasurer)
        return self._send(self.keys.treasurer, "fund", amount)

    def deposit(self, owner: Signer, agent: int, amount: int) -> Receipt:
        """Pays the owner's tokens into its deposit."""
        self.allow(owner)
        return self._send(owner, "deposit", agent, amount)

    def release_deposit(self, owner: Signer, agent: int, amount: int) -> Receipt:
        """Pays deposit back to its owner."""
        return self._send(owner, "releaseDeposit", agent, amount)

    def withdraw(self, account: int, amount: int, owner: Signer | None = None) -> Receipt:
        """Withdraws from an account to its owner; without ``owner``, the treasurer's accounts."""
        return self._send(owner or self.keys.treasurer, "withdraw", account, amount)

    def withdraw_for(self, account: int, amount: int, owner: LocalAccount) -> Receipt:
        """Withdraws on the owner's signed word, sent by ``anyone``."""
        nonce = self.read("nonceOf", account)
        message = withdrawal_message(self.domain, account, amount, nonce, NO_DEADLINE)
        return self._send(self.keys.anyone, "withdrawFor", account, amount, NO_DEADLINE, sign(owner, message))

    def push_withdrawals(self, participants: Sequence[int]) -> Receipt:
        """Pays participants all that they have available; who cannot be paid is passed over."""
        return self._send(self.keys.treasurer, "pushWithdrawals", list(participants))

    def slash(self, agent: int, amount: int, reason: bytes = NO_REASON) -> Receipt:
        """Moves deposit to the protection account."""
        return self._send(self.keys.risk, "slash", agent, amount, reason)

    def compensate(self, order: int, amount: int) -> Receipt:
        """Pays from protection into the treasury, for an order's buyer."""
        entry, *proof = proved(self.book, order)
        return self._send(self.keys.operator, "compensate", entry, amount, *proof)

    def claim_insurance(self, order: int, loss: int) -> Receipt:
        """Pays a cross-border seller for a duty loss."""
        entry, *proof = proved(self.book, order)
        return self._send(self.keys.operator, "claimInsurance", entry, loss, *proof)

    # --- pools (rules § 5)

    def close_month(self, month: int) -> Receipt:
        """Closes a month of the support fund."""
        return self._send(self.keys.anyone, "closeMonth", month)

    def close_year(self, year: int) -> Receipt:
        """Closes a year of the dividend."""
        return self._send(self.keys.anyone, "closeYear", year)

    def claim_support(self, month: int, agents: Sequence[int]) -> Receipt:
        """Credits agents with their shares of a month."""
        return self._send(self.keys.anyone, "claimSupport", month, list(agents))

    def claim_dividend(self, year: int, agents: Sequence[int]) -> Receipt:
        """Credits diamonds with their shares of a year."""
        return self._send(self.keys.anyone, "claimDividend", year, list(agents))

    # --- rules, pauses

    def publish_plan(self, plan: Plan | Mapping[str, Any]) -> Receipt:
        """Puts a plan into force: at once where its administrator has no delay, else one announced before."""
        return self._send(self.keys.plan_admin, "publishPlan", plan_tuple(plan))

    def schedule_plan(self, plan: Plan | Mapping[str, Any]) -> Receipt:
        """Announces a plan; when the delay is over, :meth:`publish_plan` puts it into force."""
        target, call = self._call("publishPlan", plan_tuple(plan))
        data = abi_of("Authority").functions["schedule"].call_data((target, call, 0))
        return self.sender.send(self.keys.plan_admin, self.deployment.authority, data)

    def pause(self, parts: int) -> Receipt:
        """Pauses parts: 1 recording, 2 settlement, 4 withdrawals."""
        return self._send(self.keys.guardian, "pause", parts)

    def unpause(self, parts: int) -> Receipt:
        """Ends pauses, by the administrator."""
        return self._send(self.keys.admin, "unpause", parts)

    # --- views

    def read(self, function: str, *arguments: Any) -> Any:
        """What a view of the settlement contract returns now."""
        return self.read_many([(function, *arguments)])[0]

    def read_many(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What many views return, in one round trip: ``(function, argument, …)`` each."""
        return [function.result(data) for function, data in self._view(self._to, self._abi, calls)]

    def read_words(self, calls: Sequence[tuple[Any, ...]]) -> list[list[int]]:
        """As :meth:`read_many` for views of static results, each as its plain words; quicker."""
        return [Function.result_words(data) for _, data in self._view(self._to, self._abi, calls)]

    def lens(self, function: str, *arguments: Any) -> Any:
        """What a function of the lens returns."""
        return self.lens_many([(function, *arguments)])[0]

    def lens_many(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What many functions of the lens return, in one round trip."""
        found = self._view(self.deployment.lens, abi_of("SettlementLens"), calls)
        return [function.result(data) for function, data in found]

    def splits(self, terms: Sequence[tuple[int, int, int]]) -> list[list[int]]:
        """What orders pay, in the order of ``LINE_NAMES``, for (amounts, parties, net price), by the lens.

        What the lens said once is remembered, since a split is a function of these three alone.
        """
        missing = [one for one in dict.fromkeys(terms) if one not in self._splits]
        lens, abi = self.deployment.lens, abi_of("SettlementLens")
        answers = self._view(lens, abi, [("split", *one) for one in missing])
        self._splits.update(zip(missing, (Function.result_words(data) for _, data in answers), strict=True))
        return [self._splits[one] for one in terms]

    def follow(self, from_block: int, to_block: int) -> None:
        """Takes in the settlement contract's events of these blocks."""
        query = {"address": self._to, "fromBlock": hex(from_block), "toBlock": hex(to_block)}
        self.book.take(self.sender.client.call("eth_getLogs", query))

    def _view(self, to: str, abi: Abi, calls: Sequence[tuple[Any, ...]]) -> list[tuple[Function, bytes]]:
        functions = [abi.functions[name] for name, *_ in calls]
        requests = [
            ("eth_call", ({"to": to, "data": "0x" + function.call_data(call[1:]).hex()}, "latest"))
            for function, call in zip(functions, calls, strict=True)
        ]
        results = []
        for function, answer in zip(functions, self.sender.client.batch(requests), strict=True):
            if isinstance(answer, NodeRefused):
                raise explained(answer) from answer
            results.append((function, bytes.fromhex(answer[2:])))
        return results

    def _send(self, signer: Signer, function: str, *arguments: Any) -> Receipt:
        receipt = self.sender.send(signer, *self._call(function, *arguments))
        self.book.take(receipt.logs)
        return receipt

    def _call(self, function: str, *arguments: Any) -> tuple[str, bytes]:
        return self._to, self._abi.functions[function].call_data(arguments)

    def _consent(self, account: LocalAccount, introducer: int, region: int) -> tuple[Any, ...]:
        message = join_message(self.domain, account.address, introducer, region, NO_DEADLINE)
        return account.address, introducer, region, NO_DEADLINE, sign(account, message)

    def _number(self, receipt: Receipt, event: str, field: str) -> int:
        topic = self._abi.topic(event)
        return receipt.values_of(self._abi.events[topic])[0][field]

"""A mall, a risk officer and a treasurer who call the API at random, and again until they are answered."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
from market import AMY, Market

from liandong.chain.consent import NO_DEADLINE, join_message, sign
from liandong.chain.local import local_signer

UNANSWERED = (502, 503)
"""Statuses that say: ask again."""

ANSWER_SECONDS = 60
STORM = 6
"""Callers that send the same request at the same moment."""

CHANNELS = ("retail", "retail", "retail", "cross_border", "campaign", "store")


@dataclass(frozen=True, slots=True)
class Sent:
    """A write as it was sent: again and again the same."""

    who: str
    method: str
    path: str
    body: Any
    key: str | None


class Mall:
    """Sends what its seed says. ``tend`` is called while nobody answers: it may start servers again."""

    def __init__(self, url: str, words: dict[str, str], market: Market, seed: int) -> None:
        self.chance = random.Random(seed)
        self.market = market
        self.orders: list[str] = []
        self.agents = [market.boss, market.amy]
        self.accepted: dict[tuple[str, str], int] = {}
        """Request by caller and key."""
        self.statuses: dict[int, int] = {}
        self.tend: Callable[[], None] = lambda: None
        self._steps = 0
        self._clients = {
            who: httpx.Client(
                base_url=url, headers={"Authorization": f"Bearer {word}"}, timeout=10, trust_env=False
            )
            for who, word in words.items()
        }
        self._storm = ThreadPoolExecutor(STORM)

    def close(self) -> None:
        self._storm.shutdown()
        for client in self._clients.values():
            client.close()

    def step(self) -> None:
        """One write, sometimes sent by many at once, sometimes again later."""
        self._steps += 1
        sent = self.chance.choice(STEPS)(self)
        if sent is not None:
            self.send(sent, self.chance.choice([1, 1, 1, 2, STORM]))

    def send(self, sent: Sent, times: int = 1) -> None:
        """Sends a write until it is answered; all answers are about the same requests."""
        answers = [self._until_answered(sent)] if times == 1 else self._all_at_once(sent, times)
        for answer in answers:
            self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, f"{sent}: {answer.status_code} {answer.text}"
            self._note(sent, answer)

    def get(self, path: str, **parameters: Any) -> Any:
        """What the mall reads at an address; asks until it is answered."""
        answer = self._until_answered(Sent("mall", "GET", path, parameters, None))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, path: str) -> httpx.Response:
        """One answer, whatever it is."""
        return self._clients["mall"].get(path)

    def _all_at_once(self, sent: Sent, times: int) -> list[httpx.Response]:
        answers = [
            one for one in self._storm.map(lambda _: self._once(sent), range(times)) if one is not None
        ]
        return answers or [self._until_answered(sent)]

    def _until_answered(self, sent: Sent) -> httpx.Response:
        until = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < until:
            answer = self._once(sent)
            if answer is not None:
                return answer
            self.tend()
            time.sleep(0.02)
        raise AssertionError(f"nobody answers {sent}")

    def _once(self, sent: Sent) -> httpx.Response | None:
        headers = {} if sent.key is None else {"Idempotency-Key": sent.key}
        client = self._clients[sent.who]
        try:
            if sent.method == "GET":
                answer = client.get(sent.path, params=sent.body)
            else:
                answer = client.request(sent.method, sent.path, json=sent.body, headers=headers)
        except httpx.TransportError:
            return None
        return None if answer.status_code in UNANSWERED else answer

    def _note(self, sent: Sent, answer: httpx.Response) -> None:
        if answer.status_code not in (200, 202):
            return
        found = answer.json()
        for one in found.get("items", [found]):
            request = one.get("request", one)
            if request is None:
                continue
            name = one.get("order_id") or f"{one.get('order')}"
            key = (sent.who, f"{sent.path} {sent.key} {name}")
            assert self.accepted.setdefault(key, request["id"]) == request["id"], f"{sent} has two requests"

    # --- what can be sent

    def _key(self) -> str:
        return f"step {self._steps}"

    def _mall(self, path: str, body: Any, who: str = "mall", method: str = "POST") -> Sent:
        return Sent(who, method, path, body, self._key())

    def _sale(self) -> dict[str, Any]:
        chance, channel = self.chance, self.chance.choice(CHANNELS)
        # prices tell orders apart in the end
        price = 10_000 + len(self.orders) if chance.random() < 0.95 else 0
        self.orders.append(f"M{len(self.orders)}")
        sale: dict[str, Any] = {
            "order_id": self.orders[-1], "channel": channel, "price": price, "supplier": self.market.supplier,
            "cost": price // 3, "seller": chance.choice(self.agents),
        }  # fmt: skip
        if channel == "cross_border":
            sale |= {"duty": 900, "insurance": 100}
        elif channel == "campaign":
            sale |= {"partner": self.market.boss, "campaign": chance.randint(1, 3)}
        elif channel == "retail":
            sale |= {"region": chance.choice([0, 310000])}
        return sale

    def _order(self) -> Sent:
        return Sent("mall", "POST", "/v1/orders", self._sale(), None)

    def _bulk(self) -> Sent:
        orders = [self._sale() for _ in range(self.chance.randint(2, 30))]
        return Sent("mall", "POST", "/v1/orders/bulk", orders, None)

    def _some_order(self) -> int:
        return self.chance.randint(1, len(self.orders) + 1)

    def _on_orders(self, path: str) -> Sent | None:
        if not self.orders:
            return None
        chosen = self.chance.sample(self.orders, min(len(self.orders), self.chance.randint(1, 12)))
        return self._mall(path, {"order_ids": chosen})

    def _deliver(self) -> Sent | None:
        return self._on_orders("/v1/deliveries")

    def _void(self) -> Sent | None:
        return self._on_orders("/v1/voids") if self.chance.random() < 0.3 else None

    def _settle(self) -> Sent:
        return self._mall("/v1/settlements", {"orders": sorted({self._some_order() for _ in range(6)})})

    def _refund(self) -> Sent:
        return self._mall(
            f"/v1/orders/{self._some_order()}/refunds", {"amount": self.chance.randint(1, 6_000)}
        )

    def _hold(self) -> Sent:
        who = self.chance.choice(["mall", "risk"])
        return self._mall(f"/v1/orders/{self._some_order()}/hold", {}, who)

    def _release(self) -> Sent:
        return self._mall(f"/v1/orders/{self._some_order()}/release", None, "risk")

    def _claim_insurance(self) -> Sent:
        return self._mall(f"/v1/orders/{self._some_order()}/insurance-claims", {"loss": 50})

    def _pay_balance(self) -> Sent:
        return self._mall(f"/v1/orders/{self._some_order()}/balance", None)

    def _wallet(self) -> str:
        # sometimes one that somebody has already
        number = self._steps if self.chance.random() < 0.8 else 1
        return local_signer(f"newcomer {number}").address

    def _register(self) -> Sent:
        path = self.chance.choice(["/v1/suppliers", "/v1/stores", "/v1/founders"])
        return self._mall(path, {"wallet": self._wallet()})

    def _join(self) -> Sent:
        account = local_signer(f"newcomer {self._steps}").account
        introducer = self.chance.choice(self.agents)
        domain = self.market.client.domain
        signature = sign(account, join_message(domain, account.address, introducer, 310000, NO_DEADLINE))
        body = {"wallet": account.address, "introducer": introducer, "region": 310000}
        return self._mall("/v1/joins", body | {"deadline": NO_DEADLINE, "signature": "0x" + signature.hex()})

    def _certify(self) -> Sent:
        path = f"/v1/participants/{self.chance.choice(self.agents)}/certification"
        return self._mall(path, {"certified": self.chance.random() < 0.8}, method="PUT")

    def _freeze(self) -> Sent:
        what = self.chance.choice(["freeze", "unfreeze", "unfreeze", "unfreeze"])
        path = f"/v1/participants/{self.market.amy}/{what}"
        return self._mall(path, {} if what == "freeze" else None, "risk")

    def _campaign(self) -> Sent:
        kind = self.chance.choice(["group", "presale"])
        more = {"target": 2} if kind == "group" else {}
        return self._mall(
            "/v1/campaigns", {"campaign": self.chance.randint(1, 3), "kind": kind, "days": 9} | more
        )

    def _fund(self) -> Sent:
        return self._mall("/v1/treasurer/funding", {"amount": self.chance.randint(1, 10**6)}, "treasurer")

    def _withdraw_brand(self) -> Sent:
        account = self.chance.choice(["platform", "fees", "treasury"])
        body = {"account": account, "amount": self.chance.randint(1, 500)}
        return self._mall("/v1/treasurer/withdrawals", body, "treasurer")

    def _push(self) -> Sent:
        body = {"participants": [self.market.supplier, self.market.amy]}
        return self._mall("/v1/treasurer/pushes", body, "treasurer")

    def _withdraw(self) -> Sent | None:
        """Amy's signed withdrawal; the message is prepared from what the mirror says now."""
        from eth_account.messages import encode_typed_data

        terms = {"amount": self.chance.randint(1, 300), "deadline": NO_DEADLINE}
        path = f"/v1/participants/{self.market.amy}/withdrawals"
        answer = self._once(Sent("mall", "POST", f"{path}/prepare", terms, None))
        if answer is None or answer.status_code != 200:
            return None
        signed = AMY.account.sign_message(encode_typed_data(full_message=answer.json()))
        return self._mall(path, terms | {"signature": "0x" + signed.signature.hex()})

    def _close(self) -> Sent:
        pool, epoch = self.chance.choice(["support", "dividend"]), self.chance.randint(0, 2)
        return self._mall(f"/v1/pools/{pool}/{epoch}/close", None)

    def _claim(self) -> Sent:
        return self._mall(f"/v1/pools/support/{self.chance.randint(0, 2)}/claims", {"agents": self.agents})


STEPS: tuple[Callable[[Mall], Sent | None], ...] = (
    *[Mall._order] * 6, *[Mall._bulk] * 3, *[Mall._deliver] * 5, *[Mall._refund] * 4, *[Mall._settle] * 2,
    Mall._void, Mall._hold, Mall._hold, Mall._release, Mall._release, Mall._claim_insurance,
    Mall._pay_balance, Mall._register, Mall._join, Mall._join, Mall._certify, Mall._freeze, Mall._campaign,
    Mall._fund,
    Mall._withdraw_brand, Mall._push, Mall._withdraw, Mall._close, Mall._claim,
)  # fmt: skip

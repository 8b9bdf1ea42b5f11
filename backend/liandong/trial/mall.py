"""The mall as a caller of the API: what the shop's day holds, each write under a key of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from eth_account.messages import encode_typed_data

from liandong.access.principals import Scope
from liandong.chain.local import local_signer
from liandong.chain.signer import Signer
from liandong.errors import LiandongError
from liandong.trial import shop

FOREVER = 2**40
"""A deadline in Unix seconds that the trial's clock does not reach."""

PAYDAY = 30
"""Every so many days everybody is paid out."""

QUIET_SECONDS = 5.0
"""What a transaction reverted for is asked for again when that is final, which takes blocks of later days."""


class Stopped(Exception):
    """The trial was told to stop before its next write."""


class ApiRefused(LiandongError):
    """The API answered a step of the trial with an error that the trial does not expect, or not at all."""


class Mall:
    """Acts for the mall, its officers and its agents.

    Once ``stop`` says so, writes raise :class:`Stopped`; errors of the API raise :class:`ApiRefused`.
    """

    def __init__(self, url: str, keys: Mapping[Scope, str], stop: Callable[[], bool]) -> None:
        self._clients = {
            scope: httpx.Client(base_url=url, headers={"Authorization": f"Bearer {word}"}, timeout=60)
            for scope, word in keys.items()
        }
        self._stop = stop
        self.numbers: dict[str, int] = {}
        """Of participants, by name."""

    def close(self) -> None:
        """Closes all connections."""
        for client in self._clients.values():
            client.close()

    def open(self) -> None:
        """What there is before the first day: suppliers, a store, money."""
        self.quiet()
        self._know()
        for name in shop.SUPPLIERS:
            self._register("/v1/suppliers", name)
        self._register("/v1/stores", shop.STORE)
        self._post("/v1/treasurer/funding", {"amount": shop.OPENING_TREASURY}, "opening", Scope.TREASURER)

    def day(self, day: int) -> None:
        """Everything of one day; asked for again, it has no second effect."""
        for step in (
            self._joins, self._sales, self._deliveries, self._refunds, self._cases, self._payouts,
        ):  # fmt: skip
            step(day)

    def quiet(self) -> bool:
        """Waits a little until the mirror is caught up and nothing is under way, unless told to stop.

        Whether it is so.
        """
        until = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < until and not self._stop():
            status = self.status()
            if status["lag"] == 0 and not status["requests"]:
                return True
            time.sleep(0.05)
        return False

    def status(self) -> dict[str, Any]:
        """``/v1/status``."""
        return self._get("/v1/status")

    def reconciliation(self) -> dict[str, Any]:
        """``/v1/audits/reconciliation``."""
        return self._get("/v1/audits/reconciliation")

    def audit(self, from_block: int | None) -> None:
        """Begins an audit."""
        self._post("/v1/audits", {"from_block": from_block}, "", Scope.AUDITOR)

    def last_audit(self) -> dict[str, Any] | None:
        """The last audit, if there was one in this run."""
        answer = self._call(Scope.AUDITOR, "GET", "/v1/audits/latest")
        found: dict[str, Any] = answer.json()
        return found if answer.status_code == 200 else None

    # --- a day

    def _joins(self, day: int) -> None:
        for agent in shop.present(day):
            if agent.name in self.numbers:
                continue
            if agent.introducer is None:
                body: dict[str, Any] = {"wallet": wallet(agent.name).address, "region": agent.region}
                self._enter("/v1/founders", agent.name, body)
                continue
            terms = {
                "wallet": wallet(agent.name).address, "region": agent.region, "deadline": FOREVER,
                "introducer": self.numbers[shop.NAMES[agent.introducer]],
            }  # fmt: skip
            message = self._post("/v1/joins/prepare", terms, "")
            self._enter("/v1/joins", agent.name, terms | {"signature": _sign(agent.name, message)})

    def _sales(self, day: int) -> None:
        sales = shop.sales(day)
        takings = sum(sale.price for sale in sales)
        self._post("/v1/treasurer/funding", {"amount": takings}, f"takings {day}", Scope.TREASURER)
        body = [
            {
                "order_id": sale.id, "channel": sale.channel, "price": sale.price, "cost": sale.cost,
                "fees": sale.fees, "supplier": self.numbers[sale.supplier], "region": sale.region,
                "seller": self.numbers[sale.seller] if sale.seller else None,
                "partner": self.numbers[sale.partner] if sale.partner else None,
            }
            for sale in sales
        ]  # fmt: skip
        self._post("/v1/orders/bulk", body, "")

    def _deliveries(self, day: int) -> None:
        ids = shop.deliveries(day)
        if ids:
            self._post("/v1/deliveries", {"order_ids": ids}, f"deliveries {day}")

    def _refunds(self, day: int) -> None:
        for refund in shop.refunds(day):
            order = self._number_of(refund.order_id)
            if order is not None:
                body = {"amount": refund.amount}
                self._post(f"/v1/orders/{order}/refunds", body, f"refund {refund.order_id}")

    def _cases(self, day: int) -> None:
        """Orders that the risk officer looks into."""
        for verb, ids in (("hold", shop.holds(day)), ("release", shop.releases(day))):
            for id_ in ids:
                order = self._number_of(id_)
                if order is not None:
                    body = {} if verb == "hold" else None
                    self._post(f"/v1/orders/{order}/{verb}", body, f"{verb} {id_}", Scope.RISK)

    def _payouts(self, day: int) -> None:
        """On payday the treasurer pays everybody; in between, one agent withdraws by its own signature."""
        if day % PAYDAY == PAYDAY - 1:
            numbers = sorted(self.numbers.values())
            self._post("/v1/treasurer/pushes", {"participants": numbers}, f"payday {day}", Scope.TREASURER)
        elif day % 5 == 4:
            name = shop.present(day)[day // 5 % shop.FIRST_DAY].name
            number = self.numbers[name]
            available = self._get(f"/v1/accounts/{number}")["available"]
            if available:
                terms = {"amount": available, "deadline": FOREVER}
                message = self._post(f"/v1/participants/{number}/withdrawals/prepare", terms, "")
                body = terms | {"signature": _sign(name, message)}
                path, key = f"/v1/participants/{number}/withdrawals", f"withdrawal {day} {available}"
                self._post(path, body, key)

    # --- people

    def _know(self) -> None:
        """Everybody's number, by the wallet that the trial made for the name."""
        names = {wallet(name).address.lower(): name for name in (*shop.SUPPLIERS, shop.STORE, *shop.NAMES)}
        cursor: str | None = None
        while True:
            page = self._get("/v1/participants", {"limit": 200} | ({"cursor": cursor} if cursor else {}))
            for one in page["items"]:
                if one["wallet"].lower() in names:
                    self.numbers[names[one["wallet"].lower()]] = one["number"]
            cursor = page["next"]
            if cursor is None:
                return

    def _register(self, path: str, name: str) -> None:
        if name not in self.numbers:
            self._enter(path, name, {"wallet": wallet(name).address})

    def _enter(self, path: str, name: str, body: Mapping[str, Any]) -> None:
        found = self._post(path, body, f"enter {name.split()[0]}", wait=True)
        if found["result"]:
            self.numbers[name] = found["result"]["participant"]
        else:
            self.quiet()
            self._know()

    def _number_of(self, order_id: str) -> int | None:
        """The order's number on chain; None where it was refused."""
        answer = self._call(Scope.MALL, "GET", f"/v1/orders/by-mall-id/{order_id}")
        return answer.json()["number"] if answer.status_code == 200 else None

    # --- HTTP

    def _get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return _answer(self._call(Scope.MALL, "GET", path, params=dict(params or {})))

    def _post(
        self, path: str, body: Any, key: str, scope: Scope = Scope.MALL, *, wait: bool = False
    ) -> dict[str, Any]:
        if self._stop():
            raise Stopped
        headers = {"Idempotency-Key": key} if key else {}
        if wait:
            headers["Prefer"] = "wait=20"
        return _answer(self._call(scope, "POST", path, json=body, headers=headers))

    def _call(self, scope: Scope, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self._clients[scope].request(method, path, **more)
        except httpx.HTTPError as error:
            raise ApiRefused(f"{method} {path}: {type(error).__name__}: {error}") from error


def wallet(name: str) -> Signer:
    """The wallet of somebody in the shop; anybody can make it."""
    return local_signer(f"shop {name.split()[0]}")


def _sign(name: str, message: dict[str, Any]) -> str:
    signed = wallet(name).account.sign_message(encode_typed_data(full_message=message))
    return "0x" + signed.signature.hex()


def _answer(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code >= 400:
        raise ApiRefused(f"{answer.request.method} {answer.request.url.path}: {answer.text}")
    found: dict[str, Any] = answer.json()
    return found

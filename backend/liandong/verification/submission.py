"""Tells an explorer's verification service a contract's sources, and waits for what it says.

The three services have the same form here: :meth:`Service.submit` sends one contract and returns what became
of it. Nothing leaves the machine but what is published anyway, and Etherscan's key, which goes there alone.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from liandong.chain.contracts import load
from liandong.chain.deployment import DeployedContract
from liandong.verification.errors import ServiceUnreachable, ServiceUrlInvalid
from liandong.verification.publication import Publication, publication

State = Literal["verified", "refused", "pending"]
SECONDS = 60.0
"""For one answer of a service; bodies are some hundred kilobytes."""

LONGEST_PAUSE = 5.0
"""Seconds between two questions about the same contract."""

TRIES = 5
"""How often Etherscan is asked, a second apart, when it says that it was asked too often."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service says of a contract. ``pending``: nothing yet when the time was over; ask again later."""

    service: str
    name: str
    state: State
    said: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """One contract, as all services need it."""

    chain_id: int
    name: str
    contract: DeployedContract
    published: Publication

    @classmethod
    def of(cls, chain_id: int, name: str, contract: DeployedContract) -> Submission:
        """Of a deployed contract, with what this build publishes of it."""
        return cls(chain_id, name, contract, publication(contract.artifact))

    def linked_input(self) -> dict[str, Any]:
        """The compiler's input with the libraries' addresses, for services that do not find these."""
        references = load(self.contract.artifact).link_references
        libraries = {
            f"{file}:{library}": self.contract.libraries[library]
            for file, by_name in references.items()
            for library in by_name
        }
        return self.published.standard_input(libraries)


class Service(ABC):
    """A verification service at ``url``. Waits ``wait`` seconds at most for each contract's outcome.

    Raises :class:`ServiceUrlInvalid`, and :class:`ServiceUnreachable` from every call.
    """

    name: str
    first_pause = 0.1
    """Seconds until it is asked for the first time; each pause is twice the one before, up to the longest."""

    def __init__(self, url: str, *, wait: float = 300) -> None:
        parsed = httpx.URL(url)
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise ServiceUrlInvalid(f"{self.name}: {url!r} is not the URL of an API")
        self._url = url.rstrip("/")
        self._host = f"{parsed.scheme}://{parsed.netloc.decode()}"
        self._wait = wait
        self._http = httpx.Client(timeout=SECONDS, headers={"User-Agent": "liandong"})

    def submit(self, one: Submission) -> Outcome:
        """Sends a contract, then asks until its outcome is known or the time is over."""
        until = time.monotonic() + self._wait
        found = self._send(one)
        ticket, pause = found.said, self.first_pause
        while found.state == "pending" and time.monotonic() + pause < until:
            time.sleep(pause)
            found = self._ask(one, ticket)
            pause = min(2 * pause, LONGEST_PAUSE)
        return found

    def close(self) -> None:
        """Closes the connection."""
        self._http.close()

    @abstractmethod
    def _send(self, one: Submission) -> Outcome:
        """The first answer; where it is pending, with the ticket to ask by as what was said."""

    @abstractmethod
    def _ask(self, one: Submission, ticket: str) -> Outcome:
        """What has become of it."""

    def _request(self, method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an answer. No message names the URL's query, for it may hold a key."""
        try:
            answer = self._http.request(method, url, **more)
        except httpx.HTTPError as error:
            raise ServiceUnreachable(f"{self.name} at {self._host} does not answer: {error}") from error
        try:
            body = answer.json()
        except ValueError:
            body = None
        if not isinstance(body, dict) or answer.status_code >= 500:
            said = " ".join(answer.text.split())[:200]
            raise ServiceUnreachable(
                f"{self.name} at {self._host} answers {answer.status_code}, not as its API does: {said!r}"
            )
        return answer.status_code, body

    def _outcome(self, one: Submission, state: State, said: object = "") -> Outcome:
        return Outcome(self.name, one.name, state, str(said or ""))


class Sourcify(Service):
    """Sourcify's API, version 2; the URL is the server's, e.g. ``https://HOST/server``.

    An exact match is asked for: one of the code alone is refused.
    """

    name = "sourcify"

    def _send(self, one: Submission) -> Outcome:
        body = {
            "stdJsonInput": one.published.standard_input(),
            "compilerVersion": one.published.compiler,
            "contractIdentifier": one.published.identifier,
            "creationTransactionHash": one.contract.creation_transaction,
        }
        place = f"{one.chain_id}/{one.contract.address}"
        status, answer = self._request("POST", f"{self._url}/v2/verify/{place}", json=body)
        if status == 409:
            _, known = self._request("GET", f"{self._url}/v2/contract/{place}")
            return self._matched(one, known)
        if "verificationId" not in answer:
            return self._outcome(one, "refused", answer.get("message", f"status {status}"))
        return self._outcome(one, "pending", answer["verificationId"])

    def _ask(self, one: Submission, ticket: str) -> Outcome:
        _, answer = self._request("GET", f"{self._url}/v2/verify/{ticket}")
        if not answer.get("isJobCompleted"):
            return self._outcome(one, "pending", ticket)
        if error := answer.get("error"):
            return self._outcome(one, "refused", error.get("message", error.get("customCode")))
        return self._matched(one, answer.get("contract") or {})

    def _matched(self, one: Submission, contract: dict[str, Any]) -> Outcome:
        match = contract.get("match")
        return self._outcome(one, "verified" if match == "exact_match" else "refused", match or "no match")


class Blockscout(Service):
    """Blockscout's API, version 2; the URL is the explorer's own.

    It tells nobody why it does not verify a contract: that one stays pending.
    """

    name = "blockscout"

    def _send(self, one: Submission) -> Outcome:
        fields = {
            "compiler_version": f"v{one.published.compiler}",
            "contract_name": one.published.identifier,
            "license_type": "apache_2_0",
            "autodetect_constructor_args": "false",
            "constructor_args": one.contract.constructor_arguments.removeprefix("0x"),
        }
        text = json.dumps(one.linked_input())
        status, answer = self._request(
            "POST", f"{self._contract(one)}/verification/via/standard-input",
            data=fields, files={"files[0]": ("input.json", text, "application/json")},
        )  # fmt: skip
        said = str(answer.get("message", f"status {status}"))
        if "already verified" in said.lower():
            return self._outcome(one, "verified", said)
        return self._outcome(one, "pending" if status < 300 else "refused", said)

    def _ask(self, one: Submission, ticket: str) -> Outcome:
        _, answer = self._request("GET", self._contract(one))
        if not answer.get("is_verified"):
            return self._outcome(one, "pending", ticket)
        partial = answer.get("is_partially_verified")
        return self._outcome(one, "verified", "partial match" if partial else "full match")

    def _contract(self, one: Submission) -> str:
        return f"{self._url}/api/v2/smart-contracts/{one.contract.address}"


class Etherscan(Service):
    """Etherscan's API, version 2, one for all its chains; the URL is the API's, e.g. ``https://HOST/v2/api``."""

    name = "etherscan"
    first_pause = 0.5  # it answers a few calls a second

    def __init__(self, url: str, key: str, *, wait: float = 300) -> None:
        super().__init__(url, wait=wait)
        self._key = key

    def _send(self, one: Submission) -> Outcome:
        arguments = one.contract.constructor_arguments.removeprefix("0x")
        form = {
            "module": "contract", "action": "verifysourcecode", "apikey": self._key,
            "contractaddress": one.contract.address, "codeformat": "solidity-standard-json-input",
            "sourceCode": json.dumps(one.linked_input()), "contractname": one.published.identifier,
            "compilerversion": f"v{one.published.compiler}",
            "constructorArguments": arguments,
            "constructorArguements": arguments,  # as the API has spelt it for years
        }  # fmt: skip
        return self._judge(one, self._call("POST", one, data=form), sent=True)

    def _ask(self, one: Submission, ticket: str) -> Outcome:
        asked = {"module": "contract", "action": "checkverifystatus", "guid": ticket, "apikey": self._key}
        found = self._judge(one, self._call("GET", one, params=asked), sent=False)
        return found if found.state != "pending" else self._outcome(one, "pending", ticket)

    def _call(self, method: str, one: Submission, **more: Any) -> dict[str, Any]:
        params = {"chainid": str(one.chain_id), **more.pop("params", {})}
        answer: dict[str, Any] = {}
        for _ in range(TRIES):
            answer = self._request(method, self._url, params=params, **more)[1]
            if "rate limit" not in str(answer.get("result")).lower():
                break
            time.sleep(1)
        return answer

    def _judge(self, one: Submission, answer: dict[str, Any], *, sent: bool) -> Outcome:
        said = str(answer.get("result") or answer.get("message"))
        if "already verified" in said.lower():
            return self._outcome(one, "verified", said)
        if answer.get("status") == "1":
            return self._outcome(one, "pending" if sent else "verified", said)
        waiting = not sent and ("pending" in said.lower() or "progress" in said.lower())
        return self._outcome(one, "pending" if waiting else "refused", said)

"""Who may call what: the whole matrix, keys, wallets, limits."""

from __future__ import annotations

import re
import time

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from fastapi.routing import APIRoute
from market import AMY, BOSS, Market
from served import Served

from liandong.access.keys import create_key, list_keys, revoke_key
from liandong.access.known_keys import KNOWN_SECONDS, KnownKeys
from liandong.access.matrix import MATRIX, Own
from liandong.access.principals import KEY_SCOPES, Scope
from liandong.app import operations
from liandong.chain.node import EmbeddedNode
from liandong.db.access import RateBucket
from liandong.db.session import Database
from liandong.http.errors import RateLimited, Unauthenticated
from liandong.http.rate_limit import RateLimiter

YES = "0x7f1626ba7e" + "00" * 28 + "60005260206000f3"
NO = "0x7fffffffff" + "00" * 28 + "60005260206000f3"
"""Contracts that answer any call with one word: the one of ERC-1271 for a good signature, and another."""

OPERATIONS = {route.operation_id: route for route in operations()}


def call(client: httpx.Client, route: APIRoute, participant: int, order: int) -> httpx.Response:
    """Calls an operation with a body that it refuses, if it comes to that."""
    values = {
        "participant": participant,
        "order": order,
        "pool": "support",
        "hash": "0x" + "00" * 32,
        "code": "X",
    }
    path = re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], 1)), route.path)
    (method,) = route.methods - {"HEAD"}
    return client.request(method, path, json=None if method in ("GET", "DELETE") else {"nothing": 1})


def expected(operation: str, caller: str) -> set[int]:
    """The refusals that the matrix asks for; none: it lets the caller through."""
    rule = MATRIX[operation]
    if rule.public:
        return set()
    if caller == "anonymous":
        return {401}
    if caller in KEY_SCOPES:
        return set() if caller in rule.scopes else {403}
    # amy's number and order are asked for, to which boss is a party as her leader
    allowed = {
        "amy": {Own.ANYTHING, Own.PARTICIPANT, Own.ORDER, Own.BODY},
        "boss": {Own.ANYTHING, Own.ORDER, Own.BODY},
        "stranger": {Own.ANYTHING, Own.BODY},
    }
    return set() if rule.own in allowed[caller] else {403}


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_matrix_of_every_route(
    operation: str, callers: dict[str, httpx.Client], market: Market, order: int, api: Served
) -> None:
    for name, client in callers.items():
        if operation == "sign_out" and name in ("amy", "boss", "stranger"):
            continue  # it would end the session; test_a_wallet_signs_in_and_out does it
        answer = call(client, OPERATIONS[operation], market.amy, order)
        refused = {answer.status_code} & {401, 403}
        want = expected(operation, name)
        assert refused == want, f"{operation} by {name}: {answer.status_code} {answer.text}"


def test_a_wallet_sees_its_own_only(callers: dict[str, httpx.Client], market: Market) -> None:
    amy = callers["amy"]
    assert amy.get("/v1/me").json()["participant"] == market.amy
    assert amy.get(f"/v1/accounts/{market.amy}").status_code == 200
    answer = amy.get(f"/v1/accounts/{market.boss}")
    assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")
    data = {"name": "艾米", "phone": "13800000017", "address": None}
    assert amy.put(f"/v1/participants/{market.amy}/personal", json=data).status_code == 204
    assert amy.get(f"/v1/participants/{market.amy}/personal").json() == data
    assert callers["mall"].get(f"/v1/participants/{market.amy}/personal").json()["name"] == "艾***"
    sale = {"channel": "retail", "price": 100, "supplier": market.supplier}
    assert amy.post("/v1/quotes", json=sale | {"seller": market.amy}).status_code == 200
    assert amy.post("/v1/quotes", json=sale | {"seller": market.boss}).status_code == 403
    assert amy.post("/v1/pools/support/0/claims", json={"agents": [market.boss]},
                    headers={"Idempotency-Key": "c"}).status_code == 403  # fmt: skip
    join = {"wallet": BOSS.address, "introducer": market.boss, "deadline": 2**33}
    assert amy.post("/v1/joins/prepare", json=join).status_code == 403
    assert amy.post("/v1/joins/prepare", json=join | {"wallet": AMY.address}).status_code == 200


def test_a_wallet_signs_in_and_out(api: Served) -> None:
    client = api.sign_in(BOSS.account)
    assert client.get("/v1/me").json()["wallet"] == BOSS.address
    assert client.post("/v1/sign-out").status_code == 204
    assert client.get("/v1/me").json()["code"] == "Unauthenticated"


def test_a_challenge_is_for_one_wallet_and_one_use(anybody: httpx.Client) -> None:
    account = Account.create()
    text = anybody.post("/v1/sign-in/challenge", json={"address": account.address}).json()["message"]
    assert account.address in text and "\nNonce: " in text and "\nChain ID: " in text

    def tried(text: str, signer: LocalAccount) -> tuple[int, str | None]:
        signature = "0x" + signer.sign_message(encode_defunct(text=text)).signature.hex()
        answer = anybody.post("/v1/sign-in", json={"message": text, "signature": signature})
        return answer.status_code, answer.json().get("code")

    assert tried(text + " ", account) == (401, "SignInRefused")
    assert tried(text, account) == (200, None)
    assert tried(text, account) == (401, "SignInRefused")
    text = anybody.post("/v1/sign-in/challenge", json={"address": account.address}).json()["message"]
    assert tried(text, Account.create()) == (401, "SignInRefused")


def test_a_contract_wallet_signs_in(api: Served, node: EmbeddedNode, anybody: httpx.Client) -> None:
    for code, status in ((YES, 200), (NO, 401)):
        address = Account.create().address
        node.client().call("hardhat_setCode", address, code)
        text = anybody.post("/v1/sign-in/challenge", json={"address": address}).json()["message"]
        answer = anybody.post("/v1/sign-in", json={"message": text, "signature": "0x" + "ab" * 130})
        assert answer.status_code == status


def test_keys_are_hashed_scoped_and_revocable(api: Served) -> None:
    database = api.app.state.context.database
    record, word = create_key(database, "a mall", [Scope.MALL])
    with api.caller() as client:
        client.headers["Authorization"] = f"Bearer {word}"
        assert client.get("/v1/me").json()["scopes"] == ["mall"]
        assert word not in repr(list_keys(database))
        revoke_key(database, record.id)
        time.sleep(KNOWN_SECONDS)
        assert client.get("/v1/me").status_code == 401
        client.headers["Authorization"] = "Bearer ldk_something"
        assert client.get("/v1/me").headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_key_is_good_for_a_moment_at_most(database: Database) -> None:
    now = 1000.0
    keys = KnownKeys(database, now=lambda: now)
    record, word = create_key(database, "a mall", [Scope.MALL])
    assert keys.known(word) is None and keys.look_up(word).id == "key:a mall"
    revoke_key(database, record.id)
    now += KNOWN_SECONDS / 2
    assert keys.known(word) is not None
    now += KNOWN_SECONDS / 2
    assert keys.known(word) is None
    with pytest.raises(Unauthenticated):
        keys.look_up(word)


def test_rate_limits(api: Served) -> None:
    with api.caller(Scope.AUDITOR, name="a busy one", per_minute=3) as client:
        answers = [client.get("/v1/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "RateLimited" and 1 <= int(answers[3].headers["retry-after"]) <= 20


def test_a_bucket_is_of_all_processes_and_fills_up_again(database: Database) -> None:
    now = 1000.0
    one, other = (RateLimiter(database, now=lambda: now) for _ in range(2))
    for limiter in (one, other, one):
        limiter.take("somebody", 3)
    for limiter in (one, other):
        with pytest.raises(RateLimited, match="3 requests a minute") as refused:
            limiter.take("somebody", 3)
        assert refused.value.headers == {"Retry-After": "20"}
    other.take("another", 3)
    now += 20
    other.take("somebody", 3)
    with pytest.raises(RateLimited):
        one.take("somebody", 3)


def test_of_many_requests_few_cost_a_write(database: Database) -> None:
    limiter = RateLimiter(database, now=lambda: 1000.0)
    for _ in range(600):
        limiter.take("a mall", 600)
    with pytest.raises(RateLimited):
        limiter.take("a mall", 600)
    with database.read() as session:
        assert session.get_one(RateBucket, "a mall").left == 0


def test_headers_and_limits(api: Served, mall: httpx.Client, anybody: httpx.Client) -> None:
    answer = anybody.get("/health", headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert anybody.get("/health", headers={"X-Request-Id": 'a b"c'}).headers["x-request-id"] != 'a b"c'
    most = api.app.state.context.settings.max_body
    too_much = mall.post("/v1/orders", content=b" " * (most + 1))
    assert (too_much.status_code, too_much.json()["code"]) == (413, "BodyTooLarge")
    in_parts = mall.post("/v1/orders", content=(b" " * 2**20 for _ in range(most // 2**20 + 1)))
    assert in_parts.status_code == 413
    assert mall.delete("/v1/orders").json()["code"] == "MethodNotAllowed"
    assert mall.get("/v1/orders", params={"limit": 201}).json()["code"] == "InvalidRequest"
    assert mall.get("/v1/orders", params={"cursor": "zzz"}).json()["code"] == "InvalidCursor"

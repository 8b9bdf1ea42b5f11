"""Plans, pauses and their delays over HTTP, on a deployment whose administrators have to wait."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from market import DAY, RICH
from served import Served, served

from liandong.access.principals import Scope
from liandong.chain.abi import abi_of
from liandong.chain.deployer import deploy
from liandong.chain.deployment import CHINA
from liandong.chain.local import local_keys, local_roles, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.settlement import SettlementClient
from liandong.chain.signer import Sender
from liandong.outbox import requests
from liandong.outbox.errors import AnnouncementUnderWay
from liandong.transactions.delayed import ANNOUNCEMENT, CALLING_OFF, call_off

DELAY = 2 * DAY


@pytest.fixture(scope="module")
def delayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("administration")
    with EmbeddedNode() as node:
        sender, keys = Sender(node.client(), fixed_gas=2**30), local_keys()
        roles = replace(local_roles(keys), plan_delay=DELAY, admin_delay=DELAY)
        client = SettlementClient(sender, deploy(sender, local_signer("deployer"), roles), keys)
        client.mint(keys.treasurer.address, RICH)
        client.fund(RICH)
        client.register_supplier(local_signer("wallet of a supplier").address)
        with served(client, f"sqlite:///{folder / 'x.sqlite'}", folder, schedule=False) as running:
            running.caught_up()
            yield running


def post(client: httpx.Client, path: str, body: Any, key: str, wait: int = 20) -> httpx.Response:
    return client.post(path, json=body, headers={"Idempotency-Key": key, "Prefer": f"wait={wait}"})


def until(client: httpx.Client, request: int, met: Any) -> dict:
    for _ in range(600):
        found = client.get(f"/v1/requests/{request}").json()
        if met(found):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def looking(api: Served, client: httpx.Client) -> httpx.Client:
    """The same caller in a browser."""
    word = client.headers["Authorization"].removeprefix("Bearer ")
    return httpx.Client(
        base_url=api.url, cookies={"liandong_session": word, "liandong_language": "en"}, timeout=60
    )


def days_pass(api: Served, seconds: int) -> None:
    clock = NodeClock(api.chain.sender.client)
    clock.set(clock.now() + seconds)
    api.caught_up()


def test_a_plan_is_announced_and_comes_into_force_after_the_delay(delayed: Served) -> None:
    planner, anybody = delayed.caller(Scope.PLANNER), delayed.caller()
    wrong = post(planner, "/v1/plans", {"base": "seed", "team_bps": 10_001, "nothing": 1}, "wrong")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "PlanProblems")
    assert "team_bps" in wrong.json()["detail"] and "nothing" in wrong.json()["detail"]

    plan = {"base": "seed", "team_bps": 300}
    sent = post(planner, "/v1/plans", plan, "p", wait=1)
    assert sent.status_code == 202, sent.text
    waiting = until(planner, sent.json()["id"], lambda one: one["waiting"])
    assert (waiting["state"], waiting["waiting"]["code"]) == ("queued", "AccessManagerNotReady")
    kinds = {one["kind"]: one for one in planner.get("/v1/requests").json()["items"]}
    assert kinds["announce_plan"]["state"] in ("mined", "final")
    assert [one["version"] for one in anybody.get("/v1/plans").json()["items"]] == [1]
    assert post(planner, "/v1/plans", plan, "p", wait=1).json()["id"] == sent.json()["id"]
    with looking(delayed, planner) as visitor:
        page = visitor.get("/app/brand/plans").text
        assert "2 days" in page
        (day,) = re.findall(r"comes into force (\d{4}-\d\d-\d\d)", page)
        clock = NodeClock(delayed.chain.sender.client).now()
        assert day in {
            time.strftime("%Y-%m-%d", time.gmtime(clock + DELAY + CHINA + more)) for more in (-9, 9)
        }
        again = visitor.get("/app/brand/plans/on-their-way?count=1")
        assert again.status_code == 200 and day in again.text

    days_pass(delayed, DELAY + 1)
    until(planner, sent.json()["id"], lambda one: one["state"] in ("mined", "final"))
    delayed.caught_up()
    with looking(delayed, planner) as visitor:
        again = visitor.get("/app/brand/plans/on-their-way?count=1")
        assert again.headers["hx-refresh"] == "true"
    found = anybody.get("/v1/plans/2").json()
    assert found["in_force"] and found["parameters"]["team_bps"] == 300


def scheduled(api: Served) -> set[str]:
    """What is announced on chain and not taken back."""
    logs = api.chain.sender.client.call(
        "eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": api.chain.deployment.authority}
    )
    found: set[str] = set()
    for log in logs:
        event = abi_of("Authority").events.get(bytes.fromhex(log["topics"][0][2:]))
        if event is not None and event.name == "OperationScheduled":
            found.add(log["topics"][1])
        if event is not None and event.name == "OperationCanceled":
            found.discard(log["topics"][1])
    return found


def test_an_announced_plan_is_called_off(delayed: Served) -> None:
    planner, admin = delayed.caller(Scope.PLANNER), delayed.caller(Scope.ADMIN)
    before = scheduled(delayed)
    plan = {"base": "seed", "team_bps": 400}
    number = post(planner, "/v1/plans", plan, "mistaken", wait=1).json()["id"]
    until(planner, number, lambda one: one["waiting"])
    assert len(scheduled(delayed) - before) == 1
    assert admin.post(f"/v1/requests/{number}/call-off").json()["code"] == "UnknownRequest"
    for _ in range(2):  # twice is as once
        ended = planner.post(f"/v1/requests/{number}/call-off")
        assert ended.status_code == 200, ended.text
        assert (ended.json()["state"], ended.json()["rejection"]["code"]) == ("rejected", "CalledOff")
    (taken_back,) = planner.get("/v1/requests?kind=call_off_plan").json()["items"]
    until(planner, taken_back["id"], lambda one: one["state"] in ("mined", "final"))
    assert scheduled(delayed) == before
    again = planner.post(f"/v1/requests/{taken_back['id']}/call-off")
    assert (again.status_code, again.json()["code"]) == (409, "NothingToCallOff")

    # on the page, any planner may
    with looking(delayed, delayed.caller(Scope.PLANNER, name="another planner")) as visitor:
        anew = post(planner, "/v1/plans", plan, "anew", wait=1).json()["id"]
        until(planner, anew, lambda one: one["waiting"])
        button = f"/app/brand/plans/announced/{anew}/call-off"
        assert button in visitor.get("/app/brand/plans").text
        assert visitor.post(button, headers={"Origin": delayed.url}).status_code == 303
        assert button not in visitor.get("/app/brand/plans").text
    for one in planner.get("/v1/requests?kind=call_off_plan").json()["items"]:
        until(planner, one["id"], lambda found: found["state"] in ("mined", "final"))
    versions = len(planner.get("/v1/plans").json()["items"])
    days_pass(delayed, DELAY + 1)
    assert len(planner.get("/v1/plans").json()["items"]) == versions


@pytest.mark.parametrize(
    ("path", "change", "kind"),
    [
        ("/v1/roles", {"holder": "0x" + "5c" * 20, "role": "risk"}, "call_off_role"),
        ("/v1/pauses/end", {"parts": ["settlement"]}, "call_off_unpause"),
    ],
)
def test_announced_roles_and_ends_of_pauses_are_called_off(
    delayed: Served, path: str, change: dict[str, Any], kind: str
) -> None:
    admin, before = delayed.caller(Scope.ADMIN, name="another admin"), scheduled(delayed)
    number = post(admin, path, change, f"mistaken {kind}", wait=1).json()["id"]
    until(admin, number, lambda one: one["waiting"])
    assert len(scheduled(delayed) - before) == 1
    assert admin.post(f"/v1/requests/{number}/call-off").json()["rejection"]["code"] == "CalledOff"
    (taken_back,) = admin.get(f"/v1/requests?kind={kind}").json()["items"]
    until(admin, taken_back["id"], lambda one: one["state"] in ("mined", "final"))
    assert scheduled(delayed) == before


@pytest.mark.parametrize("announced", ["queued", "sent"])
def test_what_is_not_announced_yet_is_called_off_alone_or_not_at_all(delayed: Served, announced: str) -> None:
    context, body = delayed.app.state.context, {"parts": 1}
    with context.database.write() as session:  # rolled back in the end, so that no worker sees it
        row = requests.submit(session, "somebody", "k", "unpause", body)
        told = requests.submit(session, "somebody", "k" + ANNOUNCEMENT, "announce_unpause", body)
        told.state = announced
        session.flush()
        if announced == "sent":
            with pytest.raises(AnnouncementUnderWay):
                call_off(context, session, row)
        else:
            assert call_off(context, session, row).rejection.code == "CalledOff"
            assert (told.state, told.error_name) == ("rejected", "CalledOff")
        assert requests.find(session, "somebody", "k" + CALLING_OFF) is None
        session.rollback()


def test_a_signer_is_followed_by_another(delayed: Served) -> None:
    admin = delayed.caller(Scope.ADMIN)
    old, new = delayed.chain.keys.risk.address, local_signer("a new risk officer").address
    for key, change in (("take", {"holder": old, "role": None}), ("give", {"holder": new, "role": "risk"})):
        sent = post(admin, "/v1/roles", change, key, wait=1).json()
        until(admin, sent["id"], lambda one: one["waiting"])
    days_pass(delayed, DELAY + 1)
    for one in admin.get("/v1/requests").json()["items"]:
        until(admin, one["id"], lambda found: found["state"] in ("mined", "final"))
    delayed.caught_up()
    assert {"holder": new, "role": "risk"} in (held := admin.get("/v1/roles").json())
    assert old not in {one["holder"] for one in held}


def test_the_guardian_pauses_and_the_administrator_ends_it_after_the_delay(delayed: Served) -> None:
    guardian, admin = delayed.caller(Scope.GUARDIAN), delayed.caller(Scope.ADMIN)
    mall = delayed.caller(Scope.MALL)
    paused = post(guardian, "/v1/pauses", {"parts": ["recording", "withdrawals"]}, "stop")
    assert paused.status_code == 200, paused.text
    delayed.caught_up()
    assert mall.get("/v1/pauses").json() == {"paused": ["recording", "withdrawals"]}
    order = {"order_id": "M-1", "channel": "retail", "price": 100, "supplier": 16}
    recorded = mall.post("/v1/orders", json=order)
    assert until(mall, recorded.json()["id"], lambda one: one["waiting"])["waiting"]["code"] == "Paused"
    assert post(guardian, "/v1/pauses/end", {"parts": ["recording"]}, "go").status_code == 403

    ended = post(admin, "/v1/pauses/end", {"parts": ["recording"]}, "go", wait=1).json()
    until(admin, ended["id"], lambda one: one["waiting"])
    days_pass(delayed, DELAY + 1)
    until(admin, ended["id"], lambda one: one["state"] in ("mined", "final"))
    until(mall, recorded.json()["id"], lambda one: one["state"] in ("mined", "final", "rejected"))
    delayed.caught_up()
    assert mall.get("/v1/pauses").json() == {"paused": ["withdrawals"]}

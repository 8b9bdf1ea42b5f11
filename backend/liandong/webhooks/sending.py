"""Sends messages: of one subject one after the other, each until it is taken or a week is over."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

import httpx
from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select, update

from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage, WebhookTarget
from liandong.personal.cipher import KeyRing
from liandong.webhooks import addresses, targets
from liandong.webhooks.errors import WebhookUrlRefused
from liandong.webhooks.making import make
from liandong.webhooks.signature import HEADER, sign

LOG = logging.getLogger(__name__)

AT_ONCE = 50
ANSWER_SECONDS = 10.0
CLAIM_SECONDS = 60
"""For how long a message is left to whoever took it to send; longer than an answer can take."""

LONGEST_RETRY = 3600
GIVE_UP_AFTER = 7 * 86_400
"""A message that nobody took for a week is given up, and the subject's next one is sent."""


class Sender:
    """Sends what is due. Several may run: each message is claimed before it is sent."""

    def __init__(self, database: Database, ring: KeyRing, *, private: bool = False) -> None:
        self._database = database
        self._ring = ring
        self._private = private
        # a redirect is an answer like any other: messages go where the mall said, and nowhere else
        self._client = httpx.Client(timeout=ANSWER_SECONDS, follow_redirects=False, trust_env=False)

    def run(self, stop: threading.Event, poll_seconds: float = 1.0) -> None:
        """Makes and sends messages until told to stop."""
        with self._client:
            while not stop.is_set():
                try:
                    busy = make(self._database) or self.send(stop) > 0
                except DBAPIError as error:
                    LOG.warning("the database does not answer: %s", type(error.orig).__name__)
                    busy = False
                if not busy:
                    stop.wait(poll_seconds)

    def send(self, stop: threading.Event | None = None) -> int:
        """Sends what is due now; returns how many messages were tried."""
        now = int(time.time())
        with self._database.read() as session:
            due = _due(session, now)
        tried = 0
        for message, target in due:
            if stop is not None and stop.is_set():
                break
            if self._claim(message, now):
                self._finish(message, self._post(message, target))
                tried += 1
        return tried

    def _claim(self, message: WebhookMessage, now: int) -> bool:
        with self._database.write() as session:
            claimed = session.exec(
                update(WebhookMessage)
                .where(
                    col(WebhookMessage.id) == message.id, col(WebhookMessage.done_at).is_(None),
                    col(WebhookMessage.not_before) == message.not_before,
                )
                .values(not_before=now + CLAIM_SECONDS, tries=WebhookMessage.tries + 1)
            )  # fmt: skip
            return claimed.rowcount == 1

    def _post(self, message: WebhookMessage, target: WebhookTarget) -> str | None:
        """None where the message was taken, else what happened instead."""
        body = message.body.encode()
        headers = {
            "Content-Type": "application/json", "Liandong-Message": str(message.id),
            HEADER: sign(targets.secret_of(self._ring, target), int(time.time()), body),
        }  # fmt: skip
        try:
            answer = self._client.send(self._request(target.url, body, headers))
        except WebhookUrlRefused as error:
            return f"{type(error).__name__}: {error}"
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return type(error).__name__
        return None if answer.is_success else f"HTTP {answer.status_code}"

    def _request(self, url: str, body: bytes, headers: dict[str, str]) -> httpx.Request:
        """To the address that was looked at, in the name of the URL's host."""
        addresses.check(url, private=self._private)
        named = httpx.URL(url)
        to = named.copy_with(host=addresses.address_of(url, private=self._private))
        return self._client.build_request(
            "POST", to, content=body, headers=headers | {"Host": named.netloc.decode("ascii")},
            extensions={"sni_hostname": named.raw_host.decode("ascii")},
        )  # fmt: skip

    def _finish(self, message: WebhookMessage, failure: str | None) -> None:
        now = int(time.time())
        given_up = failure is not None and now - message.created_at > GIVE_UP_AFTER
        wait = min(2 ** min(message.tries + 1, 20), LONGEST_RETRY)
        with self._database.write() as session:
            session.exec(
                update(WebhookMessage)
                .where(col(WebhookMessage.id) == message.id)
                .values(
                    taken=failure is None, last_failure=failure, not_before=now + wait,
                    done_at=now if failure is None or given_up else None,
                )
            )  # fmt: skip


def _due(session: Session, now: int) -> Sequence[tuple[WebhookMessage, WebhookTarget]]:
    """The oldest message of each subject that is on its way, where it is due."""
    first = (
        select(func.min(WebhookMessage.id))
        .where(col(WebhookMessage.done_at).is_(None))
        .group_by(col(WebhookMessage.target_id), col(WebhookMessage.subject))
    )
    query = (
        select(WebhookMessage, WebhookTarget)
        .join(WebhookTarget, col(WebhookTarget.id) == WebhookMessage.target_id)
        .where(col(WebhookMessage.id).in_(first), col(WebhookMessage.not_before) <= now)
        .order_by(col(WebhookMessage.id))
        .limit(AT_ONCE)
    )
    return [(message, target) for message, target in session.exec(query).all()]

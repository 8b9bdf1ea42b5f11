"""What callers changed about their webhooks and when: kept for good, for auditors."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from liandong.db.webhooks import WebhookChange

LOG = logging.getLogger("liandong.webhooks")

Action = Literal["set", "secret", "removed", "resent", "resent failed", "ping"]


def note(session: Session, caller: str, action: Action, url: str = "", detail: str = "") -> None:
    """Writes a change down with it, in one transaction. A URL's query may be secret, and is left out."""
    parts = urlsplit(url)
    session.add(
        WebhookChange(
            caller=caller, action=action, at=int(time.time()), detail=detail,
            url=f"{parts.scheme}://{parts.netloc}{parts.path}" if url else "",
        )
    )  # fmt: skip
    LOG.info("changed", extra={"fields": {"caller": caller, "action": action}})


def page(session: Session, caller: str | None, before: int, rows: int) -> Sequence[WebhookChange]:
    """Changes of one caller or of all, newest first."""
    query = select(WebhookChange).where(col(WebhookChange.id) < before)
    if caller is not None:
        query = query.where(WebhookChange.caller == caller)
    return session.exec(query.order_by(col(WebhookChange.id).desc()).limit(rows)).all()

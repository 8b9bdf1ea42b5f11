"""The states of requests and calls, as they stand in the database.

A request is ``queued`` until it is put into a call, ``building`` while that call is signed but not sent,
``sent``, then ``mined`` once the mirror has the receipt's block on the canonical chain, and ``final`` at
finality depth. A reorg takes it from ``mined`` back to ``sent``. ``rejected`` is for good.
"""

from __future__ import annotations

QUEUED = "queued"
BUILDING = "building"
SENT = "sent"
MINED = "mined"
FINAL = "final"
REJECTED = "rejected"

REQUEST_STATES = (QUEUED, BUILDING, SENT, MINED, FINAL, REJECTED)

UNDER_WAY = (QUEUED, BUILDING, SENT)
"""Requests whose effect is not on the canonical chain yet."""

REVERTED = "reverted"
"""A call that was mined without effect; its requests are queued again when that is final."""

UNDONE = "undone"
"""A call that for good had no effect: it reverted, or its nonce went to a transaction of somebody else."""

IN_FLIGHT = (BUILDING, SENT)
"""Calls that may still be mined."""

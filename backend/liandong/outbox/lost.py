"""After the mirror was made anew on another fork: what was final on the old one is sent again."""

from __future__ import annotations

from sqlalchemy import select, update

from liandong.chain.errors import NodeRefused
from liandong.chain.rpc import RpcClient
from liandong.db.chain import MirrorTransaction
from liandong.db.outbox import OutboxCall
from liandong.db.session import Database
from liandong.outbox import queue, states

AT_ONCE = 1000


def send_lost_again(database: Database, client: RpcClient) -> int:
    """Calls that were mined by our books, but that neither mirror nor node knows; returns how many.

    Their transactions are sent again as they were signed, by the workers.
    """
    lost, after = 0, 0
    unknown = ~select(MirrorTransaction).where(MirrorTransaction.hash == OutboxCall.transaction_hash).exists()
    while True:
        with database.read() as session:
            query = select(OutboxCall.id, OutboxCall.transaction_hash).where(
                OutboxCall.id > after, OutboxCall.state.in_((states.MINED, states.FINAL)), unknown
            )
            calls = session.execute(query.order_by(OutboxCall.id).limit(AT_ONCE)).all()
        if not calls:
            return lost
        after = calls[-1].id
        answers = client.batch([("eth_getTransactionReceipt", (one.transaction_hash,)) for one in calls])
        gone = [one.id for one, found in zip(calls, answers, strict=True) if found is None]
        if any(isinstance(found, NodeRefused) for found in answers):
            raise next(found for found in answers if isinstance(found, NodeRefused))
        with database.write() as session:
            for call in gone:
                values = {"state": states.SENT, "block_number": None, "block_hash": None, "sent_at": None}
                session.execute(update(OutboxCall).where(OutboxCall.id == call).values(values))
                queue.move(session, call, states.SENT)
        lost += len(gone)

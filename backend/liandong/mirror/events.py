"""From logs as JSON-RPC gives them to plain numbers, and to the rows of ``chain_event``.

All values of an event are whole words, in the order: indexed fields, then the others. Texts and the plan's
parameters are the only exceptions, and read by the ABI.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from liandong.chain.abi import Event, abi_of
from liandong.mirror.errors import EventsContradict

Log = Mapping[str, Any]

RECORDED = frozenset(
    {"RetailOrderRecorded", "CampaignOrderRecorded", "StoreOrderRecorded", "CrossBorderOrderRecorded"}
)
"""These are rows of ``sales_order``, so their rows of ``chain_event`` have no detail."""

PAYMENTS = {
    "SupplyPaid": "supply", "ServicePaid": "service", "DirectPaid": "direct", "RegionPaid": "region",
    "HostPaid": "host", "GuidePaid": "guide", "StorePaid": "store", "TeamPaid": "team",
}  # fmt: skip
"""Events that pay a line of an order to somebody, and the line's name in the rules."""

_ORDER = ("order", "first")
"""Fields that name an order, or the first of the batch that several are of."""

_ACCOUNT = (
    "account", "agent", "participant", "seller", "guide", "holder", "host", "leader", "store", "supplier",
)  # fmt: skip
"""Fields that can name the account that an event is about; the first that the event has counts."""

_AMOUNT = ("amount", "price", "pool")


@dataclass(frozen=True, slots=True)
class Decoder:
    """How one event is read."""

    event: Event
    name: str
    words: int
    static: bool
    order: int | None
    of_many: bool
    account: int | None
    amount: int | None
    rest: tuple[tuple[int, str, str], ...]

    def detail(self, values: list[int], log: Log) -> str | None:
        """JSON of the fields that have no column of their own."""
        if not self.rest:
            return None
        if not self.static:
            read = self.read(log)
            return orjson.dumps({name: _plain(read[name], kind) for _, name, kind in self.rest}).decode()
        return orjson.dumps({name: _plain(values[at], kind) for at, name, kind in self.rest}).decode()

    def read(self, log: Log) -> dict[str, Any]:
        """All values by name, by the ABI."""
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        return self.event.read(topics, bytes.fromhex(log["data"][2:]))


@dataclass(slots=True)
class Decoded:
    """One event: where it stands, who decodes it, its words, and its log."""

    block: int
    log_index: int
    transaction_index: int
    decoder: Decoder
    values: list[int]
    log: Log


def decode(logs: Iterable[Log]) -> list[Decoded]:
    """Decodes the settlement contract's logs; what is no event of its ABI is passed over."""
    found: list[Decoded] = []
    for log in logs:
        topics = log["topics"]
        decoder = DECODERS.get(topics[0]) if topics else None
        if decoder is None:
            continue
        data = log["data"]
        if decoder.static and len(data) != 2 + 64 * decoder.words:
            raise EventsContradict(f"a log of {decoder.name} has {len(data) // 2 - 1} bytes of data")
        values = [int(topic, 16) for topic in topics[1:]]
        values += [int(data[at : at + 64], 16) for at in range(2, len(data), 64)]
        found.append(
            Decoded(
                int(log["blockNumber"], 16), int(log["logIndex"], 16), int(log["transactionIndex"], 16),
                decoder, values, log,
            )
        )  # fmt: skip
    return found


def event_row(one: Decoded) -> tuple[Any, ...]:
    """The row of ``chain_event``, in the order of its columns."""
    decoder, values = one.decoder, one.values
    return (
        one.block, one.log_index, one.transaction_index, decoder.name,
        None if decoder.order is None else values[decoder.order],
        None if decoder.account is None else _number(values[decoder.account]),
        None if decoder.amount is None else values[decoder.amount],
        decoder.detail(values, one.log) if decoder.rest else None,
    )  # fmt: skip


def _number(account: int) -> int | None:
    """None for nobody, and for what cannot be a number of the chain (a push may name anything)."""
    return account if 0 < account < 2**63 else None


def _plain(value: Any, kind: str) -> Any:
    if kind == "address":
        return value.lower() if isinstance(value, str) else f"0x{value:040x}"
    if kind == "bytes32":
        return f"0x{value:064x}" if isinstance(value, int) else "0x" + value.hex()
    if kind == "bool":
        return bool(value)
    if isinstance(value, int):
        return value if value < 2**53 else hex(value)
    return list(value) if isinstance(value, tuple) else value


def _decoder(event: Event) -> Decoder:
    fields = [*event.indexed, *event.rest]
    names = [name for name, _ in fields]
    static = all(not kind.startswith("(") and kind != "string" for _, kind in fields)

    def place(candidates: Iterable[str]) -> int | None:
        found = (names.index(name) for name in candidates if name in names)
        return next((at for at in found if fields[at][1] == "uint256"), None)

    order, account, amount = place(_ORDER), place(_ACCOUNT), place(_AMOUNT)
    own = {order, account, amount}
    rest = tuple((i, name, kind) for i, (name, kind) in enumerate(fields) if i not in own)
    if event.name in RECORDED:
        rest = ()
    of_many = order is not None and names[order] != "order"
    return Decoder(event, event.name, len(event.rest), static, order, of_many, account, amount, rest)


DECODERS: dict[str, Decoder] = {
    "0x" + topic.hex(): _decoder(event) for topic, event in abi_of("ISettlementEvents").events.items()
}
"""By topic."""

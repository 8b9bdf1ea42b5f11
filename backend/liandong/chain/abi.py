"""Encoding and decoding by a contract's ABI: calls, answers, events, reverts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from eth_abi import decode, encode
from eth_utils import keccak

from liandong.chain.abi_encoding import Encode, encoder_of
from liandong.chain.contracts import load

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """One function, or one custom error: both are a selector and a tuple."""

    name: str
    selector: bytes
    inputs: tuple[str, ...]
    input_names: tuple[str, ...]
    outputs: tuple[str, ...]
    output_names: tuple[str, ...]

    def call_data(self, arguments: Sequence[Any]) -> bytes:
        """Selector and arguments."""
        ours = self._encoder
        return self.selector + (encode(self.inputs, arguments) if ours is None else ours(arguments))

    @cached_property
    def _encoder(self) -> Encode | None:
        return encoder_of(self.inputs)

    def result(self, data: bytes) -> Any:
        """What a call returned: one value as itself, several as a tuple."""
        values = decode(self.outputs, data)
        return values[0] if len(values) == 1 else values

    @staticmethod
    def result_words(data: bytes) -> list[int]:
        """What a call returned, as plain 32-byte words: quick, for views whose results are all static."""
        return [int.from_bytes(data[at : at + 32]) for at in range(0, len(data), 32)]


@dataclass(frozen=True)
class Event:
    """One event."""

    name: str
    topic: bytes
    indexed: tuple[tuple[str, str], ...]
    rest: tuple[tuple[str, str], ...]

    def read(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """The event's values by name. Indexed strings and arrays are only known by their hash."""
        values = {
            name: decode((kind,), topic)[0]
            for (name, kind), topic in zip(self.indexed, topics[1:], strict=True)
        }
        kinds = [kind for _, kind in self.rest]
        values.update(zip((name for name, _ in self.rest), decode(kinds, data), strict=True))
        return values


class Abi:
    """The ABI of one contract."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    @cached_property
    def functions(self) -> dict[str, Function]:
        """All functions by name; the contracts overload none."""
        return {entry["name"]: _function(entry) for entry in self._entries if entry["type"] == "function"}

    @cached_property
    def errors(self) -> dict[bytes, Function]:
        """All custom errors by selector."""
        found = (_function(entry) for entry in self._entries if entry["type"] == "error")
        return {error.selector: error for error in found}

    @cached_property
    def events(self) -> dict[bytes, Event]:
        """All events by topic."""
        found = (_event(entry) for entry in self._entries if entry["type"] == "event")
        return {event.topic: event for event in found}

    @cached_property
    def constructor(self) -> tuple[str, ...]:
        """The types that the constructor takes."""
        for entry in self._entries:
            if entry["type"] == "constructor":
                return tuple(_type(item) for item in entry["inputs"])
        return ()

    def topic(self, event: str) -> bytes:
        """The topic of an event by its name."""
        return next(found.topic for found in self.events.values() if found.name == event)


@cache
def abi_of(name: str) -> Abi:
    """The ABI of one of the project's compiled contracts."""
    return Abi(load(name).abi)


def _type(item: Entry) -> str:
    kind: str = item["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(_type(component) for component in item["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


def _signature(entry: Entry) -> bytes:
    return f"{entry['name']}({','.join(_type(item) for item in entry['inputs'])})".encode()


def _function(entry: Entry) -> Function:
    outputs = entry.get("outputs", [])
    return Function(
        name=entry["name"],
        selector=keccak(_signature(entry))[:4],
        inputs=tuple(_type(item) for item in entry["inputs"]),
        input_names=tuple(item["name"] for item in entry["inputs"]),
        outputs=tuple(_type(item) for item in outputs),
        output_names=tuple(item["name"] for item in outputs),
    )


def _event(entry: Entry) -> Event:
    return Event(
        name=entry["name"],
        topic=keccak(_signature(entry)),
        indexed=tuple((item["name"], _type(item)) for item in entry["inputs"] if item["indexed"]),
        rest=tuple((item["name"], _type(item)) for item in entry["inputs"] if not item["indexed"]),
    )

"""Encodes what calls for many orders are made of: unsigned integers, fixed bytes, lists and tuples of them.

A selection of a hundred orders has hundreds of words, for each of which a general encoder looks up and checks
far more than there is to do. Other types are left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from eth_abi.exceptions import ValueOutOfBounds
from eth_abi.grammar import TupleType, parse

Encode = Callable[[Any], bytes]

WORD = 32


def encoder_of(kinds: Sequence[str]) -> Encode | None:
    """What encodes a tuple of these types; None where one of them is none of ours.

    The encoder raises eth_abi's ``ValueOutOfBounds`` for what does not fit.
    """
    found = _encoder(f"({','.join(kinds)})")
    return None if found is None else found[0]


def _encoder(kind: str) -> tuple[Encode, bool] | None:
    """The encoder of a type, and whether its length depends on the value."""
    if kind.endswith("[]"):
        return _list(kind.removesuffix("[]"))
    if kind.startswith("("):
        return _tuple(kind)
    if number := re.fullmatch(r"uint(\d+)", kind):
        return _integers(int(number[1]), one=True), False
    if size := re.fullmatch(r"bytes(\d+)", kind):
        return _fixed_bytes(int(size[1])), False
    return None


def _list(kind: str) -> tuple[Encode, bool] | None:
    if number := re.fullmatch(r"uint(\d+)", kind):
        integers = _integers(int(number[1]), one=False)
        return lambda values: len(values).to_bytes(WORD) + integers(values), True
    found = _encoder(kind)
    if found is None:
        return None
    encode, dynamic = found
    return (
        lambda values: len(values).to_bytes(WORD) + _joined((encode(one), dynamic) for one in values),
        True,
    )


def _tuple(kind: str) -> tuple[Encode, bool] | None:
    parsed = None if kind == "()" else parse(kind)
    components = parsed.components if isinstance(parsed, TupleType) else ()
    found = [_encoder(component.to_type_str()) for component in components]
    known = [one for one in found if one is not None]
    if len(known) != len(found):
        return None

    def encode(values: Sequence[Any]) -> bytes:
        return _joined((one(value), dynamic) for (one, dynamic), value in zip(known, values, strict=True))

    return encode, any(dynamic for _, dynamic in known)


def _joined(encoded: Iterable[tuple[bytes, bool]]) -> bytes:
    """Parts one after the other; where a part's length depends on its value, its place, and itself behind."""
    parts = list(encoded)
    place = sum(WORD if dynamic else len(part) for part, dynamic in parts)
    heads: list[bytes] = []
    tails: list[bytes] = []
    for part, dynamic in parts:
        if dynamic:
            heads.append(place.to_bytes(WORD))
            tails.append(part)
            place += len(part)
        else:
            heads.append(part)
    return b"".join((*heads, *tails))


def _integers(bits: int, *, one: bool) -> Encode:
    def encode(values: Sequence[int]) -> bytes:
        try:
            if bits < 256 and any(value >> bits for value in values):
                raise OverflowError(f"more than {bits} bits")
            return b"".join([value.to_bytes(WORD) for value in values])
        except OverflowError as error:
            raise ValueOutOfBounds(f"no uint{bits}: {error}") from error

    return (lambda value: encode((value,))) if one else encode


def _fixed_bytes(size: int) -> Encode:
    def encode(value: bytes) -> bytes:
        if len(value) > size:
            raise ValueOutOfBounds(f"{len(value)} bytes, the limit is {size}")
        return value.ljust(WORD, b"\0")

    return encode

"""What requests carry: one model a kind, its fields, who may send it, and the call that it becomes.

A body is taken apart into *parts*, the smallest things that a call can hold: an order's words, an order's
number, or the body itself where a call holds one request only. Order numbers, days and proofs are not part
of a body; they are filled in when the call is built.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from eth_utils import is_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from liandong.chain.deliveries import MAX_WIDTH
from liandong.chain.selections import TermsSource

MOST_ORDERS = MAX_WIDTH
"""Orders in one batch, as the contract takes them; from 100 on they are cheapest."""

ContractCall = tuple[str, str, tuple[Any, ...]]
"""Contract (``Settlement``, ``Authority``, ``LocalToken`` for whichever token it is), function, arguments."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a call is built from beside its parts.

    ``book`` tells the terms of recorded orders; ``first`` is the next free order number; ``settlement`` is
    the contract's address; ``today`` asks the chain for its day.
    """

    book: TermsSource
    first: int
    settlement: str
    today: Callable[[], int]


def _address(value: str) -> str:
    if not is_address(value):
        raise ValueError("must be an address: 0x and 40 hexadecimal digits")
    return to_checksum_address(value)


def _hex(value: str) -> str:
    if not value.startswith("0x"):
        raise ValueError("must be hexadecimal with 0x before it")
    bytes.fromhex(value[2:])
    return value.lower()


def _bytes32(value: str) -> str:
    if len(_hex(value)) != 66:
        raise ValueError("must be 32 bytes: 0x and 64 hexadecimal digits")
    return value.lower()


Address = Annotated[str, AfterValidator(_address)]
Hex = Annotated[str, AfterValidator(_hex)]
Bytes32 = Annotated[str, AfterValidator(_bytes32)]
Number = Annotated[int, Field(ge=0, lt=2**32)]
"""A participant's, campaign's or region's number; 0 for none."""
Amount = Annotated[int, Field(gt=-(2**63), lt=2**63)]
"""Minor units. What is not above 0 is sent as 0: the rules treat both alike."""
OrderNumber = Annotated[int, Field(ge=0, lt=2**40)]
Numbers = Annotated[list[Number], Field(min_length=1, max_length=MOST_ORDERS)]

NO_REASON = "0x" + "00" * 32
"""In place of the salted commitment to a file or receipt, where there is none."""


class Body(BaseModel):
    """A request's body; ``subject`` is what it changes, and what later requests about it wait for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    role: ClassVar[str]
    most: ClassVar[int] = 1
    """Parts that one call may hold."""
    proves: ClassVar[bool] = False
    """Whether the call passes the state of its orders' batches, so that it must be what it is on chain."""
    changes: ClassVar[bool] = False
    """Whether the call changes that state."""

    def subject(self) -> str | None:
        """What the request changes; requests about the same take effect in the order of their coming."""
        return None

    def waits_on(self) -> str | None:
        """The subject whose earlier requests must have taken effect before."""
        return self.subject()

    def parts(self, order: int | None) -> list[Any]:
        """The parts; ``order`` is the order's number where the body names an order."""
        return [(self, order)]

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        """The call that has the effect of these parts, one after the other."""
        ((body, order),) = parts
        return "Settlement", *body.one(scene, order)

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        """Function and arguments, for kinds of which a call holds one."""
        raise TypeError(f"{type(self).__name__} is called with many")


def raw(written: str) -> bytes:
    """The bytes of a hexadecimal field."""
    return bytes.fromhex(written[2:])

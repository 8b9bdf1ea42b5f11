"""The proof of an order: its terms, and the path from them to what the contract stores of its batch.

Whoever has the document and a node needs neither the mirror nor the API: the leaf is made of the terms, the
path leads to a root, and root, width and the batch's deliveries make the commitment that
``Settlement.batch(first)`` returns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak
from eth_utils import is_address

from liandong.chain.abi import abi_of
from liandong.chain.batch_tree import commitment, leaf
from liandong.chain.deliveries import MAX_WIDTH, day_of
from liandong.chain.errors import ChainError, NodeRefused
from liandong.chain.orders import Batch
from liandong.chain.reverts import explained
from liandong.chain.rpc import RpcClient
from liandong.chain.words import CHANNELS, TermsOnRecord
from liandong.errors import AmountTooLarge

FORMAT = "liandong-order-proof/2"


class ProofFileError(ChainError):
    """The document is not a proof of an order; the message says what is wrong in it."""


class ProofRefused(ChainError):
    """The document does not prove the order: terms, path or contract are not what is on chain now."""


@dataclass(frozen=True, slots=True)
class OrderProof:
    """An order's terms with the way to the root of its batch. ``path``: from the leaf's level up.

    ``deliveries``: all deliveries of the batch, a word a day (:mod:`liandong.chain.deliveries`).
    """

    chain_id: int
    settlement: str
    order: int
    first: int
    width: int
    deliveries: tuple[int, ...]
    terms: TermsOnRecord
    path: tuple[bytes, ...]

    @property
    def root(self) -> bytes:
        """The root that terms and path lead to."""
        return root_above(
            leaf(self.order, *self.terms.words()), self.order - self.first, self.width, self.path
        )

    @property
    def delivered_on(self) -> int | None:
        """The day of the order's delivery, days since deployment; None if it was not delivered."""
        return day_of(self.deliveries, self.order - self.first)

    def document(self) -> dict[str, Any]:
        """As JSON: amounts in minor units, the channel by its name, hashes in hex."""
        terms = asdict(self.terms) | {"channel": CHANNELS[self.terms.channel]}
        amounts, parties = self.terms.words()
        return {
            "format": FORMAT, "chain_id": self.chain_id, "settlement": self.settlement, "order": self.order,
            "terms": terms, "words": [f"0x{amounts:064x}", f"0x{parties:064x}"],
            "batch": {
                "first": self.first, "width": self.width, "root": "0x" + self.root.hex(),
                "deliveries": [f"0x{word:064x}" for word in self.deliveries],
            },
            "path": ["0x" + node.hex() for node in self.path],
        }  # fmt: skip


def proof_of(batch: Batch, order: int, chain_id: int, settlement: str) -> OrderProof:
    """The proof of one of a batch's orders."""
    return OrderProof(
        chain_id=chain_id, settlement=settlement, order=order, first=batch.first, width=batch.width,
        deliveries=tuple(batch.deliveries), terms=TermsOnRecord.from_words(*batch.words_of(order)),
        path=tuple(batch.tree.proof((order - batch.first,))),
    )  # fmt: skip


def root_above(node: bytes, position: int, width: int, path: Sequence[bytes]) -> bytes:
    """The root over a leaf. Raises :class:`ProofRefused` for a path that is too short or too long."""
    # one leaf has a sibling on each level but where it is the odd last
    leaf_count, place, rest = width, position, list(path)
    while leaf_count > 1:
        if place ^ 1 < leaf_count:
            if not rest:
                raise ProofRefused("the path is too short for a batch of this width")
            sibling = rest.pop(0)
            node = keccak(sibling + node if place & 1 else node + sibling)
        place, leaf_count = place // 2, (leaf_count + 1) // 2
    if rest:
        raise ProofRefused("the path is too long for a batch of this width")
    return node


def verify(proof: OrderProof, client: RpcClient) -> dict[str, bool]:
    """Checks a proof against a node alone; returns the order's state as the contract has it now.

    Raises :class:`ProofRefused`, and the node's errors.
    """
    chain_id = int(client.call("eth_chainId"), 16)
    if chain_id != proof.chain_id:
        raise ProofRefused(f"the proof is of chain {proof.chain_id}, the node serves chain {chain_id}")
    if client.call("eth_getCode", proof.settlement, "latest") in ("0x", None):
        raise ProofRefused(f"there is no contract at {proof.settlement}")
    stored: bytes = _view(client, proof.settlement, "batch", proof.first)
    if stored == bytes(32):
        raise ProofRefused(f"the contract has no batch that begins with order {proof.first}")
    if commitment(proof.root, proof.width, proof.deliveries) != stored:
        raise ProofRefused(
            "this is not on record: other terms or deliveries, or from before the batch changed"
        )
    pages = _view(client, proof.settlement, "orderPage", proof.order >> 8)
    names = ("settled", "dropped", "held", "balance_paid", "insurance_claimed")
    bits = {name: bool(page >> (proof.order & 255) & 1) for name, page in zip(names, pages, strict=True)}
    return {"delivered": proof.delivered_on is not None} | bits


def read_proof(path: Path) -> OrderProof:
    """Reads a document as the API gives it. Raises :class:`ProofFileError`."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProofFileError(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ProofFileError(f"{path.name}: is not JSON: {error}") from error
    try:
        return proof_from(raw)
    except ProofFileError as error:
        raise ProofFileError(f"{path.name}: {error}") from error


def proof_from(raw: Any) -> OrderProof:
    """The proof in a parsed document. Raises :class:`ProofFileError`."""
    if not isinstance(raw, Mapping) or raw.get("format") != FORMAT:
        raise ProofFileError(f'is no proof of an order: "format" must be "{FORMAT}"')
    try:
        terms = dict(raw["terms"])
        terms["channel"] = CHANNELS.index(terms["channel"])
        if set(terms) != {field.name for field in fields(TermsOnRecord)}:
            raise ProofFileError("its terms have other fields than an order's terms")
        numbers = [
            raw["chain_id"],
            raw["order"],
            raw["batch"]["first"],
            raw["batch"]["width"],
            *terms.values(),
        ]
        if any(type(one) is not int or one < 0 for one in numbers):
            raise ProofFileError("its numbers must be whole and not negative")
        deliveries = tuple(_word(word) for word in raw["batch"]["deliveries"])
        proof = OrderProof(
            chain_id=raw["chain_id"], settlement=raw["settlement"], order=raw["order"],
            first=raw["batch"]["first"], width=raw["batch"]["width"], deliveries=deliveries,
            terms=TermsOnRecord(**terms),
            path=tuple(bytes.fromhex(node.removeprefix("0x")) for node in raw["path"]),
        )  # fmt: skip
        proof.terms.words()
    except (KeyError, TypeError, AttributeError, ValueError, AmountTooLarge) as error:
        raise ProofFileError(f"is no proof of an order: {error!r}") from error
    if not is_address(proof.settlement) or any(len(node) != 32 for node in proof.path):
        raise ProofFileError("its contract must be an address, and the path's nodes 32 bytes each")
    if not 1 <= proof.first <= proof.order < proof.first + proof.width <= proof.first + MAX_WIDTH:
        raise ProofFileError(f"order {proof.order} is not within its batch")
    return proof


def _word(written: str) -> int:
    word = bytes.fromhex(written.removeprefix("0x"))
    if len(word) != 32:
        raise ProofFileError("its words of deliveries must be 32 bytes each")
    return int.from_bytes(word)


def _view(client: RpcClient, to: str, name: str, *arguments: int) -> Any:
    function = abi_of("Settlement").functions[name]
    call = {"to": to, "data": "0x" + function.call_data(arguments).hex()}
    try:
        found = client.call("eth_call", call, "latest")
    except NodeRefused as error:
        raise explained(error) from error
    if len(found) < 66:
        raise ProofRefused(f"the contract at {to} is no settlement contract")
    return function.result(bytes.fromhex(found[2:]))

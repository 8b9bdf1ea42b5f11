"""What is published of a compiled contract: the compiler's metadata, and the sources that it names.

The metadata is the compiler's own string, to the byte: its hash ends the bytecode. Each source is named in it
with its own hash. So bytecode, metadata and sources hang together by hashes alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_utils import keccak

from liandong.chain import contracts

CREATION, RUNTIME = "evm.bytecode.object", "evm.deployedBytecode.object"


@dataclass(frozen=True, slots=True)
class Publication:
    """A contract's metadata and its sources' texts, by the names that the metadata gives them."""

    name: str
    source_name: str
    metadata: str
    sources: dict[str, str]

    @property
    def identifier(self) -> str:
        """The contract's full name, as compilers and explorers write it: ``FILE:NAME``."""
        return f"{self.source_name}:{self.name}"

    @property
    def compiler(self) -> str:
        """The compiler's long version, e.g. ``0.8.37+commit.f401782d``."""
        version: str = json.loads(self.metadata)["compiler"]["version"]
        return version

    def standard_input(self, libraries: dict[str, str] | None = None) -> dict[str, Any]:
        """The compiler's input that makes this contract anew, of its own sources alone.

        With ``libraries`` (addresses by full name) the bytecode is linked; then its metadata names them, too,
        and its hash is another one.
        """
        settings = json.loads(self.metadata)["settings"]
        del settings["compilationTarget"]
        by_file: dict[str, dict[str, str]] = {}
        for identifier, address in (libraries or {}).items():
            file, _, library = identifier.rpartition(":")
            by_file.setdefault(file, {})[library] = address
        settings["libraries"] = by_file
        settings["outputSelection"] = {self.source_name: {self.name: ["abi", "metadata", CREATION, RUNTIME]}}
        texts = {name: {"content": text} for name, text in self.sources.items()}
        return {"language": "Solidity", "sources": texts, "settings": settings}

    def strange_sources(self) -> list[str]:
        """Sources whose text is not what the metadata's hash of it says; empty where all is well."""
        told = json.loads(self.metadata)["sources"]
        return [name for name, one in told.items() if source_hash(self.sources[name]) != one["keccak256"]]


@cache
def publication(name: str) -> Publication:
    """What is published of a compiled contract; raises what :func:`liandong.chain.contracts.load` does."""
    artifact = contracts.load(name)
    texts = contracts.sources()
    named = json.loads(artifact.metadata)["sources"]
    return Publication(name, artifact.source_name, artifact.metadata, {one: texts[one] for one in named})


def source_hash(text: str) -> str:
    """A source's name in Sourcify's repository: ``0x…``, the keccak256 of its text."""
    return "0x" + keccak(text.encode()).hex()


def metadata_hash(metadata: str) -> bytes:
    """The IPFS hash (34 bytes) that the compiler ends the bytecode with, of this metadata.

    IPFS hashes a file of at most 256 KiB as one block: its bytes as UnixFS, in a node without links.
    """
    content = metadata.encode()
    size = _varint(len(content))
    file = b"\x08\x02\x12" + size + content + b"\x18" + size
    return b"\x12\x20" + hashlib.sha256(b"\x0a" + _varint(len(file)) + file).digest()


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)

"""The compiled contracts, as the package carries them.

They are a build product of :mod:`liandong.chain.compile`, written to the folder `artifacts` beside this file
and packed into the wheel; git does not hold them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ARTIFACTS = Path(__file__).parent / "artifacts"

#: The text of every source that went into the build, by the name that the contracts' metadata gives it.
SOURCES_FILE = "_sources.json"

#: What the build was made from, for telling whether it is still current.
BUILD_FILE = "_build.json"

#: `{source name: {library name: [{"start": byte, "length": 20}, …]}}`, as the compiler writes it.
LinkReferences = Mapping[str, Mapping[str, list[Mapping[str, int]]]]


class ContractsNotBuilt(Exception):
    """The compiled contracts are missing from this installation."""

    def __init__(self) -> None:
        super().__init__("the contracts are not compiled: run `make setup` in the project's folder")


class UnknownContract(Exception):
    """No contract, library or interface of ours has this name."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"no compiled contract {name!r}; there are: {', '.join(known) or 'none'}")
        self.name = name


class LibraryNotGiven(Exception):
    """A contract calls a deployed library whose address was not given for linking."""

    def __init__(self, contract: str, library: str) -> None:
        super().__init__(f"{contract} calls library {library}: deploy that first and give its address")
        self.contract = contract
        self.library = library


@dataclass(frozen=True)
class Artifact:
    """One compiled contract, library or interface. Bytecodes are `0x…` and empty (`0x`) for interfaces."""

    name: str
    source_name: str
    abi: list[dict[str, Any]]
    bytecode: str
    link_references: LinkReferences
    deployed_bytecode: str
    deployed_link_references: LinkReferences
    immutable_references: Mapping[str, list[Mapping[str, int]]]
    #: the compiler's own string: published sources are verified against its hash, so it is never written anew
    metadata: str
    storage_layout: Mapping[str, Any]

    @property
    def deployable(self) -> bool:
        """Whether there is code to deploy (not so for interfaces and abstract contracts)."""
        return self.bytecode != "0x"

    @property
    def libraries(self) -> list[str]:
        """Names of the libraries that must be deployed before this one."""
        return sorted({name for by_name in self.link_references.values() for name in by_name})

    def linked_bytecode(self, libraries: Mapping[str, str] | None = None) -> str:
        """Creation bytecode with the addresses of `libraries` (by name) filled in.

        :raises LibraryNotGiven: when one that the contract calls is missing.
        """
        return self._linked(self.bytecode, self.link_references, libraries or {})

    def linked_deployed_bytecode(self, libraries: Mapping[str, str] | None = None) -> str:
        """As `linked_bytecode`, of the code that runs; immutable values in it are zero.

        :raises LibraryNotGiven: when one that the contract calls is missing.
        """
        return self._linked(self.deployed_bytecode, self.deployed_link_references, libraries or {})

    def _linked(self, code: str, references: LinkReferences, libraries: Mapping[str, str]) -> str:
        for by_name in references.values():
            for library, places in by_name.items():
                if library not in libraries:
                    raise LibraryNotGiven(self.name, library)
                address = libraries[library].removeprefix("0x").lower()
                for place in places:
                    start = 2 + 2 * place["start"]
                    code = code[:start] + address + code[start + 2 * place["length"] :]
        return code


def names() -> list[str]:
    """Names of all compiled contracts, libraries and interfaces of ours.

    :raises ContractsNotBuilt: before the first build.
    """
    if not (ARTIFACTS / BUILD_FILE).is_file():
        raise ContractsNotBuilt
    return sorted(path.stem for path in ARTIFACTS.glob("*.json") if not path.name.startswith("_"))


@cache
def load(name: str) -> Artifact:
    """The compiled contract `name`.

    :raises ContractsNotBuilt: before the first build.
    :raises UnknownContract: when no contract of ours is called so.
    """
    if name not in (known := names()):
        raise UnknownContract(name, known)
    raw = json.loads((ARTIFACTS / f"{name}.json").read_text(encoding="utf-8"))
    return Artifact(
        name=name,
        source_name=raw["sourceName"],
        abi=raw["abi"],
        bytecode=raw["bytecode"],
        link_references=raw["linkReferences"],
        deployed_bytecode=raw["deployedBytecode"],
        deployed_link_references=raw["deployedLinkReferences"],
        immutable_references=raw["immutableReferences"],
        metadata=raw["metadata"],
        storage_layout=raw["storageLayout"],
    )


@cache
def sources() -> dict[str, str]:
    """The text of every source that went into the build, by source name.

    :raises ContractsNotBuilt: before the first build.
    """
    names()
    return json.loads((ARTIFACTS / SOURCES_FILE).read_text(encoding="utf-8"))

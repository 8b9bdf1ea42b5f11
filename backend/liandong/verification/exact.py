"""Is a deployed contract an exact match of its published sources? Asked of a node and of this build.

Exact means: the creation transaction carries the build's code, linked, and the arguments that the file tells;
the code that runs is the build's to the last byte, its metadata's hash included; the published metadata and
sources are those with these hashes. With a compiler, also: the sources compile to that code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError

import solcx

from liandong.chain.contracts import Artifact, load
from liandong.chain.deployment import DeployedContract, Deployment
from liandong.chain.rpc import RpcClient
from liandong.verification.errors import CompilerNotFound, RecompilationFailed
from liandong.verification.publication import Publication, metadata_hash, publication

_OWN_ADDRESS = "library_deploy_address"
"""The compiler's name for the place where a library's code holds its own address."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One contract's outcome; ``problem`` says what is not exact, and is empty where all is."""

    name: str
    address: str
    problem: str = ""

    @property
    def exact(self) -> bool:
        """Whether the contract is what the sources say, to the byte."""
        return not self.problem


def verify(
    client: RpcClient,
    deployment: Deployment,
    *,
    solc: Path | None = None,
    on_finding: Callable[[Finding], None] = lambda finding: None,
) -> list[Finding]:
    """Checks all contracts of a deployment that are ours; with ``solc``, compiles each anew.

    Raises :class:`~liandong.chain.errors.WrongChain` and what the node does, and with ``solc`` what
    :func:`recompiled` does.
    """
    deployment.require_chain(client)
    findings = []
    for name, contract in own_contracts(deployment):
        problem = problem_of(client, contract)
        if not problem and solc is not None:
            problem = recompiled(contract.artifact, solc)
        findings.append(Finding(name, contract.address, problem))
        on_finding(findings[-1])
    return findings


def own_contracts(deployment: Deployment) -> Iterator[tuple[str, DeployedContract]]:
    """The contracts of a deployment that it created; a token that was given is somebody else's."""
    return ((name, one) for name, one in deployment.contracts.items() if one.artifact)


def problem_of(client: RpcClient, contract: DeployedContract) -> str:
    """What is not exact about a contract; empty where all is. Asks the node three things."""
    artifact, published = load(contract.artifact), publication(contract.artifact)
    code, creation, receipt = client.batch_strict([
        ("eth_getCode", (contract.address, "latest")),
        ("eth_getTransactionByHash", (contract.creation_transaction,)),
        ("eth_getTransactionReceipt", (contract.creation_transaction,)),
    ])  # fmt: skip
    return (
        _problem_of_publication(artifact, published)
        or _problem_of_code(artifact, contract, bytes.fromhex((code or "0x")[2:]))
        or _problem_of_creation(artifact, contract, creation, receipt)
    )


def _problem_of_publication(artifact: Artifact, published: Publication) -> str:
    if strange := published.strange_sources():
        return f"the published {strange[0]} is not the source that the metadata names: build anew"
    if metadata_hash(published.metadata) not in bytes.fromhex(_unlinked(artifact.deployed_bytecode)):
        return "the build's code does not end with its metadata's hash: build anew"
    return ""


def _problem_of_code(artifact: Artifact, contract: DeployedContract, code: bytes) -> str:
    if not code:
        return "there is no contract at this address"
    expected = bytearray.fromhex(artifact.linked_deployed_bytecode(contract.libraries)[2:])
    if len(code) == len(expected):
        for name, places in artifact.immutable_references.items():
            own = bytes.fromhex(contract.address[2:]).rjust(32, b"\0") if name == _OWN_ADDRESS else None
            for place in places:
                # what else is immutable, the constructor set: it is right where the creation is
                part = slice(place["start"], place["start"] + place["length"])
                expected[part] = own[-place["length"] :] if own is not None else code[part]
    if code == expected:
        return ""
    if _without_metadata(code) == _without_metadata(bytes(expected)):
        return "the code is the same, but its metadata is not: other sources, comments or settings"
    if len(code) != len(expected):
        return f"the code is {len(code)} bytes long, the build's {len(expected)}"
    at = next(index for index, pair in enumerate(zip(code, expected, strict=True)) if pair[0] != pair[1])
    return f"the code differs from the build's from byte {at} on"


def _problem_of_creation(
    artifact: Artifact, contract: DeployedContract, transaction: dict | None, receipt: dict | None
) -> str:
    hash_ = contract.creation_transaction
    if transaction is None or receipt is None:
        return f"the node does not know the creation transaction {hash_}: ask one that keeps all of them"
    if (receipt.get("contractAddress") or "").lower() != contract.address.lower():
        return f"the transaction {hash_} did not create it"
    expected = artifact.linked_bytecode(contract.libraries) + contract.constructor_arguments[2:]
    if transaction["input"].lower() != expected.lower():
        return f"the transaction {hash_} created it with other code or arguments"
    return ""


def recompiled(name: str, solc: Path) -> str:
    """Compiles a contract anew from its publication alone, and says what is not as in the build.

    Raises :class:`CompilerNotFound` and :class:`RecompilationFailed`.
    """
    artifact, published = load(name), publication(name)
    version = published.compiler
    if not solc.is_file():
        raise CompilerNotFound(f"there is no compiler {solc}; the contracts were built with solc {version}")
    try:
        found = solcx.compile_standard(published.standard_input(), solc_binary=solc)
    except solcx.exceptions.SolcError as error:
        raise RecompilationFailed(f"{name}: {error.message}") from error
    except (OSError, CalledProcessError, solcx.exceptions.UnexpectedVersionError) as error:
        raise CompilerNotFound(f"{solc} is no compiler: {error}") from error
    output = found["contracts"][artifact.source_name][name]
    if output["metadata"] != published.metadata:
        return f"compiled anew it has other metadata; the contracts were built with solc {version}"
    for kind, built in (("bytecode", artifact.bytecode), ("deployedBytecode", artifact.deployed_bytecode)):
        if "0x" + output["evm"][kind]["object"] != built:
            return f"compiled anew it has other code ({kind})"
    return ""


def _unlinked(code: str) -> str:
    """Code as bytes can be read from it: places of libraries (``__$…$__``) as zeros."""
    digits = code[2:]
    while (at := digits.find("__$")) >= 0:
        digits = digits[:at] + "0" * 40 + digits[at + 40 :]
    return digits


def _without_metadata(code: bytes) -> bytes:
    """The code without the part at its end whose length its last two bytes tell."""
    return code[: -2 - int.from_bytes(code[-2:], "big")]

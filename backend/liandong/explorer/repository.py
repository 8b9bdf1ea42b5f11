"""The files that are published, and only of contracts that are an exact match on chain now."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from liandong.chain.deployment import DeployedContract
from liandong.http.context import Context
from liandong.verification.exact import own_contracts, problem_of
from liandong.verification.publication import publication, source_hash

FULL_MATCH = "full_match"
"""Where Sourcify's repository has exact matches; of others there are none here."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of the repository. ``lasting``: its name is its hash, so what it holds never changes."""

    text: str
    media_type: str
    etag: str
    lasting: bool


class NotPublished(LookupError):
    """There is no such file, and why."""


class PublishedContracts:
    """The repository of one deployment. A contract is verified when its first file is asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._exact: set[str] = set()

    def file(self, match: str, chain_id: str, address: str, path: str) -> PublishedFile:
        """One file, by Sourcify's path. Raises :class:`NotPublished`, and what the node does.

        Sources are named by their hashes (version 2 of the form), or as in the metadata, also with ``_`` for
        ``@`` and ``:`` (version 1).
        """
        contract = self._contract(match, chain_id, address)
        self._require_exact(contract)
        published = publication(contract.artifact)
        if path == "metadata.json":
            digest = hashlib.sha256(published.metadata.encode()).hexdigest()
            return PublishedFile(published.metadata, "application/json", f'"{digest}"', lasting=False)
        folder, _, name = path.partition("/")
        for source, text in published.sources.items() if folder == "sources" else ():
            hash_ = source_hash(text)
            if name in (hash_, source, re.sub("[@:]", "_", source)):
                return PublishedFile(text, "text/plain; charset=utf-8", f'"{hash_}"', lasting=name == hash_)
        raise NotPublished(f"{published.name} has no file {path}")

    def _contract(self, match: str, chain_id: str, address: str) -> DeployedContract:
        deployment = self._context.deployment
        if match != FULL_MATCH or chain_id != str(deployment.chain_id):
            raise NotPublished(f"exact matches on chain {deployment.chain_id} are published, nothing else")
        for _, contract in own_contracts(deployment):
            if contract.address.lower() == address.lower():
                return contract
        raise NotPublished(f"{address} is no contract of this deployment")

    def _require_exact(self, contract: DeployedContract) -> None:
        if contract.address in self._exact:
            return
        self._context.deployment.require_chain(self._context.node())
        if problem := problem_of(self._context.node(), contract):
            raise NotPublished(f"{contract.artifact} is not what this build's sources say: {problem}")
        self._exact.add(contract.address)

"""Links into the block explorer that the settings name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explorer:
    """Otterscan, Blockscout and Etherscan have the same paths. Without an address there are no links."""

    url: str | None = None

    def transaction(self, hash_: str | None) -> str | None:
        """The page of a transaction; None where it has none yet."""
        return f"{self.url.rstrip('/')}/tx/{hash_}" if self.url and hash_ else None

    def address(self, address: str | None) -> str | None:
        """The page of a contract or wallet."""
        return f"{self.url.rstrip('/')}/address/{address}" if self.url and address else None


NO_EXPLORER = Explorer()

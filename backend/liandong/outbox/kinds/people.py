"""Bodies of requests about participants and regions (rules § 1)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from liandong.outbox.kinds.body import NO_REASON, Address, Amount, Body, Bytes32, Hex, Number, Scene, raw


class Register(Body):
    """Registers a supplier or a store, or lets a founder join."""

    role: ClassVar[str] = "operator"

    type: Literal["supplier", "store", "founder"]
    wallet: Address
    region: Number = 0

    def subject(self) -> str | None:
        return f"wallet:{self.wallet}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        if self.type == "founder":
            return "joinFounder", (self.wallet, self.region)
        return "registerSupplier" if self.type == "supplier" else "registerStore", (self.wallet,)


class Join(Body):
    """Lets an agent join by its introducer, with its wallet's signature (EIP-712)."""

    role: ClassVar[str] = "anyone"

    wallet: Address
    introducer: Number
    deadline: Annotated[int, Field(ge=0, lt=2**64)]
    signature: Hex
    region: Number = 0

    def subject(self) -> str | None:
        return f"wallet:{self.wallet}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "join", (self.wallet, self.introducer, self.region, self.deadline, raw(self.signature))


class _AboutParticipant(Body):
    agent: Number

    def subject(self) -> str | None:
        return f"participant:{self.agent}"


class Certify(_AboutParticipant):
    """Allows an agent's cross-border sales, or ends that."""

    role: ClassVar[str] = "operator"

    certified: bool = True

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "certify", (self.agent, self.certified)


class Freeze(_AboutParticipant):
    """Freezes an agent."""

    role: ClassVar[str] = "risk"

    reason: Bytes32 = NO_REASON

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "freeze", (self.agent, raw(self.reason))


class Unfreeze(_AboutParticipant):
    """Ends a freeze."""

    role: ClassVar[str] = "risk"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "unfreeze", (self.agent,)


class Slash(_AboutParticipant):
    """Moves deposit to the protection account."""

    role: ClassVar[str] = "risk"

    amount: Amount
    reason: Bytes32 = NO_REASON

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "slash", (self.agent, max(self.amount, 0), raw(self.reason))


class ProtectRegion(Body):
    """Protects an agent's own region."""

    role: ClassVar[str] = "operator"

    region: Number
    agent: Number

    def subject(self) -> str | None:
        return f"region:{self.region}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "protectRegion", (self.region, self.agent)


class ReleaseRegion(Body):
    """Ends a region's protection."""

    role: ClassVar[str] = "operator"

    region: Number

    def subject(self) -> str | None:
        return f"region:{self.region}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "releaseRegion", (self.region,)

"""Bodies of requests about accounts and pools (rules §§ 4, 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from liandong.outbox.kinds.body import Amount, Body, ContractCall, Hex, Number, Numbers, Scene, raw


class Allow(Body):
    """Lets the settlement contract take this much of the treasurer's tokens; before the first ``fund``."""

    role: ClassVar[str] = "treasurer"

    amount: Annotated[int, Field(ge=0, lt=2**256)]

    def subject(self) -> str | None:
        return "treasury"

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        ((body, _),) = parts
        return "LocalToken", "approve", (scene.settlement, body.amount)


class Fund(Body):
    """Pays the treasurer's tokens into the treasury."""

    role: ClassVar[str] = "treasurer"

    amount: Amount

    def subject(self) -> str | None:
        return "treasury"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "fund", (max(self.amount, 0),)


class Withdraw(Body):
    """Withdraws from one of the accounts of the brand (1 platform, 2 fees, 3 duty, 6 treasury)."""

    role: ClassVar[str] = "treasurer"

    account: Number
    amount: Amount

    def subject(self) -> str | None:
        return f"account:{self.account}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "withdraw", (self.account, max(self.amount, 0))


class WithdrawFor(Withdraw):
    """Withdraws on the owner's signed word (EIP-712) to its wallet."""

    role: ClassVar[str] = "anyone"

    deadline: Annotated[int, Field(ge=0, lt=2**64)]
    signature: Hex

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "withdrawFor", (self.account, max(self.amount, 0), self.deadline, raw(self.signature))


class PushWithdrawals(Body):
    """Pays participants all that they have available; who cannot be paid is passed over."""

    role: ClassVar[str] = "treasurer"

    participants: Numbers

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "pushWithdrawals", (self.participants,)


class Claim(Body):
    """Credits agents with their shares of a closed month of the support fund, or year of the dividend."""

    role: ClassVar[str] = "anyone"

    pool: Literal["support", "dividend"]
    epoch: Number
    agents: Numbers

    def waits_on(self) -> str | None:
        return f"{self.pool} closing"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "claimSupport" if self.pool == "support" else "claimDividend", (self.epoch, self.agents)


class CloseMonth(Body):
    """Closes a month of the support fund."""

    role: ClassVar[str] = "anyone"

    month: Number

    def subject(self) -> str | None:
        return "support closing"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "closeMonth", (self.month,)


class CloseYear(Body):
    """Closes a year of the dividend."""

    role: ClassVar[str] = "anyone"

    year: Number

    def subject(self) -> str | None:
        return "dividend closing"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "closeYear", (self.year,)

"""The one exception tree of the package.

Everything that Liandong raises on purpose is a :class:`LiandongError`. What the settlement rules refuse is
a :class:`RuleError`, one class for each error name of rules §§ 2 and 4. A contract's custom error has the
same name, so :func:`rule_error` leads from the chain's answer back to the type.
"""

from __future__ import annotations


class LiandongError(Exception):
    """Base of every error that the package raises on purpose."""


class PlanFormatError(LiandongError):
    """A plan is not written as a plan: unknown base, unknown parameter, or a value of the wrong shape."""


class CaseFileError(LiandongError):
    """A case file is not written as rules § 7 say; the message names the file and the place in it."""


class InvariantBroken(LiandongError):
    """Something that rules § 6 says always holds does not: a fault of the program, never of its input."""


class RuleError(LiandongError):
    """A step that the settlement rules refuse. The step has changed nothing.

    The class's name is the error's name in the rules and on chain; its docstring is the sentence that
    explains it; ``detail`` names the ids and values of this one case.
    """

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(f"{self.sentence} ({detail})" if detail else self.sentence)

    @property
    def name(self) -> str:
        """The error's name in the rules, e.g. ``OrderHeld``."""
        return type(self).__name__

    @property
    def sentence(self) -> str:
        """What the error means and what to do about it, without this case's details."""
        return " ".join((type(self).__doc__ or "").split())


# --- Participants (rules § 1, § 4: register, join, freeze, certify, regions)


class AlreadyRegistered(RuleError):
    """This id is taken; ids are given once, for good."""


class UnknownParticipant(RuleError):
    """Nobody of this id and of the kind that the step is for is registered."""


class WrongKind(RuleError):
    """The participant exists, but as another kind: name a supplier as supplier and a store as store."""


class AgentFrozen(RuleError):
    """The agent is frozen: it cannot sell, introduce, withdraw or take its deposit back."""


class TeamTooDeep(RuleError):
    """Neither the introducer nor the introducer's introducer is a boss, so nobody could lead the newcomer."""


class NotCertified(RuleError):
    """Only certified agents sell cross-border; certify the seller first."""


class TierTooLow(RuleError):
    """Protecting a region takes tier silver or above."""


class RegionTaken(RuleError):
    """The region is protected already; it must be released first."""


class RegionMismatch(RuleError):
    """An agent can only protect its own region, and none if it has none (region 0)."""


class RegionFree(RuleError):
    """Nobody protects this region, so there is nothing to release."""


# --- Plans (rules § 2)


class InvalidPlan(RuleError):
    """A rate is above 10 000, tier_bps fall, return_days are below 7 or promotion_directs below 1."""


# --- Recording (rules § 4: order, campaigns)


class InvalidAmount(RuleError):
    """The amount or the target must be above zero."""


class InvalidPrice(RuleError):
    """The price of an order must be above zero."""


class AmountTooLarge(RuleError):
    """An amount of an order must be below 2^48 minor units."""


class CampaignExists(RuleError):
    """A campaign of this id was opened before."""


class UnknownCampaign(RuleError):
    """No campaign of this id was opened."""


class CampaignClosed(RuleError):
    """The campaign's deadline day is over."""


class WrongChannel(RuleError):
    """The step or the field does not belong to the order's channel."""


class PriceBelowCost(RuleError):
    """Cost, fees, duty, insurance and the service fee together are above the price."""


class InsufficientTreasury(RuleError):
    """The treasury holds less than the step needs; fund it first."""


class OutOfSequence(RuleError):
    """Orders are recorded under the next free number only, without gaps."""


# --- An order's life (rules § 4: deliver, settle, void, refund, hold)


class UnknownOrder(RuleError):
    """No order of this number was recorded."""


class OrderClosed(RuleError):
    """The order is not in a state that this step is for."""


class AlreadyDelivered(RuleError):
    """The order was delivered before."""


class NotDelivered(RuleError):
    """The order was not delivered yet, so its return window has not begun."""


class OrderHeld(RuleError):
    """The order is held: release it, or wait until sixty days after its first hold."""


class NotHeld(RuleError):
    """The order is not held, so there is nothing to release."""


class AlreadySettled(RuleError):
    """The order is settled, so it can be held no more."""


class NotSettled(RuleError):
    """The order is not settled yet."""


class CampaignPending(RuleError):
    """The campaign is neither won nor failed yet: wait until it is won or its deadline day is over."""


class CampaignFailed(RuleError):
    """The campaign failed and the order was not delivered; void the order."""


class ReturnWindowOpen(RuleError):
    """The buyer can still return the goods; settle when the return window is over."""


class NotVoidable(RuleError):
    """An order can be voided when its campaign failed, or from 90 days after it was recorded."""


class RefundExceedsPrice(RuleError):
    """The amount must be above zero, and no more than what is left of the order's price."""


class RefundTooLate(RuleError):
    """The time for refunds after delivery is over for this settled order."""


# --- Accounts (rules § 4: deposit, slash, compensate, insurance, withdraw)


class InsufficientBalance(RuleError):
    """The amount must be above zero, and no more than the account holds."""


class InsufficientDeposit(RuleError):
    """The amount must be above zero, and no more than the deposit."""


class DebtOutstanding(RuleError):
    """The agent has debt; a deposit cannot be taken back before it is paid."""


class DepositLocked(RuleError):
    """The deposit stays for some days after a service fee was held back."""


class NotWithdrawable(RuleError):
    """This account has no owner who could withdraw: insurance and protection pay by their own rules only."""


class NotInsured(RuleError):
    """The order has no insurance line now."""


class LossExceedsDuty(RuleError):
    """The loss must be above zero, and no more than the order's duty line now."""


# --- Pools (rules § 5)


class EpochOutOfOrder(RuleError):
    """Months and years are closed one after the other; close the next one."""


class EpochOpen(RuleError):
    """The month or year is not closed yet, or cannot be closed yet."""


class ClaimExpired(RuleError):
    """The claims of this month or year ended when the next one was closed."""


class AlreadyClaimed(RuleError):
    """This was claimed before; a claim is paid once."""


class NothingToClaim(RuleError):
    """The agent has no weight in this month or year."""


_BY_NAME: dict[str, type[RuleError]] = {cls.__name__: cls for cls in RuleError.__subclasses__()}


def rule_error(name: str) -> type[RuleError]:
    """The error type of this name in the rules; ``LookupError`` names an unknown one."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise LookupError(f"{name!r} is not an error of the settlement rules") from None


def rule_error_names() -> frozenset[str]:
    """All error names of rules §§ 2 and 4."""
    return frozenset(_BY_NAME)

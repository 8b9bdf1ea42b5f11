"""What can go wrong between a request and its transaction, beside what rules and chain refuse."""

from __future__ import annotations

from liandong.errors import LiandongError


class OutboxError(LiandongError):
    """Base of everything that goes wrong in the outbox."""


class IdempotencyConflict(OutboxError):
    """This caller has used this key for another request: use a new key, or send the first request again."""


class UnknownKind(OutboxError):
    """There is no request of this kind; the message names those that there are."""


class InvalidBody(OutboxError):
    """The request's body lacks a field, or a field has a value that cannot be sent; the message names it."""


class UnknownRequest(OutboxError):
    """There is no request of this number."""


class CalledOff(OutboxError):
    """It was called off before it took effect; send it anew, under a new key, if it is wanted after all."""


class NothingToCallOff(OutboxError):
    """Only a plan, a role or the end of a pause that waits to take effect can be called off."""


class AnnouncementUnderWay(OutboxError):
    """It is being announced just now: call it off again in some seconds, when that is mined."""


class LeaseLost(OutboxError):
    """Another worker has taken the lane over; what this one was about to write was not written."""


class FeesAboveCap(OutboxError):
    """The chain asks for more than the fee cap: the lane waits until fees fall, or raise the cap."""


class SignerRefused(OutboxError):
    """The remote signer did not sign, or signed something else than it was asked to."""


class NotYet(OutboxError):
    """The request waits for another one, or for the mirror; it is tried again later."""


class TooMuchGas(OutboxError):
    """The call takes more gas than a transaction may use (EIP-7825); fewer parts must go together."""

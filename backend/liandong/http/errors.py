"""What can be wrong with an HTTP request itself, beside what the rules and the chain refuse.

The class's name is the problem document's ``code``; its docstring is the sentence that explains it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from liandong.errors import LiandongError


class ApiError(LiandongError):
    """Base of what is wrong with a request. ``detail`` says what, in this one case."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str = "", headers: dict[str, str] | None = None) -> None:
        self.detail = detail
        self.headers = headers or {}
        super().__init__(detail)


class InvalidRequest(ApiError):
    """A field is missing, unknown, or not of its type; ``errors`` lists each place."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: str = "", errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.errors = errors or []


class MalformedBody(ApiError):
    """The body is not the JSON or NDJSON that its content type says."""


class UnsupportedMediaType(ApiError):
    """The body's content type is none that this operation takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class BodyTooLarge(ApiError):
    """The body is larger than the server takes; send less at once."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class InvalidCursor(ApiError):
    """The cursor was not given out by this list; begin again without one."""


class IdempotencyKeyMissing(ApiError):
    """A write needs the header Idempotency-Key: a name of your choice, the same when you try again."""


class Unauthenticated(ApiError):
    """Send an API key or sign-in token as `Authorization: Bearer …`; it is missing, unknown or ended."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, {"WWW-Authenticate": 'Bearer realm="liandong"'})


class Forbidden(ApiError):
    """Whoever this key or wallet belongs to may not do this."""

    status = HTTPStatus.FORBIDDEN


class SignInRefused(ApiError):
    """The message is not one that this server gave, is used or too old, or another one signed it."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, {"WWW-Authenticate": 'Bearer realm="liandong"'})


class RateLimited(ApiError):
    """Too many requests; try again after the seconds in Retry-After."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after)})


class NotFound(ApiError):
    """There is nothing at this address."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(ApiError):
    """The address exists, but does not take this method; Allow names those that it takes."""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class UnknownTransaction(ApiError):
    """No transaction of this hash is known."""

    status = HTTPStatus.NOT_FOUND


class UnknownPlan(ApiError):
    """No plan of this version was published."""

    status = HTTPStatus.NOT_FOUND


class NotReady(ApiError):
    """The server lives, but is not caught up with the chain; the detail says what it waits for."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class InternalError(ApiError):
    """A fault of the server's; it is logged under the request's id."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

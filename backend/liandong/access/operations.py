"""Operations of the API: each lets nobody through but by the matrix, and does its work in one thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from liandong.access.guard import guard
from liandong.access.matrix import MATRIX


class Operation(APIRoute):
    """A route behind the guard, which comes before anything of the request is read.

    What it answers is checked and written where it was awaited: FastAPI alone would take a thread for the
    function and another one for its answer.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, _awaited(endpoint), **more)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, after the guard."""
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            await guard(request, MATRIX[str(self.operation_id)])
            return await answer(request)

        return guarded


class Operations(APIRouter):
    """A router of guarded operations."""

    def __init__(self, **more: Any) -> None:
        super().__init__(route_class=Operation, **more)


def _awaited(endpoint: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    @wraps(endpoint)
    async def in_thread(**values: Any) -> Any:
        return await run_in_threadpool(endpoint, **values)

    return in_thread

"""Fields of our own forms, as browsers send them (``application/x-www-form-urlencoded``)."""

from __future__ import annotations

from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from liandong.http.errors import InvalidRequest

Model = TypeVar("Model", bound=BaseModel)


async def _fields(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


Fields = Annotated[dict[str, str], Depends(_fields)]
"""What was sent, by name."""


def read(model: type[Model], fields: dict[str, str]) -> Model:
    """The fields as a model. Raises ``InvalidRequest``."""
    try:
        return model.model_validate_strings(fields)
    except ValidationError as error:
        raise InvalidRequest(".".join(map(str, error.errors()[0]["loc"]))) from None

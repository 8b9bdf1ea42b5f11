"""Files and fields of our own forms, as browsers send them (``multipart/form-data``)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from liandong.http.errors import BodyTooLarge, InvalidRequest

MOST_FIELDS, MOST_FILES = 100, 2


async def _form(request: Request) -> FormData:
    most = request.app.state.context.settings.max_body
    try:
        return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most)
    except HTTPException as error:
        raise InvalidRequest(str(error.detail)) from None


Form = Annotated[FormData, Depends(_form)]
"""What was sent. Files are in memory or in nameless temporary files, which go with the request."""


def file_of(form: FormData, name: str, most: int) -> tuple[str, bytes] | None:
    """A file's name without its folder, and its bytes; None: none was chosen. Raises ``BodyTooLarge``."""
    found = form.get(name)
    if not isinstance(found, UploadFile) or not found.filename:
        return None
    content = found.file.read(most + 1)
    if len(content) > most:
        raise BodyTooLarge(f"{name}: at most {most} bytes")
    return found.filename.replace("\\", "/").rpartition("/")[2][-80:] or name, content


def text_of(form: FormData, name: str, most: int) -> str:
    """A field's text, or that of the file in it. Raises ``BodyTooLarge``."""
    found = form.get(name)
    if isinstance(found, str):
        if len(found) > most:
            raise BodyTooLarge(f"{name}: at most {most} characters")
        return found.strip()
    file = file_of(form, name, most)
    return file[1].decode("utf-8-sig", "replace").strip() if file is not None else ""

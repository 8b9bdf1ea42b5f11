"""What to tell people where the database fails."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError


def database_failure(error: SQLAlchemyError) -> str:
    """The driver's words, without the statement and its values."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    return f"the database failed: {type(error).__name__}: {said}"

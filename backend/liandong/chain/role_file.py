"""Reads who gets which role from a JSON file."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from eth_utils import is_address, to_checksum_address

from liandong.chain.deployment import Roles
from liandong.chain.errors import ChainError

TWO_DAYS = 172_800
"""Seconds that administration waits in public where the file names no delay."""

_DELAYS = {"planDelay": "plan_delay", "adminDelay": "admin_delay"}
_ADDRESSES = {
    "operator": "operator", "risk": "risk", "treasurer": "treasurer", "guardian": "guardian",
    "planAdmin": "plan_admin", "admin": "admin",
}  # fmt: skip


class RoleFileError(ChainError):
    """The file of roles cannot be used; the message names the field."""


def read_roles(path: Path) -> Roles:
    """Addresses for ``operator``, ``risk``, ``treasurer``, ``guardian``, ``planAdmin`` and ``admin``.

    ``planDelay`` and ``adminDelay`` are seconds, two days if absent. Raises :class:`RoleFileError`.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RoleFileError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RoleFileError(f"{path}: is not JSON: {error}") from error
    if not isinstance(written, dict):
        raise RoleFileError(f"{path}: must hold one object with {', '.join(_ADDRESSES)}")
    unknown = sorted(set(written) - set(_ADDRESSES) - set(_DELAYS))
    if unknown:
        known = ", ".join([*_ADDRESSES, *_DELAYS])
        raise RoleFileError(f"{path}: {unknown[0]!r} is no role; there are {known}")
    values: dict[str, Any] = {}
    for name, field in _ADDRESSES.items():
        address = written.get(name)
        if not isinstance(address, str) or not is_address(address):
            raise RoleFileError(f"{path}: {name} must be an address, not {address!r}")
        values[field] = to_checksum_address(address)
    for name, field in _DELAYS.items():
        delay = written.get(name, TWO_DAYS)
        if type(delay) is not int or not 0 <= delay < 2**32:
            raise RoleFileError(f"{path}: {name} must be whole seconds, not {delay!r}")
        values[field] = delay
    assert set(values) == {field.name for field in fields(Roles)}
    return Roles(**values)

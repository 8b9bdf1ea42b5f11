"""Who signs a lane's transactions: a key in an encrypted key store, in the environment, or elsewhere.

A key is named by a short text, never by itself:

- ``keystore:FILE``: an encrypted key store in JSON; its password is in ``LIANDONG_KEY_PASSWORD``
- ``env:NAME``: 64 hexadecimal digits in this environment variable
- ``remote:URL#ADDRESS``: a signer that answers ``eth_signTransaction`` over HTTP, for this address
- ``trial:ROLE``: a key that anybody can make; for development chains only
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils import is_address, to_checksum_address

from liandong.chain.key_file import PASSWORD_VARIABLE, KeyUnusable
from liandong.chain.local import local_signer
from liandong.outbox.remote_signer import RemoteSigner
from liandong.outbox.signing import LocalSigner, TransactionSigner

TRIAL_CHAINS = (1337, 31337)
"""Chain ids of development nodes."""


def read_key(source: str, chain_id: int) -> TransactionSigner:
    """The signer that a text of the form above names. Raises ``KeyUnusable``, which never shows a key."""
    scheme, _, rest = source.partition(":")
    if scheme == "keystore":
        return LocalSigner(_from_store(Path(rest)))
    if scheme == "env":
        return LocalSigner(_from_hex(os.environ.get(rest), f"the environment's {rest}"))
    if scheme == "remote":
        url, _, address = rest.rpartition("#")
        if not is_address(address):
            raise KeyUnusable("remote: must be a URL, then # and the signer's address")
        return RemoteSigner(url, to_checksum_address(address))
    if scheme == "trial":
        if chain_id not in TRIAL_CHAINS:
            raise KeyUnusable(f"chain {chain_id} is not a development chain: trial keys are anybody's")
        return LocalSigner(local_signer(rest).account)
    raise KeyUnusable("a key is named by keystore:FILE, env:NAME, remote:URL#ADDRESS or trial:ROLE")


def _from_store(path: Path) -> LocalAccount:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"{path}: is no key store in JSON: {type(error).__name__}") from None
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        raise KeyUnusable(f"{path}: its password must be in the environment's {PASSWORD_VARIABLE}")
    try:
        return Account.from_key(Account.decrypt(stored, password))
    except (ValueError, KeyError, TypeError):
        raise KeyUnusable(f"{path}: the key store does not open with this password") from None


def _from_hex(key: str | None, source: str) -> LocalAccount:
    try:
        return Account.from_key(key)
    except Exception:
        # whatever the reason is, it may quote the key
        raise KeyUnusable(f"{source}: must be a private key, 64 hexadecimal digits") from None

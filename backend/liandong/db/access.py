"""Keys, sign-ins, sessions, rates, audits, sealed personal data. No row can sign in: hashes only."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint, key


class ApiKey(SQLModel, table=True):
    """An API key: the hash of its word, its scopes (comma-separated), its rate. Times are Unix seconds."""

    __tablename__ = "api_key"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    digest: str = Field(unique=True)
    scopes: str
    per_minute: int
    created_at: int = bigint()
    revoked_at: int | None = bigint(default=None)


class SignInChallenge(SQLModel, table=True):
    """A message that a wallet was asked to sign; taken away when it is used."""

    __tablename__ = "sign_in_challenge"
    digest: str = Field(primary_key=True)
    address: str
    expires_at: int = bigint(index=True)


class WalletSession(SQLModel, table=True):
    """A wallet that signed in, until it signs out or the session ends. ``address`` is in lower case."""

    __tablename__ = "wallet_session"
    digest: str = Field(primary_key=True)
    address: str = Field(index=True)
    expires_at: int = bigint(index=True)


class RateBucket(SQLModel, table=True):
    """How many requests a caller had left at a time (Unix milliseconds)."""

    __tablename__ = "rate_bucket"
    caller: str = Field(primary_key=True)
    left: float
    at: int = bigint(index=True)


class AuditRun(SQLModel, table=True):
    """An audit that was begun over HTTP. Times are Unix seconds; ``beat_at`` moves while it runs."""

    __tablename__ = "audit_run"
    id: int | None = Field(default=None, primary_key=True)
    begun_at: int = bigint()
    beat_at: int = bigint()
    done: bool = False
    at_block: int | None = bigint(default=None, description="how far it is")
    last_block: int | None = bigint(default=None, description="how far it goes")
    report: str | None = Field(default=None, sa_type=Text, description="JSON")
    failed: str | None = Field(default=None, description="the error that it ended with")


class PersonalRecord(SQLModel, table=True):
    """A participant's personal data, sealed with AES-256-GCM; key id and row are bound to it.

    ``phone_match`` is a keyed hash of the phone number, for finding who has it without opening anything.
    """

    __tablename__ = "personal_record"
    participant: int = key()
    key_id: str = Field(index=True)
    nonce: str = Field(description="hex")
    sealed: str = Field(sa_type=Text, description="hex")
    phone_match: str | None = Field(default=None, index=True)

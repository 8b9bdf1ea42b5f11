"""All settings of the services, read once where a process begins (``create_app``, the command line).

Each can be given as an environment variable with the prefix ``LIANDONG_``, e.g. ``LIANDONG_DATABASE_URL``.
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings by name; nothing in the package reads the environment but this."""

    model_config = SettingsConfigDict(env_prefix="LIANDONG_")

    database_url: str = Field("sqlite:///var/liandong.sqlite", description="sqlite:///FILE or postgresql://…")
    rpc_url: str = Field("http://127.0.0.1:8545", description="the node's JSON-RPC")
    deployment: Path = Field(Path("var/chain/deployment.json"), description="what `liandong deploy` wrote")
    finality: int = Field(12, ge=1, description="blocks below the head from which nothing is undone")
    poll_seconds: float = Field(0.1, gt=0, description="how often the mirror asks for a new block")
    audit_folder: Path = Field(Path("var/audit"), description="where the audit keeps how far it came")

    operator_signer: str | None = Field(None, description="keystore:FILE, env:NAME or remote:URL#ADDRESS")
    risk_signer: str | None = Field(
        None, description="who releases holds, freezes and slashes, named likewise"
    )
    treasurer_signer: str | None = Field(None, description="who funds and withdraws, named likewise")
    guardian_signer: str | None = Field(None, description="who pauses, named likewise")
    anyone_signer: str | None = Field(None, description="who settles and relays, named likewise; has no role")
    fee_cap_gwei: float = Field(500, gt=0, description="the most that a unit of gas may cost")
    tip_cap_gwei: float = Field(50, ge=0, description="the most of it that may be a tip")
    stuck_seconds: float = Field(
        60, gt=0, description="after this long a transaction is replaced at a higher fee"
    )
    lease_seconds: float = Field(15, gt=0, description="how long a dead worker's lanes wait for another one")
    due_seconds: float = Field(30, gt=0, description="how often orders that are due are looked for")

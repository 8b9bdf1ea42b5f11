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

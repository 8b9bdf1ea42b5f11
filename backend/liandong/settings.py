"""All settings of the services, read once where a process begins (``create_app``, the command line).

Each can be given as an environment variable with the prefix ``LIANDONG_``, e.g. ``LIANDONG_DATABASE_URL``.
"""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings by name; nothing in the package reads the environment but this."""

    model_config = SettingsConfigDict(env_prefix="LIANDONG_")

    database_url: str = Field("sqlite:///var/liandong.sqlite", description="sqlite:///FILE or postgresql://…")
    rpc_url: str = Field("http://127.0.0.1:8545", description="the node's JSON-RPC")
    rpc_seconds: float = Field(30, gt=0, description="how long mirror and outbox wait for the node's answer")
    deployment: Path = Field(Path("var/chain/deployment.json"), description="what `liandong deploy` wrote")
    finality: int = Field(12, ge=1, description="blocks below the head from which nothing is undone")
    poll_seconds: float = Field(0.1, gt=0, description="how often the mirror asks for a new block")
    audit_folder: Path = Field(Path("var/audit"), description="where the audit keeps how far it came")
    backtest_folder: Path = Field(
        Path("var/backtests"), description="where backtests that are asked for on pages stand, for a day"
    )
    backtest_seconds: float = Field(900, gt=0, description="the most that one of them may take")

    host: str = Field("127.0.0.1", description="the address that the API listens on")
    port: int = Field(8600, ge=0, le=65535, description="the port that the API listens on")
    public_url: str = Field("http://127.0.0.1:8600", description="how callers reach the API; wallets sign it")
    public_rpc_url: str | None = Field(
        None,
        description="the node for the public: pages check proofs against it, wallets are told of it",
    )
    chain_name: str = Field("Liandong", description="the chain's name as wallets are told it")
    explorer_url: str | None = Field(
        None, pattern=r"^https?://[^\s?#]+$", description="the block explorer that answers link to"
    )
    etherscan_key: SecretStr | None = Field(None, description="for `liandong verify --etherscan`")
    max_body: int = Field(16 * 2**20, ge=1024, description="bytes in the body of one HTTP request")
    anonymous_per_minute: int = Field(300, ge=1, description="requests of a host without a key, a minute")
    run_mirror: bool = Field(True, description="whether the API's process runs the mirror, too")
    run_worker: bool = Field(True, description="whether it runs a worker of the outbox, too")
    run_backtests: bool = Field(True, description="whether it plays backtests that are asked for on pages")
    run_webhooks: bool = Field(True, description="whether it tells malls what happened; takes personal_keys")
    personal_keys: SecretStr | None = Field(
        None, description="keys for personal data, ID:64 hex digits, newest first, separated by commas"
    )

    webhook_private: bool = Field(
        False, description="whether malls may be told on this machine and in private networks, there by http"
    )

    operator_signer: str | None = Field(None, description="keystore:FILE, env:NAME or remote:URL#ADDRESS")
    risk_signer: str | None = Field(
        None, description="who releases holds, freezes and slashes, named likewise"
    )
    treasurer_signer: str | None = Field(None, description="who funds and withdraws, named likewise")
    guardian_signer: str | None = Field(None, description="who pauses, named likewise")
    plan_admin_signer: str | None = Field(None, description="who publishes plans, named likewise")
    admin_signer: str | None = Field(None, description="who ends pauses, named likewise")
    anyone_signer: str | None = Field(None, description="who settles and relays, named likewise; has no role")
    fee_cap_gwei: float = Field(500, gt=0, description="the most that a unit of gas may cost")
    tip_cap_gwei: float = Field(50, ge=0, description="the most of it that may be a tip")
    resend_seconds: float = Field(
        10, ge=0, description="after this long a transaction is sent again, for nodes forget"
    )
    stuck_seconds: float = Field(
        60, gt=0, description="after this long a transaction is replaced at a higher fee"
    )
    depth: int = Field(16, ge=1, description="transactions of a signer that are under way together")
    lease_seconds: float = Field(15, gt=0, description="how long a dead worker's lanes wait for another one")
    schedule: bool = Field(
        True, description="whether workers settle, close months and years and claim by themselves"
    )
    due_seconds: float = Field(30, gt=0, description="how often they look for what is due")

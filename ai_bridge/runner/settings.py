"""What the runner's process reads from its environment."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class RunnerSettings(BaseSettings):
    """`RUNNER_DATABASE_URL` logs in as the runner's own role, which sees schema `ai` alone."""

    model_config = SettingsConfigDict(env_prefix="RUNNER_", frozen=True)

    database_url: SecretStr
    token: SecretStr = Field(min_length=16)
    metrics_token: SecretStr = SecretStr("")
    pool_size: int = Field(default=8, ge=1)
    statement_timeout_ms: int = Field(default=5_000, ge=100)
    outbound_allowed_hosts: str = ""
    langchain_models: dict[str, str] = Field(default_factory=dict)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts at which a model may be though they are not public."""
        listed = (host.strip().lower() for host in self.outbound_allowed_hosts.split(","))
        return frozenset(host for host in listed if host)

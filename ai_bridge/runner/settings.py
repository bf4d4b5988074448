"""What the runner's process reads from its environment."""

from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

MENDS = {
    "database_url": "Set it to what `manage.py runner_database_url` prints.",
    "token": "Set it to the gateway's RUNNER_TOKEN, 32 random characters.",
}


class SettingsInvalid(Exception):
    """A variable is missing or makes no sense; the text names each, with the mend."""


class RunnerSettings(BaseSettings):
    """`RUNNER_DATABASE_URL` logs in as the runner's own role, which sees schema `ai` alone."""

    model_config = SettingsConfigDict(env_prefix="RUNNER_", frozen=True)

    database_url: SecretStr = Field(min_length=1)
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


def read_settings() -> RunnerSettings:
    """From the environment. Raises SettingsInvalid."""
    try:
        return RunnerSettings()
    except ValidationError as error:
        raise SettingsInvalid("\n".join(map(_fault, error.errors()))) from None


def _fault(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    # Never the value itself: it may be a password.
    return f"RUNNER_{name.upper()}: {error['msg']}. {MENDS.get(name, 'See .env.example.')}"

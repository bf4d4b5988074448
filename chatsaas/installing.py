"""The database step of a deploy, of the demo and of a scratch cluster."""

from collections.abc import Iterator

from django.conf import settings

from ai_bridge.runner import schema as runner_schema
from tenants.provisioning import install_database


def install() -> Iterator[str]:
    """Make roles, tables and schemas fit this version; yields each step's name before it is done.

    Safe to run again. Only as far as it is iterated.
    """
    yield from install_database()
    yield "checkpoints of the runner"
    runner_schema.install(settings.DATABASE_URL, settings.RUNNER_ROLE)

"""What processes on scratch servers are started with, and how their database is filled."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from ai_bridge.failpoints import GROUND
from chatsaas.servers.errors import ServerError
from chatsaas.servers.keeper import marked
from chatsaas.servers.served import ROOT

# Of what this process was started with, all that they may know.
KEPT = ("PATH", "HOME", "LANG")


def scratch_environment(
    *, database_url: str, redis_url: str, runner_url: str, public_url: str, prefix: str
) -> dict[str, str]:
    """Complete: no variable or `.env` file of the checkout may lead to servers of somebody else.

    Secrets are new, and so is the token of the scratch mark. `prefix` names the database's roles.
    """
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    return {
        **kept,
        **marked(),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "chatsaas.settings",
        "LANGGRAPH_STRICT_MSGPACK": "true",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RUNNER_TOKEN": secrets.token_urlsafe(32),
        "VISITOR_TOKEN_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "DATABASE_ROLE_PREFIX": prefix,
        "RUNNER_DATABASE_URL": "",
        "REDIS_URL": redis_url,
        "CELERY_BROKER_URL": redis_url,
        "RUNNER_URL": runner_url,
        "PUBLIC_URL": public_url,
        "BASE_DOMAIN": "localhost",
        "ALLOWED_HOSTS": "localhost,.localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "",
        # One address asks for everybody here.
        "LIMITS_FACTOR": "1000",
        "EMAIL_URL": "consolemail://",
        GROUND: secrets.token_urlsafe(24),
    }


def furnish_scratch(
    module: str, *arguments: str, environment: Mapping[str, str], told: str = ""
) -> dict[str, Any]:
    """What this module, run as a program of its own, prints as JSON; `told` is its input.

    Raises ServerError with what it said when the database cannot be made.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        input=told,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ServerError(f"The scratch database could not be made:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found

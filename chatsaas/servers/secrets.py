"""The secrets of a checkout: made once, kept readable by their owner alone."""

import json
import secrets
from pathlib import Path

from chatsaas.servers.runfile import STATE_DIR, locked, write_private

NAMES = ("SECRET_KEY", "RUNNER_TOKEN")


def read_secrets(state_dir: Path = STATE_DIR) -> dict[str, str]:
    """The secrets of this checkout by the name of their variable; empty before the first start."""
    try:
        return dict(json.loads((state_dir / "secrets.json").read_text()))
    except (FileNotFoundError, PermissionError):
        return {}


def ensure_secrets(state_dir: Path = STATE_DIR) -> dict[str, str]:
    """As `read_secrets`, making what is missing."""
    with locked(state_dir):
        kept = read_secrets(state_dir)
        made = {name: kept.get(name) or secrets.token_urlsafe(48) for name in NAMES}
        if made != kept:
            write_private(state_dir / "secrets.json", made)
        return made

"""The runner's ground, for conversations."""

from tests.runner.conftest import server_url, shared_owner_url, shared_settings

__all__ = ["server_url", "shared_owner_url", "shared_settings"]

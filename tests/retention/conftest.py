"""The same house as the gateway's tests have."""

from tests.gateway.conftest import house

__all__ = ["house"]

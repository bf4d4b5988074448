"""Prometheus metrics of one process, or of all processes that share PROMETHEUS_MULTIPROC_DIR."""

import hmac
import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
# A request with one of these came through a proxy: its neighbour is not who asks.
PROXIED = (b"x-forwarded-for", b"forwarded", b"x-real-ip")


def metrics_page() -> bytes:
    """What the library keeps of this process; with several processes, the sum of all."""
    return generate_latest(shared_registry() or REGISTRY)


def shared_registry() -> CollectorRegistry | None:
    """The registry of all processes that share a directory; None when this one is alone."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return None
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def may_read_metrics(scope: Mapping[str, Any], token: str) -> bool:
    """With a token, who shows it; without one, this machine's own processes and nobody else's."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if token:
        given = headers.get(b"authorization", b"")
        return hmac.compare_digest(given, b"Bearer " + token.encode())
    is_direct = not any(name in headers for name in PROXIED)
    return is_direct and _is_loopback((scope.get("client") or ("", 0))[0])


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False

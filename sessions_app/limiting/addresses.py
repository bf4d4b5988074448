"""Whose address a request comes from; a header is believed only from proxies that are ours."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

Address = IPv4Address | IPv6Address
UNKNOWN = "unknown"


def client_address(scope: Mapping[str, Any]) -> str:
    """The address that limits count: of IPv6 the first 64 bits, which one customer gets at least.

    `X-Forwarded-For` is read from its end, where our own proxies write: the first address that is
    no trusted proxy is the client's. What stands before that anybody can have written.
    """
    peer = _parse((scope.get("client") or ("", 0))[0])
    if peer is None:
        return UNKNOWN
    for text in reversed(_forwarded(scope)):
        if not _is_trusted(peer):
            break
        before = _parse(text)
        if before is None:
            break
        peer = before
    return _counted(peer)


def _forwarded(scope: Mapping[str, Any]) -> list[str]:
    # From the wire: Django's own names for headers take `_` for `-`.
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [part.strip() for value in values for part in value.decode("latin-1").split(",")]


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parse(text: str) -> Address | None:
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _counted(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False).network_address) + "/64"
    return str(address)

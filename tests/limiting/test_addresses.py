"""Whose address a limit counts, and which header is believed about it."""

from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django import Settings

from sessions_app.limiting.addresses import client_address

OURS = [ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48")]


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"client": (peer, 1234), "headers": [(b"host", b"a.example"), *headers]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["10.2.2.2"], "10.2.2.2"),
        ("10.0.0.1", ["1.1.1.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:203.0.113.7", [], "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("2001:db8:ffff::1", ["2001:db8:1:2:9::1"], "2001:db8:1:2::/64"),
        ("", [], "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, peer: str, forwarded: list[str], counted: str
) -> None:
    settings.TRUSTED_PROXIES = OURS
    assert client_address(scope(peer, *forwarded)) == counted


def test_without_trusted_proxies_the_header_means_nothing(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert client_address(scope("127.0.0.1", "198.51.100.1")) == "127.0.0.1"

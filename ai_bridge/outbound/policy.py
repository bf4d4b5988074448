"""What an address must look like before a name of it is even looked up."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

import httpx

from ai_bridge.outbound.addresses import is_public

DEFAULT_PORTS = {"http": 80, "https": 443}
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A last label like these makes C libraries read the whole name as an IPv4 address.
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
FIRST_FREE_PORT = 1024
MAX_URL = 2000


class OutboundRefused(httpx.RequestError):
    """The address is not contacted. The message says why, for the person who typed it."""


@dataclass(frozen=True)
class OutboundPolicy:
    """`allowed_hosts`: names or addresses, with or without `:port`, exempt from every rule but the
    scheme's; for development, tests, and services of the operator's own network.
    """

    allowed_hosts: frozenset[str] = frozenset()

    def exempts(self, url: httpx.URL) -> bool:
        host = _bare(url.host)
        return bool({host, f"{host}:{_port(url)}"} & self.allowed_hosts)

    def checked(self, text: str, *, needs_https: bool = False) -> httpx.URL:
        """The address as it will be contacted. Raises OutboundRefused; looks nothing up.

        With `needs_https` only an exempt host may be spoken to in the clear.
        """
        if len(text) > MAX_URL or text != text.strip() or "\\" in text:
            raise OutboundRefused("This is not an address. Copy it again, without spaces.")
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL as wrong:
            raise OutboundRefused(f"This is not an address: {wrong}") from wrong
        self.check(url)
        if needs_https and url.scheme != "https" and not self.exempts(url):
            raise OutboundRefused("Use https: what is sent must not be readable on the way.")
        return url

    def check(self, url: httpx.URL) -> None:
        """Raises OutboundRefused for what can never be a public http address."""
        if url.scheme not in DEFAULT_PORTS:
            raise OutboundRefused("The address must begin with https:// or http://.")
        if url.userinfo:
            raise OutboundRefused(
                "A user name or password may not stand in the address. Verify the signature "
                "instead, or put a token into the path."
            )
        if self.exempts(url):
            return
        _check_host(url.host)
        if _port(url) not in DEFAULT_PORTS.values() and _port(url) < FIRST_FREE_PORT:
            raise OutboundRefused(
                f"Port {_port(url)} is not contacted. Use 443, 80 or one from 1024 on."
            )


def _check_host(host: str) -> None:
    if ":" in host or _is_dotted_quad(host):
        if not is_public(host):
            raise OutboundRefused(f"{host} is not a public address. Only those are contacted.")
        return
    labels = _bare(host).split(".")
    if not all(LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        raise OutboundRefused("The address has no host name, or one that cannot exist.")
    if NUMBER.fullmatch(labels[-1]):
        raise OutboundRefused(
            "The host is a number in an unusual writing. Write the name, or the address as "
            "four decimal numbers."
        )


def _is_dotted_quad(host: str) -> bool:
    try:
        return ip_address(host).version == 4
    except ValueError:
        return False


def _bare(host: str) -> str:
    return host.lower().removesuffix(".")


def _port(url: httpx.URL) -> int:
    return url.port or DEFAULT_PORTS.get(url.scheme, 0)

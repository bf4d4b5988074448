"""An httpx transport that connects to the very address it has checked.

Looking a name up, checking it and letting the client look it up again would leave room for a name
that answers differently the second time. Here the name is looked up once, every address of the
answer is checked, and the connection goes to one of them; TLS and the Host header keep the name.
"""

import socket
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from ipaddress import ip_address

import httpx
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from ai_bridge.outbound.addresses import is_public
from ai_bridge.outbound.policy import DEFAULT_PORTS, OutboundPolicy, OutboundRefused
from ai_bridge.outbound.trust import authorities

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
# One connection a request: one kept open would serve another name at the same address.
NOTHING_KEPT = httpx.Limits(max_connections=None, max_keepalive_connections=0)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of the name, as this machine's resolver orders them.

    In threads of its own, left behind when the caller's time is up: a slow name server of one
    customer must not keep the threads that everybody's queries run in.
    """
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        # A limiter of its own: one that is shared belongs to one event loop.
        found = await run_sync(look_up, limiter=CapacityLimiter(1), abandon_on_cancel=True)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"The name {host} cannot be resolved.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Give it to `httpx.AsyncClient(transport=..., trust_env=False)`.

    Raises OutboundRefused (an httpx.RequestError) for an address that is not public; nothing was
    sent then. Redirects are the client's, and each would be checked again.
    """

    def __init__(self, policy: OutboundPolicy, resolver: Resolve = resolve) -> None:
        self._policy, self._resolve = policy, resolver
        self._inner = httpx.AsyncHTTPTransport(
            verify=authorities(), limits=NOTHING_KEPT, trust_env=False
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._policy.check(request.url)
        addresses = await self._checked_addresses(request.url)
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, addresses[-1]))

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _checked_addresses(self, url: httpx.URL) -> Sequence[str]:
        """One address that is not public condemns the name: its owner points it inside."""
        host = url.host
        port = url.port or DEFAULT_PORTS[url.scheme]
        addresses = [host] if _is_address(host) else await self._resolve(host, port)
        if not addresses:
            raise httpx.ConnectError(f"The name {host} has no address.")
        if not self._policy.exempts(url) and not all(map(is_public, addresses)):
            raise OutboundRefused(
                f"{host} is or leads to an address that is not public. Only public addresses "
                "are contacted."
            )
        return addresses


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """The same request, to this address; certificate and Host header stay the name's."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    if _is_address(request.url.host):
        extensions.pop("sni_hostname")
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )

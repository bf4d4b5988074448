"""No byte goes to an address that is not public, whatever was typed and whatever the DNS says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from ai_bridge.outbound import OutboundPolicy, OutboundRefused, PinnedTransport, is_public
from tests.outbound.addresses import LEADS_INSIDE, NAMES
from tests.outbound.watching import watched_connections

PUBLIC = "93.184.215.14"
LOCAL = OutboundPolicy(frozenset({"127.0.0.1", "service.example"}))


async def lying_resolver(host: str, port: int) -> Sequence[str]:
    return NAMES.get(host, [PUBLIC])


async def send(url: str, transport: httpx.AsyncBaseTransport) -> httpx.Response:
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.post(url, content=b"{}")


async def connections_of(url: str, *, guarded: bool) -> list[tuple[str, int]]:
    """What is tried to be contacted, by our transport or by the library's own."""
    transport: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(trust_env=False)
    if guarded:
        transport = PinnedTransport(OutboundPolicy(), lying_resolver)
    with watched_connections() as tried:
        with suppress(httpx.RequestError, httpx.InvalidURL, ValueError, OSError):
            await send(url, transport)
        return list(tried)


def test_the_list_is_as_long_as_was_promised() -> None:
    assert len(set(LEADS_INSIDE)) == len(LEADS_INSIDE) >= 90


async def test_nothing_is_contacted_for_an_address_that_leads_inside() -> None:
    tried = {url: await connections_of(url, guarded=True) for url in LEADS_INSIDE}
    assert {url: where for url, where in tried.items() if where} == {}


async def test_without_the_guard_the_same_list_reaches_this_machine() -> None:
    urls = [url for url in LEADS_INSIDE if ".example" not in url and "127" in url]
    reached = [url for url in urls if await connections_of(url, guarded=False)]
    assert len(reached) >= 10


async def test_each_of_them_is_refused_with_a_reason_when_it_is_typed_or_when_it_is_used() -> None:
    policy = OutboundPolicy()
    for url in LEADS_INSIDE:
        with pytest.raises(OutboundRefused, match=r"\w"):
            await send(str(policy.checked(url)), PinnedTransport(policy, lying_resolver))


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "1.1.1.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


async def test_a_name_that_flips_is_contacted_at_the_address_that_was_checked() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])

    async def flipping(host: str, port: int) -> Sequence[str]:
        return next(answers)

    transport = PinnedTransport(OutboundPolicy(), flipping)
    with watched_connections() as tried:
        with pytest.raises(httpx.ConnectError):
            await send("https://flips.example/", transport)
        assert tried == [(PUBLIC, 443)]
        with pytest.raises(OutboundRefused):
            await send("https://flips.example/", transport)
        assert tried == [(PUBLIC, 443)]


async def test_every_checked_address_is_tried_until_one_answers() -> None:
    async def two(host: str, port: int) -> Sequence[str]:
        return ["2606:2800:21f:cb07::1", PUBLIC]

    with watched_connections() as tried:
        with pytest.raises(httpx.ConnectError):
            await send("https://two.example/", PinnedTransport(OutboundPolicy(), two))
        assert tried == [("2606:2800:21f:cb07::1", 443), (PUBLIC, 443)]


async def test_a_redirect_is_not_followed() -> None:
    async with answering(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.5/\r\n\r\n") as port:
        with watched_connections() as tried:
            answer = await send(f"http://127.0.0.1:{port}/", PinnedTransport(LOCAL))
        assert answer.status_code == 302
        assert tried == [("127.0.0.1", port)]


async def test_the_name_stays_in_the_host_header_and_in_the_handshake() -> None:
    async def here(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    heard: list[bytes] = []
    async with answering(b"HTTP/1.1 204 No Content\r\n\r\n", heard) as port:
        await send(f"http://service.example:{port}/", PinnedTransport(LOCAL, here))
    assert f"host: service.example:{port}\r\n".encode() in heard[0].lower()

    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda connection, name, context: names.append(name)
    async with answering(b"", tls=context) as port:
        with pytest.raises(httpx.ConnectError):
            await send(f"https://service.example:{port}/", PinnedTransport(LOCAL, here))
    assert names == ["service.example"]


def test_only_an_exempt_host_is_spoken_to_in_the_clear_when_https_is_asked_for() -> None:
    assert LOCAL.checked("http://127.0.0.1:8000/hook", needs_https=True).port == 8000
    with pytest.raises(OutboundRefused, match="Use https"):
        LOCAL.checked("http://www.example.com/hook", needs_https=True)


def test_an_exemption_with_a_port_is_for_that_port() -> None:
    policy = OutboundPolicy(frozenset({"127.0.0.1:11434"}))
    assert policy.exempts(httpx.URL("http://127.0.0.1:11434/v1"))
    assert not policy.exempts(httpx.URL("http://127.0.0.1:8200/ai/chat"))


@asynccontextmanager
async def answering(
    answer: bytes, heard: list[bytes] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """A server on this machine that says the same to everybody; yields its port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await reader.read(65536)
        if heard is not None:
            heard.append(said)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]

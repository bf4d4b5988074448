"""Connections whose other end stopped reading or answering do not stay, and cost no memory."""

import asyncio
import base64
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from chatsaas.servers.ports import find_port
from chatsaas.servers.process import wait_until
from chatsaas.transports import GatewaySocket
from tests.gateway.history import fill
from tests.gateway.house import House
from tests.gateway.visitor import Tab, Visitor

PATIENCE = 60.0
READERS, EVENTS, LETTERS = 16, 900, 8000
MIB = 1024 * 1024
# What a gateway takes once for its first readers, however many they are.
WARMTH = 8 * MIB
ESTABLISHED = "01"


class Silent:
    """Accepts a socket and says nothing; remembers the code with which it ended."""

    def __init__(self) -> None:
        self.codes: list[int] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            pass
        self.codes.append(message["code"])


@contextmanager
def serving(application: Any, **options: Any) -> Iterator[int]:
    port = find_port()
    config = uvicorn.Config(
        application, port=port, ws=GatewaySocket, lifespan="off", log_level="error", **options
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        assert wait_until(lambda: server.started, PATIENCE)
        yield port
    finally:
        server.should_exit = True
        thread.join()


def deaf_connection(port: int) -> socket.socket:
    """A socket whose owner answers nothing any more, not even a ping."""
    key = base64.b64encode(os.urandom(16)).decode()
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    lines = ("GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade")
    more = (f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "")
    connection.sendall("\r\n".join([*lines, *more]).encode())
    return connection


def test_a_socket_that_answers_no_ping_is_closed() -> None:
    application = Silent()
    with serving(application, ws_ping_interval=0.3, ws_ping_timeout=0.3) as port:
        with deaf_connection(port) as connection:
            heard = b"".join(iter(lambda: connection.recv(4096), b""))
        assert b"keepalive ping timeout" in heard
        assert wait_until(lambda: len(application.codes) == 1, PATIENCE)


@contextmanager
def lazy_tab(visitor: Visitor, after: int = 0) -> Iterator[tuple[Tab, int]]:
    """A greeted tab that reads no more than it is asked to, and the port it comes from."""
    host, _, port = visitor.url.removeprefix("http://").partition(":")
    plain = socket.socket()
    # Before connecting: what the kernels on the way hold back would hide who reads and who not.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    plain.connect((host, int(port)))
    with connect(
        visitor.url.replace("http", "ws", 1) + "/ws/v1/chat",
        sock=plain,
        origin=Origin(visitor.origin),
        subprotocols=[Subprotocol("chat.v1")],
        compression=None,
        ping_interval=None,
        close_timeout=0,
        max_queue=1,
    ) as connection:
        tab = Tab(connection)
        tab.send(type="hello", token=visitor.token, after=after)
        tab.ready = tab.until(lambda frame: frame["type"] == "ready", PATIENCE)
        yield tab, plain.getsockname()[1]


def is_connected(server: int, client: int) -> bool:
    """By the kernel's list of the server's side."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        ends = (int(local.rpartition(":")[2], 16), int(remote.rpartition(":")[2], 16))
        if ends == (server, client) and state == ESTABLISHED:
            return True
    return False


def resident(pid: int) -> int:
    """Bytes of memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kib) * 1024


@pytest.fixture
def gateway_pid(house: House) -> int:
    return next(one for one in house.ground.processes if one.name == "gateway").pid


def test_who_reads_nothing_costs_little_is_let_go_and_may_come_back(
    house: House, gateway_pid: int
) -> None:
    visitor = house.visitor()
    visitor.say("I need a repair")
    last, port = fill(house, visitor, EVENTS, LETTERS), int(house.url.rpartition(":")[2])
    before, most = resident(gateway_pid), 0
    with ExitStack() as stack:
        tabs = [stack.enter_context(lazy_tab(visitor)) for _ in range(READERS)]

        def are_gone() -> bool:
            nonlocal most
            most = max(most, resident(gateway_pid))
            return not any(is_connected(port, client) for _, client in tabs)

        assert wait_until(are_gone, PATIENCE, pause=0.1)
    assert most - before < READERS * MIB + WARMTH
    with visitor.socket(after=last - 1) as tab:
        assert tab.until(lambda frame: frame.get("seq") == last)["type"] == "message"

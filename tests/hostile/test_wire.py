"""What is no WebSocket ends its own socket with the code of the standard, and nobody else's."""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from tests.gateway.house import House
from tests.gateway.visitor import Tab

PATIENCE = 60.0
APPLICATION = "tests.hostile.impatient:application"
MASK = b"\x00\x00\x00\x00"


def frame(first: int, payload: bytes, *, masked: bool = True) -> bytes:
    """One frame from a client; the mask of zeros leaves the payload as it is."""
    size = len(payload)
    bit = 0x80 if masked else 0
    length = bytes([bit | size]) if size < 126 else bytes([bit | 126]) + struct.pack("!H", size)
    return bytes([first]) + length + (MASK if masked else b"") + payload


SHAKE = (
    "GET /ws/v1/chat HTTP/1.1",
    "Host: gateway",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: chat.v1",
)
# What somebody sends who wants the gateway to wait for ever; then come single bytes, or nothing.
UNFINISHED = {
    "nothing": "",
    "blank lines": "\r\n",
    "half a first line": "GET /ws/v1/ch",
    "half a handshake": "\r\n".join(SHAKE),
    "half a header": "\r\n".join([*SHAKE[:2], "X-Long: aaaa"]),
    "half a body": "POST /api/v1/token HTTP/1.1\r\nHost: gateway\r\n"
    'Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"site":"',
    "half a chunk": "POST /api/v1/chat HTTP/1.1\r\nHost: gateway\r\n"
    "Transfer-Encoding: chunked\r\n\r\nffff\r\n{",
}
CROWD = 70


class Crowd:
    """Connections that never finish what they ask; every other one drips a byte now and then."""

    def __init__(self, url: str, size: int) -> None:
        place = urlsplit(url)
        self.address = (str(place.hostname), int(place.port or 80))
        self.lines = [self._begin(text) for text, _ in zip(cycle(UNFINISHED.values()), range(size))]

    def _begin(self, text: str) -> socket.socket:
        line = socket.create_connection(self.address, timeout=PATIENCE)
        line.sendall(text.encode())
        return line

    def drip(self) -> None:
        for line in self.lines[::2]:
            with suppress(OSError):
                line.sendall(b"\r" if line is self.lines[1] else b"a")

    def close(self) -> None:
        for line in self.lines:
            line.close()


@pytest.fixture(scope="module")
def crowd(house: House) -> Iterator[Crowd]:
    """There from the first test on, so that the others speak beside it."""
    gathered = Crowd(house.url, CROWD)
    yield gathered
    gathered.close()


@pytest.fixture(autouse=True)
def beside_the_crowd(crowd: Crowd) -> None:
    crowd.drip()


PING = b'{"type":"ping"}'
BROKEN = {
    "bad UTF-8": (frame(0x81, b'{"type":"\xff\xfe"}'), 1007),
    "half a surrogate in UTF-8": (frame(0x81, b"\xed\xa0\x80"), 1007),
    "an unknown opcode": (frame(0x83, PING), 1002),
    "an unknown control opcode": (frame(0x8B, b""), 1002),
    "a reserved bit": (frame(0xC1, PING), 1002),
    "a frame without a mask": (frame(0x81, PING, masked=False), 1002),
    "a control frame in pieces": (frame(0x09, b""), 1002),
    "a control frame that is too long": (frame(0x89, b"x" * 126), 1002),
    "a continuation of nothing": (frame(0x80, PING), 1002),
    "a new message within another": (frame(0x01, b"{") + frame(0x81, PING), 1002),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_frame_ends_its_own_socket_alone(house: House, name: str) -> None:
    raw, code = BROKEN[name]
    visitor = house.visitor()
    with visitor.socket() as other, visitor.socket() as tab:
        tab.connection.socket.sendall(raw)
        with pytest.raises(ConnectionClosed) as closed:
            drain(tab)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == code
        pong(other)


def test_a_message_in_many_pieces_with_pings_between_is_one_message(house: House) -> None:
    with house.visitor().socket() as tab:
        pieces = [bytes([byte]) for byte in PING]
        raw = frame(0x01, pieces[0])
        for piece in pieces[1:-1]:
            raw += frame(0x00, piece) + frame(0x89, b"")
        tab.connection.socket.sendall(raw + frame(0x80, pieces[-1]))
        tab.until(lambda heard: heard["type"] == "pong", PATIENCE)


def test_a_flood_of_pings_of_the_protocol_is_outlived(house: House) -> None:
    visitor = house.visitor()
    with visitor.socket() as tab, visitor.socket() as other:
        for _ in range(200):
            tab.connection.socket.sendall(frame(0x89, b"x" * 100) * 10)
        pong(other)
        pong(tab)


def test_pieces_that_never_end_are_cut_off_at_the_largest_frame(house: House) -> None:
    visitor = house.visitor()
    with visitor.socket() as other, visitor.socket() as tab:
        with pytest.raises((ConnectionClosed, OSError)):
            endless(tab)
        pong(other)


@pytest.mark.parametrize("size", [8_000, 60_000, 70_000, 1_100_000])
def test_a_frame_of_any_size_is_answered_or_ends_its_own_socket(house: House, size: int) -> None:
    visitor = house.visitor()
    text = '{"type":"message","client_id":"7e1fb4b5-6a5d-4c5a-9a9e-0a3a1b0e6f11","text":"%s"}'
    with visitor.socket() as other, visitor.socket() as tab:
        with suppress(OSError, ConnectionClosed):
            tab.connection.send(text % ("x" * size))
        if size < 65_536:
            told = tab.until(lambda heard: heard["type"] in ("ack", "error"), PATIENCE)
            assert told.get("code", "ack") == ("ack" if size < 8192 else "message_too_long")
            pong(tab)
        else:
            with pytest.raises(ConnectionClosed) as closed:
                drain(tab)
            # Whoever still sends when the line is cut may miss the code.
            assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
        pong(other)


def test_binary_frames_are_refused_by_name_and_the_fifth_ends_the_socket(house: House) -> None:
    visitor = house.visitor()
    with visitor.socket() as other, visitor.socket() as tab:
        for number in range(5):
            tab.connection.send(PING if number % 2 else b"\x00\xff\xfe")
            assert tab.receive(PATIENCE)["code"] == "bad_frame"
        with pytest.raises(ConnectionClosed) as closed:
            drain(tab)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4400
        pong(other)


POST = ("POST /api/v1/chat HTTP/1.1", "Host: gateway")
HANDSHAKES = {
    "no key": [*SHAKE[:5], *SHAKE[6:]],
    "a key that is none": [*SHAKE[:5], "Sec-WebSocket-Key: short", *SHAKE[6:]],
    "an old version": [*SHAKE[:4], "Sec-WebSocket-Version: 8", *SHAKE[5:]],
    "a POST": ["POST /ws/v1/chat HTTP/1.1", *SHAKE[1:]],
    "another protocol": [*SHAKE[:6], "Sec-WebSocket-Protocol: chat.v0"],
    "no protocol": list(SHAKE[:6]),
    "another address": ["GET /ws/v1/other HTTP/1.1", *SHAKE[1:]],
    "an address with a break": ["GET /ws/v1/%0d%0achat HTTP/1.1", *SHAKE[1:]],
    "no HTTP": ["\x16\x03\x01\x02\x00\x01"],
    "a folded header": [*SHAKE, " more"],
    "a header of 100 KiB": [*SHAKE, "X-Long: " + "a" * 100_000],
    "two lengths": [*POST, "Content-Length: 1", "Content-Length: 2"],
    "a length and chunks": [*POST, "Content-Length: 4", "Transfer-Encoding: chunked"],
}


@pytest.mark.parametrize("name", HANDSHAKES)
def test_a_handshake_that_is_none_opens_no_socket_and_harms_nobody(
    house: House, crowd: Crowd, name: str
) -> None:
    with house.visitor().socket() as other:
        with socket.create_connection(crowd.address, timeout=PATIENCE) as line:
            with suppress(OSError):
                line.sendall(("\r\n".join(HANDSHAKES[name]) + "\r\n\r\n").encode("latin-1"))
            told = answer_on(line)
        assert not told.startswith(b"HTTP/1.1 101"), told
        assert not told.startswith(b"HTTP/1.1 5"), told
        pong(other)


def test_who_never_finishes_asking_is_let_go_and_nobody_waits_for_it(
    house: House, crowd: Crowd
) -> None:
    with house.visitor().socket() as tab:
        tab.reply_to(tab.say("I need a repair"))
        for line in crowd.lines:
            answer_on(line)
        pong(tab)


def answer_on(line: socket.socket) -> bytes:
    """What comes until the server ends the connection, as it must."""
    told = b""
    with suppress(ConnectionResetError):
        while piece := line.recv(65_536):
            told += piece
    return told


def endless(tab: Tab) -> None:
    tab.connection.socket.sendall(frame(0x01, b"x" * 60_000))
    for _ in range(100):
        tab.connection.socket.sendall(frame(0x00, b"x" * 60_000))
    drain(tab)


def drain(tab: Tab) -> None:
    while True:
        tab.receive(PATIENCE)


def pong(tab: Tab) -> None:
    tab.send(type="ping")
    tab.until(lambda heard: heard["type"] == "pong", PATIENCE)

"""What is no WebSocket ends its own socket with the code of the standard, and nobody else's."""

import struct

import pytest
from websockets.exceptions import ConnectionClosed

from tests.gateway.house import House
from tests.gateway.visitor import Tab

PATIENCE = 60.0
MASK = b"\x00\x00\x00\x00"


def frame(first: int, payload: bytes, *, masked: bool = True) -> bytes:
    """One frame from a client; the mask of zeros leaves the payload as it is."""
    size = len(payload)
    bit = 0x80 if masked else 0
    length = bytes([bit | size]) if size < 126 else bytes([bit | 126]) + struct.pack("!H", size)
    return bytes([first]) + length + (MASK if masked else b"") + payload


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

"""A socket never stays open while the part of it that would speak is gone."""

from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from sessions_app.consumers import ChatConsumer
from tests.ground.ground import Ground


async def test_a_socket_of_which_a_part_fails_is_closed_so_that_its_client_comes_back(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Any) -> None:
        raise RuntimeError("as a mistake of ours would")

    monkeypatch.setattr(ChatConsumer, "_expect_hello", fail)
    socket = WebsocketCommunicator(ChatConsumer.as_asgi(), "/ws/v1/chat", subprotocols=["chat.v1"])

    assert await socket.connect() == (True, "chat.v1")
    assert await socket.receive_output(30) == {
        "type": "websocket.close",
        "code": 1012,
    }

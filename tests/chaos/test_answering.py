"""The servers of a run know of what they have said when those who hear it do."""

import asyncio
from asyncio import StreamWriter
from random import Random

import pytest

from chatsaas.chaos.answering import answer, answering, response
from chatsaas.chaos.matrix import DRIP
from chatsaas.servers.ports import LOOPBACK

SAID = response("204 No Content", b"")


@pytest.mark.parametrize("fault", [DRIP, ""])
async def test_an_answer_counts_as_given_before_anybody_can_act_on_it(fault: str) -> None:
    given = []

    async def receive(head: str, body: bytes, writer: StreamWriter) -> None:
        given.append(await answer(writer, SAID, fault, Random(1)))

    async with answering(receive) as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        assert await reader.readexactly(len(SAID)) == SAID
        assert given == [True]
        writer.close()

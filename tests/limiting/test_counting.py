"""However many ask at once, of however many processes: no more get through than the limit says."""

import asyncio
from uuid import uuid4

import pytest
import redis.asyncio
from django.conf import settings as django_settings
from limits import RateLimitItemPerYear
from pytest_django import Settings

from sessions_app.limiting.counting import LONGEST_WAIT, Counter

LIMIT, ASKING = 40, 120


@pytest.fixture(autouse=True)
def patient(settings: Settings) -> None:
    # On a busy machine an answer of Redis may take its time: that is not what is tested.
    settings.LIMITS_REDIS_MS = 20_000


def item() -> RateLimitItemPerYear:
    # So long a window does not end while a test runs, however slowly.
    return RateLimitItemPerYear(LIMIT, namespace=f"test-{uuid4().hex}")


async def test_of_many_that_ask_at_once_exactly_the_limit_gets_through() -> None:
    limit, processes = item(), [Counter(), Counter(), Counter()]
    asked = (processes[number % 3].take(limit, "name") for number in range(ASKING))
    assert sum(await asyncio.gather(*asked)) == LIMIT


async def test_a_counter_that_reads_and_then_writes_lets_more_through() -> None:
    """The same question to a naive counter: what the script in Redis is there for."""
    name, all_have_read = f"naive-{uuid4().hex}", asyncio.Barrier(ASKING)

    async def take(client: "redis.asyncio.Redis") -> bool:
        count = int(await client.get(name) or 0)
        await all_have_read.wait()
        if count < LIMIT:
            await client.set(name, count + 1, ex=60)
        return count < LIMIT

    async with redis.asyncio.from_url(django_settings.REDIS_URL) as client:
        assert sum(await asyncio.gather(*(take(client) for _ in range(ASKING)))) > LIMIT


async def test_one_name_uses_up_nothing_of_another() -> None:
    limit, counter = item(), Counter()
    assert [await counter.take(limit, "one") for _ in range(LIMIT + 1)].count(False) == 1
    assert await counter.take(limit, "other")


async def test_a_standing_says_what_is_left_and_when_there_is_more() -> None:
    limit, counter = item(), Counter()
    await counter.take(limit, "name", cost=LIMIT - 3)
    standing = await counter.standing(limit, "name")
    assert standing.left == 3
    assert 1 <= standing.seconds <= LONGEST_WAIT


async def test_what_was_used_already_is_spent_even_when_less_is_left() -> None:
    limit, counter = item(), Counter()
    await counter.spend(limit, "site", LIMIT - 1)
    assert await counter.has(limit, "site")
    await counter.spend(limit, "site", 10)
    assert not await counter.has(limit, "site")


async def test_without_redis_a_process_holds_the_limit_by_itself(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limit, counter = item(), Counter()
    asked = (counter.take(limit, "name") for _ in range(ASKING))
    assert sum(await asyncio.gather(*asked)) == LIMIT


async def test_a_redis_that_never_answers_is_not_asked_by_everybody(
    settings: Settings,
) -> None:
    connections = 0

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.read()
        writer.close()

    settings.LIMITS_REDIS_MS = 50
    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
        limit, counter = item(), Counter()
        answers = [await counter.take(limit, "name") for _ in range(LIMIT + 5)]
    assert answers.count(True) == LIMIT
    assert connections < LIMIT

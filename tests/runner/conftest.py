"""The runner's own ground: databases with the tables and the role it has in life, no Django."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from ai_bridge.client import HttpRunner, RunnerClient
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.schema import install
from ai_bridge.runner.settings import RunnerSettings
from ai_bridge.scratch import write_mark
from chatsaas.servers.served import Served
from chatsaas.servers.supervise import servers
from tests.ground.environment import STATE_DIR, with_path
from tests.runner.lambda_runtime import Function, LambdaTransport, deployed
from tests.runner.serving import GROUND, runner_environment, served_runner

TOKEN = "a-service-token-for-tests"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    with servers(STATE_DIR, durable=False) as urls:
        yield urls["DATABASE_URL"]


@pytest.fixture
def owner_url(server_url: str) -> Iterator[str]:
    with _database(server_url) as url:
        yield url


@pytest.fixture
def settings(owner_url: str) -> Iterator[RunnerSettings]:
    """For a database of the test's own."""
    with _login(owner_url) as settings:
        yield settings


@pytest.fixture(scope="session")
def shared_owner_url(server_url: str) -> Iterator[str]:
    with _database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def shared_settings(shared_owner_url: str) -> Iterator[RunnerSettings]:
    """For tests that only look at threads of their own."""
    with _login(shared_owner_url) as settings:
        yield settings


@pytest.fixture(scope="session")
def shared_runner(
    shared_settings: RunnerSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served_runner(shared_settings, tmp_path_factory.mktemp("runner")) as served:
        yield served


@pytest.fixture(scope="session")
def shared_function(shared_settings: RunnerSettings) -> Iterator[Function]:
    with deployed(runner_environment(shared_settings)) as function:
        yield function


@pytest.fixture(params=["local", "http", "lambda"])
async def client(
    request: pytest.FixtureRequest, shared_settings: RunnerSettings
) -> AsyncIterator[RunnerClient]:
    """The same runner through each of its three doors."""
    match request.param:
        case "local":
            async with local_runner(shared_settings) as local:
                yield local
        case "http":
            served: Served = request.getfixturevalue("shared_runner")
            async with HttpRunner(served.url, TOKEN) as http:
                yield http
        case _:
            transport = LambdaTransport(request.getfixturevalue("shared_function"))
            async with HttpRunner("http://function", TOKEN, transport=transport) as http:
                yield http


@pytest.fixture
async def local(settings: RunnerSettings) -> AsyncIterator[RunnerClient]:
    async with local_runner(settings) as opened:
        yield opened


@contextmanager
def _database(server_url: str) -> Iterator[str]:
    name = f"runner_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            url = with_path(server_url, name)
            write_mark(url, GROUND)
            yield url
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def _login(owner_url: str) -> Iterator[RunnerSettings]:
    """The runner logs in as a role that has rights on schema `ai` alone."""
    role, password = f"runner_{secrets.token_hex(6)}", secrets.token_hex(12)
    names = {"role": sql.Identifier(role), "password": sql.Literal(password)}
    with psycopg.connect(owner_url, autocommit=True) as connection:
        create = sql.SQL("CREATE ROLE {role} LOGIN NOINHERIT PASSWORD {password}")
        connection.execute(create.format(**names))
        install(owner_url, role)
        try:
            url = _with_user(owner_url, role, password)
            yield RunnerSettings.model_validate({"database_url": url, "token": TOKEN})
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {role}").format(**names))
            connection.execute(sql.SQL("DROP ROLE {role}").format(**names))


def _with_user(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))

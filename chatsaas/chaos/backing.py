"""PostgreSQL and Redis of one chaos run alone, so that they can be killed and restarted."""

import asyncio
import secrets
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from chatsaas.servers.keeper import watched
from chatsaas.servers.places import Place, choose_place
from chatsaas.servers.ports import find_ports
from chatsaas.servers.postgres import (
    find_postgres,
    restart_immediately,
    start_postgres,
    stop_postgres,
)
from chatsaas.servers.redis import find_redis, start_redis, stop_redis


@dataclass
class Backing:
    """Both URLs lead to the servers themselves, past every proxy."""

    place: Place
    database_url: str
    redis_url: str
    _password: str
    # A thread that restarts a server must not do so when the run is already over.
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _is_over: bool = False

    @property
    def database_port(self) -> int:
        return urlsplit(self.database_url).port or 0

    async def restart_postgres(self) -> None:
        """As a crash and a fast restart: what was not committed is gone, every client is cut."""
        await asyncio.to_thread(self._start, lambda: restart_immediately(self.place))

    async def lose_redis(self, seconds: float) -> None:
        """SIGKILL; another, empty one takes the same port after so long."""
        process = find_redis(self.place)
        if process:
            process.send(signal.SIGKILL, wait=1)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self._start, lambda: start_redis(self.place, self._password))

    async def freeze_redis(self, seconds: float) -> None:
        process = find_redis(self.place)
        if process is None:
            return
        process.send(signal.SIGSTOP, wait=0)
        await asyncio.sleep(seconds)
        process.send(signal.SIGCONT, wait=0)

    def _start(self, start: Callable[[], object]) -> None:
        with self._starting:
            if not self._is_over:
                start()

    def stop(self) -> None:
        with self._starting:
            self._is_over = True
        redis, postgres = find_redis(self.place), find_postgres(self.place)
        if redis:
            redis.send(signal.SIGCONT, wait=0)
            stop_redis(redis)
        if postgres:
            stop_postgres(postgres)


@contextmanager
def open_backing(folder: Path, *, syncs: bool = True) -> Iterator[Backing]:
    """Fresh servers in this folder; nothing of them is left afterwards. Raises ServerError.

    Without `syncs` PostgreSQL leaves writing to the disk to the system. It loses nothing by that,
    however it is killed, and need not read all its files after a crash.

    If this process is killed meanwhile, they end too, and the folder stays.
    """
    with watched(folder):
        yield from _fresh_servers(folder, {} if syncs else {"fsync": "off"})


def _fresh_servers(folder: Path, further: Mapping[str, str]) -> Iterator[Backing]:
    place = choose_place(folder)
    password, redis_password = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    backing = Backing(place, "", "", redis_password)
    try:
        for server, port in zip(("postgres", "redis"), find_ports(2), strict=True):
            (place.home / f"{server}.port").write_text(str(port))
        started = start_postgres(place, password, durable=True, further=further)
        backing.database_url = started.url
        backing.redis_url = start_redis(place, redis_password).url
        yield backing
    finally:
        backing.stop()
        if place.home != folder.resolve():
            shutil.rmtree(place.home, ignore_errors=True)

"""Starts what is missing, shares what runs, stops what no one needs any more."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatsaas.servers.keeper import watched
from chatsaas.servers.places import choose_place
from chatsaas.servers.postgres import find_postgres, start_postgres, stop_postgres
from chatsaas.servers.process import Process, this_process
from chatsaas.servers.redis import find_redis, start_redis, stop_redis
from chatsaas.servers.runfile import (
    STATE_DIR,
    Run,
    Running,
    locked,
    read_private,
    read_run,
    write_private,
    write_run,
)

URL_VARIABLES = ("DATABASE_URL", "REDIS_URL")


@contextmanager
def servers(state_dir: Path = STATE_DIR, *, durable: bool = True) -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL of servers that run: those of the environment, or our own.

    Our own are shared by all who ask for the same `state_dir`, and stop with the last of them,
    be it killed. Raises `ServerError`.
    """
    holder = this_process()
    with watched(state_dir):
        with locked(state_dir):
            run = _ensure(state_dir, durable)
            run.holders.append(holder)
            write_run(state_dir, run)
            urls = given_urls() | run.urls()
        try:
            yield urls
        finally:
            leave_servers(state_dir, holder)


def leave_servers(state_dir: Path, holder: Process) -> None:
    """One use less, if it is still counted; the servers stop when nobody is left."""
    with locked(state_dir):
        run = read_run(state_dir)
        if holder in run.holders:
            run.holders.remove(holder)
        if run.holders or run.kept:
            write_run(state_dir, run)
        else:
            _stop_all(state_dir)


def note_address(state_dir: Path, name: str, url: str, process: Process) -> None:
    """Let every `manage.py` of this checkout find this too, for as long as the process lives."""
    with locked(state_dir):
        run = read_run(state_dir)
        run.servers[name] = Running(process, url)
        write_run(state_dir, run)


def start_servers(state_dir: Path = STATE_DIR) -> Run:
    """Start what the environment does not give, to run until `stop_servers`."""
    with locked(state_dir):
        run = _ensure(state_dir, durable=True)
        run.kept = bool(run.servers)
        write_run(state_dir, run)
    return run


def stop_servers(state_dir: Path = STATE_DIR) -> list[Process]:
    """Stop the servers of this checkout, whoever uses them; says which were running."""
    with locked(state_dir):
        return _stop_all(state_dir)


def given_urls() -> dict[str, str]:
    return {name: os.environ[name] for name in URL_VARIABLES if os.environ.get(name)}


def _ensure(state_dir: Path, durable: bool) -> Run:
    run = read_run(state_dir)
    missing = [name for name in URL_VARIABLES if name not in given_urls()]
    if all(name in run.servers for name in missing):
        return run
    place = choose_place(state_dir)
    passwords = _passwords(place.home)
    starters: dict[str, Callable[[], Running]] = {
        "DATABASE_URL": lambda: start_postgres(place, passwords["postgres"], durable=durable),
        "REDIS_URL": lambda: start_redis(place, passwords["redis"]),
    }
    try:
        for name in missing:
            run.servers[name] = starters[name]()
    except BaseException:
        # Ctrl-C during the start must not leave half of the servers behind.
        if not run.holders and not run.kept:
            _stop_all(state_dir)
        raise
    return run


def _passwords(home: Path) -> dict[str, str]:
    # They live as long as the data, so they lie beside them.
    kept: dict[str, str] | None = read_private(home / "passwords.json")
    if kept is None:
        kept = {name: secrets.token_urlsafe(32) for name in ("postgres", "redis")}
        write_private(home / "passwords.json", kept)
    return kept


def _stop_all(state_dir: Path) -> list[Process]:
    # Looked for in their own folders: the run file may be lost, or not yet written.
    place = choose_place(state_dir)
    stopped = []
    for find, stop in ((find_redis, stop_redis), (find_postgres, stop_postgres)):
        if process := find(place):
            stop(process)
            stopped.append(process)
    write_run(state_dir, Run())
    return stopped

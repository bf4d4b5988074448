"""`python -m chatsaas.servers start|stop|status`."""

import argparse
import sys
from pathlib import Path

from chatsaas.servers.errors import ServerError
from chatsaas.servers.runfile import STATE_DIR, Run, read_run
from chatsaas.servers.secrets import ensure_secrets
from chatsaas.servers.supervise import given_urls, start_servers, stop_servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chatsaas.servers", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status"))
    parser.add_argument("--state", type=Path, default=STATE_DIR, help="where data are kept")
    asked = parser.parse_args()
    for name in given_urls():
        print(f"{name} is set: that server is used as it is.")
    try:
        return {"start": _start, "stop": _stop, "status": _status}[asked.command](asked.state)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1


def _start(state_dir: Path) -> int:
    run = start_servers(state_dir)
    ensure_secrets(state_dir)
    _show(run)
    return 0


def _stop(state_dir: Path) -> int:
    stopped = stop_servers(state_dir)
    print(f"Stopped {len(stopped)} servers." if stopped else "No server was running.")
    return 0


def _status(state_dir: Path) -> int:
    run = read_run(state_dir)
    _show(run)
    return 0 if len(run.servers) + len(given_urls()) >= 2 else 1


def _show(run: Run) -> None:
    for name, server in run.servers.items():
        # Without the password: a terminal's history is no place for it.
        address = server.url.rpartition("@")[2]
        print(f"{name}: running at {address} (process {server.process.pid})")
    if not run.servers and not given_urls():
        print("No server is running. Start them with `python -m chatsaas.servers start`.")


sys.exit(main())

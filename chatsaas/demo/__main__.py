"""`python -m chatsaas.demo`: puts the demo on and keeps it until Ctrl-C."""

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import environ
from rich.console import Console

from chatsaas.demo.settings import read_ports
from chatsaas.demo.stage import open_stage
from chatsaas.demo.steps import Stage
from chatsaas.servers.errors import ServerError
from chatsaas.servers.runfile import STATE_DIR

ROOT = Path(__file__).resolve().parents[2]
ABOUT = """Two customers with their websites, dashboards and first visitors, and all servers."""
VARIABLES = """In the environment or in .env: GATEWAY_PORT, WEBSITE_PORT and RUNNER_PORT choose
other ports than 8000, 8100 and 8200, DATABASE_URL and REDIS_URL other servers than its own."""


def main() -> int:
    parser = argparse.ArgumentParser("python -m chatsaas.demo", None, ABOUT, VARIABLES)
    parser.add_argument(
        "--state", type=Path, default=STATE_DIR, help="where data and logs are kept"
    )
    state_dir = parser.parse_args().state.resolve()
    # Ports and servers may be named there; the environment wins.
    environ.Env.read_env(ROOT / ".env")
    # A supervisor's TERM takes the same way out as Ctrl-C, which a background job would not hear.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    console = Console()
    try:
        with ExitStack() as stack:
            parts = open_stage(Stage(state_dir, read_ports(), console), stack)
            while (ended := parts.ended()) is None:
                time.sleep(0.5)
            console.print(f"[red]The {ended.name} ended.[/red] Its last words:")
            console.print(ended.last_words(), markup=False)
            return 1
    except ServerError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped. Everything is down; the data is kept.")
        return 0


if __name__ == "__main__":
    sys.exit(main())

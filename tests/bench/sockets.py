"""`make bench-sockets`: sockets that wait, that come and go, that read nothing, that come back.

Figures of a real gateway on loopback, with its limits counted but out of reach; they are written
to docs/crowds.md.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psutil
from rich.console import Console

from chatsaas.chaos.command import Stopped, keep_going
from tests.bench.crowd import Crowd, CrowdFailed
from tests.ground.environment import environment

OUT_OF_REACH = "100000"
SPARE_FILES = 1_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-sockets", description=__doc__)
    parser.add_argument("--idle", type=int, default=5_000, help="sockets held at once")
    parser.add_argument("--cycles", type=int, default=10_000, help="connects and closes")
    parser.add_argument("--pings", type=int, default=200_000, help="of a client that reads nothing")
    parser.add_argument("--storm", type=int, default=2_000, help="sockets of a gateway that dies")
    asked = parser.parse_args()
    console = Console()
    try:
        _allow_files(max(asked.idle, asked.storm) + SPARE_FILES)
        _run(asked, console)
    except Stopped:
        console.print("Stopped: nothing was written, and nothing is left running.")
        return 130
    except (CrowdFailed, TimeoutError) as error:
        console.print(f"Broken off: {error or 'a socket was not greeted within five minutes.'}")
        return 1
    return 0


def _run(asked: argparse.Namespace, console: Console) -> None:
    with environment(), tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as on:
        import django

        django.setup()
        # Django's settings must stand before anything below is imported.
        from tests.bench.crowd_report import Progressing, write_document
        from tests.bench.crowd_rounds import Asked, measure
        from tests.bench.site import ORIGIN, make_site
        from tests.ground.ground import open_ground
        from tests.ground.server import connect

        ground = on.enter_context(open_ground(Path(folder), from_nothing=True))
        database = on.enter_context(connect(ground.database.url))
        database.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        on.enter_context(ground.runner())
        site = make_site()
        gateways = [
            on.enter_context(ground.gateway(second=second, LIMITS_FACTOR=OUT_OF_REACH))
            for second in (False, True)
        ]
        crowds = [Crowd(one.url, site, ORIGIN, psutil.Process(one.pid)) for one in gateways]
        progress = on.enter_context(Progressing(console))
        wanted = Asked(**vars(asked))
        work = measure(crowds[0], crowds[1], wanted, gateways[0].kill9, database, progress.step)
        figures = asyncio.run(keep_going(work))
    write_document(figures, console)


def _allow_files(count: int) -> None:
    """For this process and those that it starts. Raises CrowdFailed where the system forbids it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise CrowdFailed(
            f"A process may open {hard:,} files here and {count:,} are wanted: raise the hard "
            "limit (`ulimit -Hn`), or ask for less with --idle and --storm."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


if __name__ == "__main__":
    sys.exit(main())

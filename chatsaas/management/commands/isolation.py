"""`manage.py isolation`: eight busy tenants, and every byte of output searched for the others."""

import asyncio
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from chatsaas.isolation.document import write_isolation
from chatsaas.isolation.run import Plan, Run, isolate
from chatsaas.servers.errors import ServerError
from chatsaas.terminal.progress import progress_of


class Command(BaseCommand):
    help = (
        "Runs eight tenants on servers of its own, with faults, and searches all output for words "
        "of other tenants. Exit status 0 only when there are none. Ctrl-C ends it early and still "
        "tells what was found."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--requests", type=int, default=5_000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="K")
        parser.add_argument("--fault-every", type=float, default=10.0, metavar="S")
        parser.add_argument(
            "--folder",
            type=Path,
            help="for servers, logs and the report; without it a folder below .state/isolation",
        )
        parser.add_argument(
            "--document", action="store_true", help="write the figures to docs/reliability.md too"
        )
        parser.add_argument(
            "--naive",
            action="store_true",
            help="the control: a gateway that sets the tenant in connect(); it has to leak",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        kept = Path(settings.BASE_DIR) / ".state" / "isolation" / f"seed-{options['seed']}"
        folder = options["folder"] or kept
        folder.mkdir(parents=True, exist_ok=True)
        plan = Plan(options["requests"], options["seed"], options["fault_every"], options["naive"])
        with progress_of(plan.requests, "requests", console) as told:
            run = Run(plan, folder, told)
            try:
                asyncio.run(_until_stopped(run))
            except ServerError as error:
                raise CommandError(str(error)) from None
            except (KeyboardInterrupt, asyncio.CancelledError):
                raise CommandError("Stopped; nothing was left running.") from None
            finally:
                # Whatever ended it: what was found until then is told.
                report = run.report()
                report.save(folder / "report.json")
                if run.town is not None:
                    report.show(console)
        if options["document"] and report.is_whole:
            write_isolation(report)
        console.print(f"The report and the logs are in {folder}.", soft_wrap=True)
        console.print(report.last_line, soft_wrap=True)
        if not report.is_clean:
            raise SystemExit(1)


async def _until_stopped(run: Run) -> None:
    """The first Ctrl-C sends the people home, if they have come; another one ends everything."""
    loop = asyncio.get_running_loop()
    working = asyncio.ensure_future(isolate(run))

    def stop() -> None:
        if not run.stop():
            working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await working

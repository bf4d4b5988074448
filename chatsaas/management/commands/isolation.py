"""`manage.py isolation`: eight busy tenants, and every byte of output searched for the others."""

import asyncio
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from chatsaas.isolation.document import write_isolation
from chatsaas.isolation.report import Report
from chatsaas.isolation.run import isolate
from chatsaas.servers.errors import ServerError


class Command(BaseCommand):
    help = (
        "Runs eight tenants on servers of its own, with faults, and searches all output for words "
        "of other tenants. Exit status 0 only when there are none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--requests", type=int, default=5_000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="K")
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
        try:
            report = _run(console, folder, options)
        except ServerError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was left running.") from None
        report.save(folder / "report.json")
        report.show(console)
        if options["document"]:
            write_isolation(report)
        console.print(f"The report and the logs are in {folder}.", soft_wrap=True)
        console.print(report.last_line, soft_wrap=True)
        if not report.is_clean:
            raise SystemExit(1)


def _run(console: Console, folder: Path, options: dict[str, Any]) -> Report:
    with Progress(console=console) as progress:
        task = progress.add_task("  requests", total=options["requests"])
        return asyncio.run(
            isolate(
                folder,
                requests=options["requests"],
                seed=options["seed"],
                naive=options["naive"],
                told=lambda made: progress.advance(task, made),
            )
        )

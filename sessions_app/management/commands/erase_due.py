"""`manage.py erase_due`: what the worker does every hour, now."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from ai_bridge.errors import RunnerError
from sessions_app.retention.finding import count_overdue
from sessions_app.retention.running import Place, erase_tenant, keeping_schemas
from sessions_app.runner_port import close_runner
from tenants.models import Tenant
from tenants.scope import tenant_scope

LONG = 20


class Command(BaseCommand):
    help = "Erases now what templates let be kept no longer (x-intake.retain_days)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", default="", help="its slug; every one if not given")
        parser.add_argument("--dry-run", action="store_true", help="counts, and erases nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        due = {schema: _count(schema) for schema in _schemas(options["tenant"])}
        for schema, count in due.items():
            self.stdout.write(f"{schema}: {count} due")
        if options["dry_run"]:
            return
        try:
            asyncio.run(_erase_all(due))
        except RunnerError as error:
            raise CommandError(
                "The runner keeps a part of every conversation and cannot be reached: "
                f"{error.detail} What is not erased stays due. Run `manage.py doctor`, then this."
            ) from error
        left = sum(_count(schema) for schema in due)
        if left:
            raise CommandError(f"{left} could not be erased; the log says why. Run this again.")
        self.stdout.write(self.style.SUCCESS(f"{sum(due.values())} erased."))


def _schemas(slug: str) -> list[str]:
    if not slug:
        return keeping_schemas()
    found = Tenant.objects.filter(slug=slug).values_list("schema_name", flat=True)
    if not found:
        raise CommandError(f"There is no tenant {slug}. Give the slug of its dashboard's address.")
    return list(found)


def _count(schema: str) -> int:
    with tenant_scope(schema):
        return count_overdue(timezone.now())


async def _erase_all(due: dict[str, int]) -> None:
    total = sum(due.values())
    is_shown = total >= LONG and sys.stderr.isatty()
    bar = Progress(console=Console(stderr=True), disable=not is_shown, transient=True)
    task = bar.add_task("Erasing", total=total)
    try:
        with bar:
            for schema in due:
                await _erase_tenant(schema, lambda: bar.advance(task))
    finally:
        await close_runner()


async def _erase_tenant(schema: str, tell: Callable[[], None]) -> None:
    async with aclosing(erase_tenant(Place(schema))) as erased:
        async for _ in erased:
            tell()

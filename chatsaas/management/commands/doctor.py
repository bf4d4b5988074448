"""`manage.py doctor`: checks the whole and says how to mend what does not hold."""

import sys
from typing import Any

import httpx
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from redis import RedisError

from chatsaas.terminal.checks import CHECKS, Check, CheckError

MENDS = {
    "database": "Start PostgreSQL, or correct DATABASE_URL; then `manage.py install_database`.",
    "migrations": "Run `python manage.py install_database`.",
    "clock": "It is read from the database: mend that first.",
    "Redis": "Start Redis, or correct REDIS_URL.",
    "channel layer": "It needs Redis: mend that first.",
    "runner": "Start it: `uvicorn ai_bridge.runner.app:app`, or correct RUNNER_URL.",
    "worker": "It is reached through Redis: mend that first.",
    "beat": "It is heard through Redis: mend that first.",
}


class Command(BaseCommand):
    help = "Checks database, Redis, runner, worker, beat, migrations, secrets and clock."

    def handle(self, *args: Any, **options: Any) -> None:
        failures = sum(not self._report(check) for check in CHECKS)
        if failures:
            self.stdout.write(self.style.ERROR(f"{failures} of {len(CHECKS)} checks failed."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("Everything holds."))

    def _report(self, check: Check) -> bool:
        try:
            found = check.ask()
        except CheckError as failure:
            return self._show_failure(check, failure.found, failure.mend)
        except (DatabaseError, RedisError, httpx.HTTPError, OSError) as error:
            return self._show_failure(check, str(error).splitlines()[0], MENDS[check.name])
        self.stdout.write(f"{self.style.SUCCESS('ok  ')} {check.name}: {found}")
        return True

    def _show_failure(self, check: Check, found: str, mend: str) -> bool:
        self.stdout.write(f"{self.style.ERROR('FAIL')} {check.name}: {found}")
        self.stdout.write(f"     {mend}")
        return False

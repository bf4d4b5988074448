"""`manage.py doctor`: checks the whole and says how to mend what does not hold."""

import sys
from typing import Any

import httpx
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from kombu.exceptions import KombuError
from redis import RedisError

from chatsaas.mends import MENDS
from chatsaas.terminal.checks import CHECKS, Check, CheckError


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
        except (DatabaseError, RedisError, KombuError, httpx.HTTPError, OSError) as error:
            return self._show_failure(check, str(error).splitlines()[0], MENDS[check.name.lower()])
        self.stdout.write(f"{self.style.SUCCESS('ok  ')} {check.name}: {found}")
        return True

    def _show_failure(self, check: Check, found: str, mend: str) -> bool:
        self.stdout.write(f"{self.style.ERROR('FAIL')} {check.name}: {found}")
        self.stdout.write(f"     {mend}")
        return False

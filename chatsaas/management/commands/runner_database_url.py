"""`manage.py runner_database_url`: the runner's own login, for its environment."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Prints RUNNER_DATABASE_URL: a login that may touch schema `ai` alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(settings.RUNNER_DATABASE_URL)

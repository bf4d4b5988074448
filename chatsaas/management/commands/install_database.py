"""`manage.py install_database`: the one database step of a deploy."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ai_bridge.runner import schema as runner_schema
from tenants.provisioning import install_database


class Command(BaseCommand):
    help = (
        "Makes roles, tables and schemas fit this version. Safe to run again, and on every deploy."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for step in install_database():
            self.stdout.write(f"  {step}")
        self.stdout.write("  checkpoints of the runner")
        runner_schema.install(settings.DATABASE_URL, settings.RUNNER_ROLE)
        self.stdout.write("The database fits this version.")

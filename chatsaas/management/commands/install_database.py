"""`manage.py install_database`: the one database step of a deploy."""

from typing import Any

from django.core.management.base import BaseCommand

from chatsaas.installing import install


class Command(BaseCommand):
    help = (
        "Makes roles, tables and schemas fit this version. Safe to run again, and on every deploy."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for step in install():
            self.stdout.write(f"  {step}")
        self.stdout.write("The database fits this version.")

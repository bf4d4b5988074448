"""`manage.py gateway`: serves the gateway with the options that its promises depend on."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chatsaas.serving import GATEWAY_OPTIONS


class Command(BaseCommand):
    help = "Serves HTTP and sockets of all tenants. Further options go to uvicorn, after `--`."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("further", nargs="*", help="options of uvicorn, as --workers 4")

    def handle(self, *args: Any, **options: Any) -> None:
        address = ("--host", options["host"], "--port", options["port"])
        command = ("-m", "uvicorn", *address, *GATEWAY_OPTIONS, *options["further"])
        # Takes this process's place, so that a supervisor's signals reach the server itself.
        os.execv(sys.executable, [sys.executable, *command, "chatsaas.asgi:application"])

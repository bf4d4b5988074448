"""`manage.py gateway`: serves the gateway with the options that its promises depend on."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chatsaas.servers.ports import LOOPBACK
from chatsaas.serving import gateway_command


class Command(BaseCommand):
    help = "Serves HTTP and sockets of all tenants. Further options go to uvicorn, after `--`."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=LOOPBACK)
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("further", nargs="*", help="options of uvicorn, as --workers 4")

    def handle(self, *args: Any, **options: Any) -> None:
        command = gateway_command(options["host"], options["port"], *options["further"])
        # Takes this process's place, so that a supervisor's signals reach the server itself.
        os.execv(command[0], command)

"""`manage.py chaos`: kills and freezes everything while visitors chat, and checks what is left."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chatsaas.chaos.command import Stopped, fresh_seed, run_command
from chatsaas.chaos.run import Plan
from chatsaas.servers.errors import ServerError


class Command(BaseCommand):
    help = "Breaks servers, processes and connections of its own, and checks every promise."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sessions", type=int, default=100)
        parser.add_argument("--turns", type=int, default=5, help="messages in each session")
        parser.add_argument("--kill-every", type=float, default=2.0, metavar="SECONDS")
        parser.add_argument("--least-kills", type=int, default=0, help="visitors wait for them")
        parser.add_argument("--least-hits", type=int, default=0, help="of each cell of the matrix")
        parser.add_argument("--seed", type=int, default=None, help="a fresh one if not given")
        parser.add_argument("--naive", action="store_true", help="the control, which must fail")
        parser.add_argument("--artefacts", type=Path, default=None, help="where files are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan(
            sessions=options["sessions"],
            turns=options["turns"],
            kill_every=options["kill_every"],
            seed=fresh_seed() if options["seed"] is None else options["seed"],
            naive=options["naive"],
            least_kills=options["least_kills"],
            least_hits=options["least_hits"],
        )
        if min(plan.sessions, plan.turns) < 1 or plan.kill_every <= 0:
            raise CommandError("Give at least one session, one turn, and a time above 0.")
        try:
            report = run_command(plan, options["artefacts"])
        except ServerError as error:
            raise CommandError(str(error)) from error
        except Stopped:
            raise CommandError("Stopped. Nothing is left running.", returncode=130) from None
        if not report.is_clean:
            sys.exit(1)

"""`manage.py verify_session ID`: does the conversation still come to what was recorded?"""

import sys
from argparse import ArgumentTypeError
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import track

from ai_bridge.errors import RunnerError
from chatsaas.terminal.verify import SessionNotFound, Transcript, Verdict, find_transcript, verify

LONG = 5
ERASED = 3


def _session_id(text: str) -> UUID:
    try:
        return UUID(text.removeprefix("ses_"))
    except ValueError as error:
        raise ArgumentTypeError(
            f"{text} is no session's id: give `ses_` and 32 hexadecimal digits, or a UUID"
        ) from error


class Command(BaseCommand):
    help = "Replays a session in fresh processes and compares its state after every turn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session", type=_session_id, help="the session's id, ses_...")
        parser.add_argument("--tenant", default="", help="its slug; every active one if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            transcript = find_transcript(options["session"], options["tenant"])
            if transcript.erased:
                self._tell_erased(transcript)
                sys.exit(ERASED)
            differences = self._verify(transcript)
        except SessionNotFound as error:
            raise CommandError(str(error)) from error
        except RunnerError as error:
            raise CommandError(
                f"The runner's tables cannot be reached: {error.detail} Run `manage.py doctor`."
            ) from error
        if differences:
            sys.exit(1)

    def _tell_erased(self, transcript: Transcript) -> None:
        """Neither proved nor found to differ: a status of its own says so to scripts."""
        self.stdout.write(
            self.style.WARNING(
                f"{transcript.public_id} cannot be recomputed: what was said in it was erased on "
                f"{transcript.erased}, as its template asks. No turn was compared."
            )
        )

    def _verify(self, transcript: Transcript) -> int:
        count = len(transcript.turns)
        self.stdout.write(f"{transcript.public_id}, template {transcript.template_hash}")
        verdicts = track(
            verify(transcript),
            "Replaying",
            total=count,
            console=Console(stderr=True),
            disable=count < LONG or not sys.stderr.isatty(),
            transient=True,
        )
        told = [self._tell(verdict) for verdict in verdicts]
        return self._sum_up(told)

    def _tell(self, verdict: Verdict) -> Verdict:
        what = f"turn {verdict.ordinal:>3}  {verdict.kind:<10}"
        if verdict.is_skipped:
            self.stdout.write(f"{what}  skipped: it was {verdict.status}, so nothing is recorded")
        elif verdict.differs:
            self.stdout.write(self.style.ERROR(f"{what}  DIFFERS"))
            self.stdout.write(f"  recorded  {verdict.recorded}")
            self.stdout.write(f"  now       {verdict.found}")
        else:
            self.stdout.write(f"{what}  {self.style.SUCCESS('ok')}")
        return verdict

    def _sum_up(self, told: list[Verdict]) -> int:
        replayed = sum(not verdict.is_skipped for verdict in told)
        differences = sum(verdict.differs for verdict in told)
        skipped = len(told) - replayed
        left_out = f" {skipped} skipped." if skipped else ""
        if differences:
            line = f"{differences} of {replayed} turns come to another state.{left_out}"
            self.stdout.write(self.style.ERROR(line))
        else:
            line = f"{replayed} turns replayed, every state is the recorded one.{left_out}"
            self.stdout.write(self.style.SUCCESS(line))
        return differences

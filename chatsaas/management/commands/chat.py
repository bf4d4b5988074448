"""`manage.py chat`: a terminal visitor over the real WebSocket."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from chatsaas.mends import MENDS
from chatsaas.terminal.visitor import Door, Visitor, VisitorError
from tenants.keys import live_key, schema_of_key
from tenants.scope import tenant_scope


class Command(BaseCommand):
    help = "Chat as a visitor of a site. With --script, says the lines of a file and ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, help="the site key, pk_...")
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="the gateway's address")
        parser.add_argument("--origin", help="the page's origin; the site's first if not given")
        parser.add_argument(
            "--script", type=argparse.FileType(encoding="utf-8"), help="a file, one message a line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        origin = options["origin"] or _first_origin(options["site"])
        door = Door(options["url"].rstrip("/"), options["site"], origin)
        lines = iter(_script(options["script"])) if options["script"] else _typed()
        try:
            with Visitor(door) as visitor:
                self.stdout.write(visitor.grant["settings"]["greeting"])
                self._converse(visitor, lines, echo=bool(options["script"]))
        except VisitorError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nBye.")

    def _converse(self, visitor: Visitor, lines: Iterator[str], *, echo: bool) -> None:
        for line in lines:
            if echo:
                self.stdout.write(f"> {line}")
            for frame in visitor.say(line):
                self._show(frame)

    def _show(self, frame: dict[str, Any]) -> None:
        # The greeting has no turn, and was shown already.
        if frame["type"] == "message" and frame["role"] == "assistant" and frame["turn"]:
            self.stdout.write(frame["text"])
            if frame["choices"]:
                buttons = "  ".join(f"[{choice['label']}]" for choice in frame["choices"])
                self.stdout.write(f"  {buttons}")
        elif frame["type"] == "field":
            self.stdout.write(f"  [{frame['status']} {frame['path']} = {frame['value']!r}]")
        elif frame["type"] == "completed":
            self.stdout.write(json.dumps(frame["fields"], indent=2, ensure_ascii=False))


def _typed() -> Iterator[str]:
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            return
        if line:
            yield line


def _script(stream: Any) -> list[str]:
    try:
        with stream:
            return [line.strip() for line in stream if line.strip()]
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{stream.name} is no text in UTF-8: {error}. Save it as such."
        ) from error


def _first_origin(site: str) -> str:
    """The origin a browser would send from the customer's page."""
    try:
        schema = schema_of_key(site)
    except OperationalError as error:
        raise CommandError(f"The database does not answer. {MENDS['database']}") from error
    if schema is None:
        raise CommandError("This site key is unknown or revoked. Copy it from the snippet page.")
    with tenant_scope(schema):
        key = live_key(site)
        origins = key.website.allowed_origins if key else []
    if not origins:
        raise CommandError("The website has no allowed origin. Add one on its page, or --origin.")
    return str(origins[0])

"""`manage.py template`: check, import, export, or take a template from the gallery."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ai_bridge.intake import (
    TemplateInvalid,
    check_template,
    compile_template,
    locate,
    parse_template,
    positions,
)
from sessions_app.management.exchange import ACTIONS, add_actions


class Command(BaseCommand):
    help = "Checks, imports and exports intake templates. Needs no server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="list every problem with its place and mend")
        check.add_argument("file", type=Path, help="the template, a JSON file")
        add_actions(actions)

    def handle(self, *args: Any, **options: Any) -> None:
        action = ACTIONS.get(options["action"])
        if action:
            action(options, self.stdout, self.stderr)
        else:
            self._check(options)

    def _check(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        text = _read(path)
        try:
            document = parse_template(text)
        except TemplateInvalid as error:
            raise CommandError(f"{path}: {error.problems[0]}") from error
        problems = check_template(document)
        if problems:
            places = positions(text)
            lines = []
            for problem in problems:
                line, column = locate(problem.pointer, places)
                lines.append(f"{path}:{line}:{column}: {problem}")
            raise CommandError("\n".join(lines))
        fields = len(compile_template(document).fields)
        self.stdout.write(f"{path}: a good template with {fields} fields.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise CommandError(f"{path}: {reason}. Give a JSON file.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error

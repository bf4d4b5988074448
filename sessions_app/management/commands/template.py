"""`manage.py template`: check, import, export, or take a template from the gallery."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ai_bridge.intake import check_template, compile_template, lint_template
from sessions_app.management.exchange import ACTIONS, add_actions, located, read_file


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
        read = read_file(path)
        if problems := check_template(read.value):
            raise CommandError(
                "\n".join(located(path, read, item.pointer, str(item)) for item in problems)
            )
        for item in lint_template(read.value):
            self.stderr.write(located(path, read, item.pointer, f"warning: {item}"))
        fields = len(compile_template(read.value).fields)
        self.stdout.write(f"{path}: a good template with {fields} fields.")

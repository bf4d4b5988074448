"""`manage.py evaluate FILE.jsonl`: how well an extractor fills recorded dialogues."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ai_bridge.contract import Provider, ProviderKind
from ai_bridge.evaluation.by_model import ModelReader
from ai_bridge.evaluation.dialogues import DialogueFormatError
from ai_bridge.evaluation.gold import Dialogue
from ai_bridge.evaluation.report import Report, evaluate_file, write_predictions
from ai_bridge.evaluation.run import Read


class Command(BaseCommand):
    help = "Scores an extractor on a file of recorded dialogues. Needs no server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="dialogues, one JSON object a line")
        parser.add_argument("--extractor", choices=("rules", "model", "hybrid"), default="rules")
        parser.add_argument("--provider", choices=get_args(ProviderKind), default="openai")
        parser.add_argument("--model", default="", help="the model's name; each message is paid")
        parser.add_argument("--base-url", default="", help="default: the provider's own")
        parser.add_argument("--key-file", type=Path, help="a file with nothing but the key")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--predictions", type=Path, help="write what was filled to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["extractor"] == "rules":
            report = _evaluate(options["file"])
        else:
            report = self._evaluate_model(options)
        if options["predictions"]:
            write_predictions(options["predictions"], report.predictions)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2))
        else:
            _print(report)

    def _evaluate_model(self, options: dict[str, Any]) -> Report:
        with ModelReader(_provider(options)) as reader:
            report = _evaluate(options["file"], reader.read)
        for trouble, count in sorted(reader.troubles.items()):
            self.stderr.write(f"{count} messages were read by rules alone: {trouble}.")
        return report


def _provider(options: dict[str, Any]) -> Provider:
    if not options["model"]:
        raise CommandError("Reading with a model needs its name. Give --model NAME.")
    key_file = options["key_file"]
    try:
        key = key_file.read_text(encoding="utf-8").strip() if key_file else ""
    except OSError as error:
        raise CommandError(f"{key_file}: {error.strerror}. Give another --key-file.") from error
    return Provider(
        kind=options["provider"],
        model=options["model"],
        base_url=options["base_url"],
        api_key=key,
        extractor=options["extractor"],
    )


def _evaluate(path: Path, read: Read | None = None) -> Report:
    try:
        return evaluate_file(path, _track, read)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise CommandError(f"{path}: {reason}. Give a file of dialogues.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text. Convert it first.") from error
    except DialogueFormatError as error:
        raise CommandError(str(error)) from error


def _track(dialogues: list[Dialogue], title: str) -> Iterable[Dialogue]:
    hidden = not sys.stderr.isatty()
    return track(dialogues, title, console=Console(stderr=True), disable=hidden, transient=True)


def _print(report: Report) -> None:
    columns = (report.as_written.as_json(), report.lower_cased.as_json())
    table = Table("", "as written", "lower-cased", title="Slots, states and times")
    for name in ("precision", "recall", "f1", "jga", "final_exact", "p50_ms", "p95_ms", "turns"):
        table.add_row(name, *(str(column[name]) for column in columns))
    kinds = Table("kind", "gold", "precision", "recall", "f1", "f1 lower", title="By kind")
    for name, figures in columns[0]["kinds"].items():
        lowered = columns[1]["kinds"][name]["f1"]
        cells = (figures["gold"], figures["precision"], figures["recall"], figures["f1"], lowered)
        kinds.add_row(name, *map(str, cells))
    console = Console()
    console.print(table)
    console.print(kinds)

"""The actions `import`, `export` and `gallery` of `manage.py template`."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from ai_bridge.intake import JsonFile, Problem, TemplateInvalid, UnreadableJson, read_json
from ai_bridge.intake_exchange import (
    EXPORTERS,
    IMPORTERS,
    ExchangeError,
    Exported,
    Imported,
    Loss,
    export_response,
    export_template,
    import_template,
)
from ai_bridge.intake_gallery import TRADES, gallery_template

RESPONSE = "fhir-response"


def add_actions(actions: Any) -> None:
    """Add the sub-commands to those of `manage.py template`."""
    bring: ArgumentParser = actions.add_parser("import", help="make a draft from another format")
    bring.add_argument("file", type=Path, help="a form, a schema or an example, as JSON")
    bring.add_argument("--format", choices=sorted(IMPORTERS), help="default: recognised")
    take: ArgumentParser = actions.add_parser("export", help="write it in another format")
    take.add_argument("file", type=Path, help="the template, a JSON file")
    take.add_argument("--format", choices=sorted((*EXPORTERS, RESPONSE)), required=True)
    take.add_argument("--values", type=Path, help=f"a result document, for {RESPONSE}")
    show: ArgumentParser = actions.add_parser("gallery", help="list templates, or write one")
    show.add_argument("name", nargs="?", choices=sorted(TRADES), help="default: list all")
    for parser in (bring, take, show):
        parser.add_argument("--out", type=Path, help="write to this file; default: the terminal")
        parser.add_argument("--json", action="store_true", help="one JSON object for machines")


def run_import(options: dict[str, Any], out: OutputWrapper, err: OutputWrapper) -> None:
    path: Path = options["file"]
    source = read_file(path)
    try:
        found = import_template(source.value, options["format"] or "")
    except ExchangeError as fault:
        raise CommandError(f"{path}: {fault}") from fault
    text = _pretty(found.template)
    if options["json"]:
        out.write(_pretty(_report(found.format, found.losses, source) | _draft(found)))
        _write(options["out"], text)
    else:
        _say_losses(path, found.losses, source, err)
        _deliver(options["out"], text, out, err, f"A draft from {found.format}")
    if found.problems:
        raise CommandError(_faults(options["out"], text, found.problems))


def run_export(options: dict[str, Any], out: OutputWrapper, err: OutputWrapper) -> None:
    path: Path = options["file"]
    source = read_file(path)
    found = _export(path, source, options)
    # What a response leaves out stands in the values, not in the template.
    is_response = options["format"] == RESPONSE
    losses_in = read_file(options["values"]) if is_response else source
    text = _pretty(found.document)
    if options["json"]:
        report = _report(found.format, found.losses, losses_in)
        out.write(_pretty(report | {"document": found.document}))
        _write(options["out"], text)
        return
    _say_losses(options["values"] if is_response else path, found.losses, losses_in, err)
    _deliver(options["out"], text, out, err, f"The {found.format} document")


def _export(path: Path, source: JsonFile, options: dict[str, Any]) -> Exported:
    is_response, values = options["format"] == RESPONSE, options["values"]
    if is_response and values is None:
        raise CommandError(f"{RESPONSE} needs the collected values. Give --values FILE.")
    try:
        if is_response:
            return export_response(source.value, read_file(values).value)
        return export_template(source.value, options["format"])
    except TemplateInvalid as fault:
        lines = [located(path, source, item.pointer, str(item)) for item in fault.problems]
        raise CommandError("\n".join(lines)) from fault
    except ExchangeError as fault:
        raise CommandError(f"{values or path}: {fault}") from fault


def run_gallery(options: dict[str, Any], out: OutputWrapper, err: OutputWrapper) -> None:
    name = options["name"]
    if name:
        text = _pretty(gallery_template(name))
        _deliver(options["out"], text, out, err, f"The template {name}")
        return
    rows = [
        {"name": name, "trade": trade, "title": gallery_template(name)["title"]}
        for name, trade in TRADES.items()
    ]
    if options["json"]:
        out.write(_pretty(rows))
        return
    for row in rows:
        out.write(f"{row['name']:<22} {row['trade']:<22} {row['title']}")
    out.write("\nWrite one with: manage.py template gallery NAME --out FILE")


ACTIONS: dict[str, Callable[[dict[str, Any], OutputWrapper, OutputWrapper], None]] = {
    "import": run_import,
    "export": run_export,
    "gallery": run_gallery,
}


def read_file(path: Path) -> JsonFile:
    """Raises CommandError, with line and column, for what cannot be read."""
    try:
        return read_json(path.read_bytes())
    except OSError as fault:
        raise CommandError(f"{path}: {fault.strerror}. Give a JSON file.") from fault
    except UnreadableJson as fault:
        place = f"{path}:{fault.line}:{fault.column}"
        raise CommandError(f"{place}: {fault.detail} {fault.mend}") from fault


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def located(path: Path | str, source: JsonFile, pointer: str, text: str) -> str:
    """The text behind its place in the file: `FILE:LINE:COLUMN: ...`."""
    line, column = source.place(pointer)
    return f"{path}:{line}:{column}: {text}"


def _say_losses(path: Path, losses: Iterable[Loss], source: JsonFile, err: OutputWrapper) -> None:
    for loss in losses:
        err.write(located(path, source, loss.pointer, f"warning: {loss}"))


def _deliver(
    target: Path | None, text: str, out: OutputWrapper, err: OutputWrapper, what: str
) -> None:
    if target is None:
        out.write(text)
        return
    _write(target, text)
    err.write(f"{what} is in {target}.")


def _write(target: Path | None, text: str) -> None:
    if target is None:
        return
    try:
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{target}: {fault.strerror}. Give another --out.") from fault


def _faults(target: Path | None, text: str, problems: Iterable[Problem]) -> str:
    """The draft's own problems, by their place in the draft as written."""
    draft, name = read_json(text), target or "draft"
    lines = [located(name, draft, item.pointer, f"problem: {item}") for item in problems]
    return "\n".join(["The draft needs mending before it can be used.", *lines])


def _report(source_format: str, losses: Iterable[Loss], source: JsonFile) -> dict[str, Any]:
    def row(loss: Loss) -> dict[str, Any]:
        line, column = source.place(loss.pointer)
        return asdict(loss) | {"line": line, "column": column}

    return {"format": source_format, "warnings": [row(loss) for loss in losses]}


def _draft(found: Imported) -> dict[str, Any]:
    return {
        "template": found.template,
        "problems": [asdict(problem) for problem in found.problems],
    }

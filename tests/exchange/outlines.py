"""Samples and public data for the tests of the exchange, and what a template asks for in short."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ai_bridge.intake import read_json
from ai_bridge.intake.references import resolve_references
from ai_bridge.intake_exchange import Imported, import_template
from ai_bridge.intake_exchange.logic import Condition
from ai_bridge.intake_exchange.outline import Part, outline
from tests.public_data import public

HERE = Path(__file__).parent
SAMPLES = sorted(path.stem for path in (HERE / "samples").glob("*.json"))

# kind, title, whether required, options with labels, when it is there
Fact = tuple[str, str, bool, tuple[tuple[Any, str], ...], Condition]


def sample_path(name: str) -> Path:
    return HERE / "samples" / f"{name}.json"


def sample(name: str) -> Any:
    return read_json(sample_path(name).read_bytes()).value


def brought(name: str) -> Imported:
    return import_template(sample(name))


def corpus(name: str) -> Any:
    return json.loads(public(f"corpora/{name}").read_text(encoding="utf-8"))


def facts(template: Mapping[str, Any]) -> dict[str, Fact]:
    """Every field and object by path: what a round trip has to keep."""
    parts, _ = outline(resolve_references(template)[0])
    return dict(_facts(parts, ""))


def _facts(parts: Iterable[Part], prefix: str) -> Iterator[tuple[str, Fact]]:
    for part in parts:
        path = prefix + part.path
        yield path, (part.kind, part.title, part.is_required, part.options, part.visible)
        yield from _facts(part.parts, f"{path}[]." if part.kind == "group" else prefix)


def kinds(template: Mapping[str, Any]) -> dict[str, str]:
    return {path: fact[0] for path, fact in facts(template).items()}


def lost(found: Imported) -> set[str]:
    return {loss.pointer for loss in found.losses}

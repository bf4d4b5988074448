"""The scripted conversations: what visitors write, and what must come of it.

A file is a list of conversations under one template. In `talk`, a line is what the visitor writes;
a line that begins with `=>` says what holds once the line before it was answered: `path: value`
for values that stand, and the words of `Expected`.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import ai_bridge.intake_gallery

HERE = Path(__file__).parent
GALLERY = Path(ai_bridge.intake_gallery.__file__).parent
# A Monday.
NOW = "2026-03-02T10:00"


class GoldLoader(yaml.SafeLoader):
    """As JSON reads scalars: days stay text, so do `yes`, `14:30` and `+4930123456`."""


GoldLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null", "n"),
    ("int", r"-?(?:0|[1-9]\d*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9]\d*)\.\d+", "-0123456789"),
):
    GoldLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), list(first)
    )


@dataclass(frozen=True)
class Expected:
    """What holds after one line.

    `asks`: the path that is asked for next, or null. `says`: words that the reply contains.
    `keeps`: no value changed. `lacks`: paths without a value. `status` as the runner gives it.
    """

    values: dict[str, Any]
    says: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    keeps: bool = False
    status: str = ""
    asks: str | None = ""


@dataclass(frozen=True)
class Line:
    text: str
    expected: Expected = field(default_factory=lambda: Expected({}))


@dataclass(frozen=True)
class Script:
    """One conversation. `result` is the document that its end leaves, whatever the status."""

    name: str
    place: str
    template: dict[str, Any]
    region: str
    now: datetime
    shows: frozenset[str]
    talk: tuple[Line, ...]
    status: str
    result: dict[str, Any]


def read_scripts() -> tuple[Script, ...]:
    return tuple(script for path in sorted(HERE.glob("*.yaml")) for script in _read(path))


def _read(path: Path) -> list[Script]:
    body = yaml.load(path.read_text("utf-8"), GoldLoader)
    common = {"now": NOW, "region": "", **body}
    return [_script(path, {**common, **one}) for one in body["conversations"]]


def _script(path: Path, one: dict[str, Any]) -> Script:
    return Script(
        name=one["name"],
        place=f"{path.stem}: {one['name']}",
        template=_template(one["template"]),
        region=one["region"],
        now=datetime.fromisoformat(f"{one['now']}:00+00:00"),
        shows=frozenset(one["shows"].split()),
        talk=_talk(one["talk"]),
        status=one["ends"],
        result=_nested(one["result"]),
    )


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    """`a.b: 1` is short for `a: {b: 1}`."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, name = path.split(".")
        node = whole
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = value
    return whole


@cache
def _template(name: str) -> dict[str, Any]:
    own = HERE / "templates" / f"{name}.json"
    path = own if own.exists() else GALLERY / f"{name}.json"
    template: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return template


def _talk(text: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    for row in text.splitlines():
        if row.strip().startswith("=>"):
            said = yaml.load(f"{{{row.strip()[2:]}}}", GoldLoader)
            lines[-1] = Line(lines[-1].text, _expected(said))
        elif row.strip():
            lines.append(Line(row.strip()))
    return tuple(lines)


def _expected(said: dict[str, Any]) -> Expected:
    words = {"asks", "says", "keeps", "lacks", "status"}
    return Expected(
        values={path: value for path, value in said.items() if path not in words},
        says=_several(said.get("says")),
        lacks=_several(said.get("lacks")),
        keeps=bool(said.get("keeps")),
        status=said.get("status", ""),
        asks=said.get("asks", ""),
    )


def _several(given: Any) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list) else (str(given),) if given else ()

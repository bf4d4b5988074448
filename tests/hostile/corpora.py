"""Awkward input: public corpora, and what their README says none of them holds."""

import base64
import json
from typing import Any

from tests.ground.environment import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "corpora"


def read(name: str) -> list[Any]:
    found: list[Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def naughty_strings() -> list[str]:
    return [text for text in read("blns") if text.strip()]


def json_cases() -> dict[str, bytes]:
    return {case["name"]: base64.b64decode(case["b64"]) for case in read("json-parsing")}


# Each is a text that a visitor could send and that has to be kept as it is.
AWKWARD_TEXTS = {
    "bidi overrides": "\u202emoc.elpmaxe@nna\u202c and \u2066x\u2069",
    "zero width": "A\u200bn\u200cn\u200d \ufeffSmith\u2060",
    "combining flood": "Z" + "\u0301\u0353\u0489" * 1200,
    "astral": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0010fffd",
    "controls": "a\x01\x08\x0b\x1b[31mb\x7f\x85",
    "30 digits": "9" * 30,
    "8 KiB of one word": "x" * 8192,
    "formula": '=HYPERLINK("http://evil.example","x")',
    "template": "{{7*7}} ${7*7} <%= 7*7 %> %s %n {0.__class__}",
}
# Values of an edit, as they stand in the frame.
AWKWARD_VALUES = {
    "1e400": "1e400",
    "minus 1e400": "-1e400",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "30-digit integer": "9" * 30,
    "64-bit overflow": "18446744073709551616",
    "half a surrogate": '"\\ud800"',
    "U+0000": '"a\\u0000b"',
    "nested": "[" * 2000 + "]" * 2000,
    "duplicate keys": '{"a":1,"a":2}',
    "an object": '{"__proto__":{"a":1}}',
    "null": "null",
}
DEEP = b"[" * 50_000 + b"]" * 50_000

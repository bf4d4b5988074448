"""A template from anywhere is saved and compiles, or is refused with the place and the reason."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from ai_bridge.intake import compile_template
from tenants.scope import tenant_scope
from tenants.workspace.models import Template
from tests.dashboard.office import signed_in
from tests.ground.ground import Ground
from tests.hostile.corpora import AWKWARD_TEXTS, DEEP, formulas, json_cases, read, some_of
from tests.hostile.scripts import PLANT

pytestmark = pytest.mark.usefixtures("ground")
ADD = "/admin/workspace/template/add/"
SCHEMA = "t_acme"
GOOD: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Roof quote",
    "type": "object",
    "properties": {"name": {"type": "string", "x-intake": {"kind": "name"}}},
}
# What is shown above the editor of a draft that is not saved.
REASON = re.compile(r"Line \d+[,:]|The template is empty|Null characters|larger than 1 MiB")


def drafts() -> dict[str, str]:
    """What may be pasted into the editor, by a name that says where it is from."""
    found = {
        f"suite {number}": json.dumps(case["group"]["schema"])
        for number, case in enumerate(some_of(read("json-schema"), 60))
    }
    found |= {
        f"parsing {name}": body.decode(errors="replace")
        for name, body in some_of(list(json_cases().items()), 60)
    }
    found |= {f"words {name}": json.dumps(saying(text)) for name, text in texts().items()}
    found |= {f"field {name}": json.dumps(calling(text)) for name, text in texts().items()}
    return found | dict(AWKWARD)


def texts() -> dict[str, str]:
    few = some_of(formulas(), 6)
    return {"plant": PLANT, **AWKWARD_TEXTS, **{repr(text): text for text in few}}


def saying(text: str) -> dict[str, Any]:
    """A template that says this text wherever it may say one."""
    asked = {"ask": text, "why": text}
    field = {"type": "string", "title": text, "description": text, "x-intake": asked}
    return {**GOOD, "title": text, "x-intake": {"greeting": text}, "properties": {"a": field}}


def calling(text: str) -> dict[str, Any]:
    """A template with a field of that name."""
    return {**GOOD, "properties": {text: {"type": "string"}}}


AWKWARD = {
    "nothing": "",
    "blank": " \n ",
    "no object": "[]",
    "null": "null",
    "50,000 deep": DEEP.decode(),
    "5,000 deep objects": '{"a":' * 5000 + "1" + "}" * 5000,
    "a field 3,000 deep": '{"type":"object","properties":{"a":' * 1500 + "{}" + "}}" * 1500,
    "1 MiB of text": json.dumps({**GOOD, "title": "x" * 1024 * 1024}),
    "10,000 fields": json.dumps(
        {**GOOD, "properties": {f"f{number}": {"type": "string"} for number in range(10_000)}}
    ),
    "the same key twice": '{"type":"object","properties":{},"properties":{"a":{"type":"string"}}}',
    "NaN": '{"type":"object","properties":{"a":{"type":"number","minimum":NaN}}}',
    "1e400": '{"type":"object","properties":{"a":{"type":"number","maximum":1e400}}}',
    "30 digits": '{"type":"object","properties":{"a":{"type":"integer","maximum":'
    + "9" * 30
    + "}}}",
    "5,000 digits": '{"type":"object","properties":{"a":{"maxLength":' + "9" * 5000 + "}}}",
    "half a surrogate": '{"type":"object","title":"\\ud800","properties":{"a":{"type":"string"}}}',
    "U+0000": '{"type":"object","title":"a\\u0000b","properties":{"a":{"type":"string"}}}',
    "U+0000 itself": '{"type":"object","title":"a\x00b","properties":{"a":{"type":"string"}}}',
    "a slow pattern": json.dumps(
        {**GOOD, "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    ),
    "a circle": '{"type":"object","properties":{"a":{"$ref":"#"}}}',
    "a reference to a file": '{"type":"object","properties":{"a":{"$ref":"file:///etc/passwd"}}}',
    "a prototype": '{"type":"object","properties":{"__proto__":{"type":"string"}}}',
    "a byte order mark": "\ufeff" + json.dumps(GOOD),
}


@pytest.fixture
def editor() -> Client:
    return signed_in("editor")


def test_every_draft_is_saved_and_compiles_or_is_refused_with_place_and_reason(
    editor: Client,
) -> None:
    wrong: dict[str, str] = {}
    kept = refused = 0
    for number, (name, text) in enumerate(drafts().items()):
        title = f"{number} {name}"[:100]
        answer = editor.post(ADD, {"name": title, "draft": text})
        if answer.status_code == 302:
            kept += 1
            if not compiles(title):
                wrong[name] = "does not compile"
        else:
            refused += 1
            page = unescape(answer.content.decode())
            if answer.status_code not in (200, 400) or not REASON.search(page):
                wrong[name] = f"{answer.status_code} without a reason"
    assert not wrong
    assert kept > 10
    assert refused > 100
    # The next ordinary draft is saved.
    assert editor.post(ADD, {"name": "Good", "draft": json.dumps(GOOD)}).status_code == 302


def compiles(title: str) -> bool:
    with tenant_scope(SCHEMA):
        template = Template.objects.get(name=title)
    return bool(compile_template(template.draft).fields)


def test_a_hostile_draft_that_is_refused_stays_in_the_editor_as_it_was_typed(
    editor: Client, ground: Ground
) -> None:
    typed = json.dumps({"type": "object", "properties": {"a": {"$ref": f"http://x/{PLANT}"}}})
    page = editor.post(ADD, {"name": PLANT, "draft": typed}).content.decode()
    assert typed in unescape(page)
    assert PLANT not in page
    assert ground.database.query("SELECT count(*) FROM t_acme.workspace_template") == [(0,)]

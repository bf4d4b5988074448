"""Conditions are asked of a compiled validator, results of the stock one: they must agree."""

import json
from typing import Any

from jsonschema import Draft202012Validator as Stock
from jsonschema_rs import Draft202012Validator as Compiled

from tests.public_data import public

# References a template refuses or has replaced by then. Regular expressions have two dialects here;
# those that a template may use are plain enough to mean the same in both.
LEFT_OUT = (
    *("$ref", "$dynamicRef", "$anchor", "$dynamicAnchor", "$vocabulary", "$id"),
    *("pattern", "patternProperties"),
)


def usable_groups() -> list[dict[str, Any]]:
    entries = json.loads(public("corpora/json-schema.json").read_text())
    # The optional ones are words of older drafts and formats, which either may know.
    groups = [entry["group"] for entry in entries if not entry["file"].startswith("optional/")]
    return [
        group
        for group in groups
        if not any(f'"{word}"' in json.dumps(group["schema"]) for word in LEFT_OUT)
    ]


def test_both_validators_give_the_same_answer_on_the_public_groups() -> None:
    groups = usable_groups()
    assert len(groups) > 100
    differing = [
        f"{group['description']}: {test['description']}"
        for group in groups
        for test in group["tests"]
        if Stock(group["schema"]).is_valid(test["data"])
        != Compiled(group["schema"], offline=True).is_valid(test["data"])
    ]
    assert differing == []

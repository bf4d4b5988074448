"""In a file, every pointer has a line and a column."""

import json

from ai_bridge.intake import locate, positions
from tests.intake.roof import ROOF


def test_each_value_is_found_on_its_line() -> None:
    text = '{\n  "a": {"b": [1, "two",\n    {"c/d": null}]}\n}'
    found = positions(text)
    assert found["/a"] == (2, 8)
    assert found["/a/b/1"] == (2, 18)
    assert found["/a/b/2/c~1d"] == (3, 13)


def test_a_pointer_to_something_missing_is_found_at_what_is_around_it() -> None:
    found = positions('{\n "a": {}}')
    assert locate("/a/missing/deeper", found) == (2, 7)


def test_every_pointer_of_a_template_is_found() -> None:
    found = positions(json.dumps(ROOF, indent=2))
    assert "/properties/service/x-intake/synonyms/repair/1" in found

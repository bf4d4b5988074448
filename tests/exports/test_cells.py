"""No cell is a formula, and every text can still be read."""

import json
import re

import pytest

from sessions_app.exporting.cells import cell_of, plain_text
from tests.public_data import public

BEGINS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r＝＋－﹣−＠﹫]")
ATTACKS = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    "+1 415 555 0132",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "ok;=1+1;ok",
    "ok\t=1+1",
    "ok\r\n=HYPERLINK(1)",
    "a; b; -5",
)


@pytest.mark.parametrize("text", ATTACKS)
def test_what_would_be_a_formula_is_text_that_can_be_read(text: str) -> None:
    cell = plain_text(text)
    assert not [part for part in re.split(r"[;\t\r\n]", cell) if BEGINS.match(part)]
    assert cell.replace("'", "") == text.replace("'", "")


def test_hostile_strings_become_no_formula_and_no_control_character() -> None:
    strings = json.loads(public("corpora/blns.json").read_text())
    texts = [text if isinstance(text, str) else str(text) for text in strings]
    assert len(texts) > 200
    for text in texts:
        cell = plain_text(text)
        assert not [part for part in re.split(r"[;\t\r\n]", cell) if BEGINS.match(part)]
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", cell)


@pytest.mark.parametrize(
    "text",
    ["Ann Smith", "a-b", "1+1=2", "me@example.com", "it's; fine", "don't", "ﬁ – ok", "12; 13"],
)
def test_harmless_text_stays_as_it_was_written(text: str) -> None:
    assert plain_text(text) == text


def test_values_keep_their_types_where_a_spreadsheet_has_them() -> None:
    assert cell_of(-5) == -5
    assert cell_of(2.5) == 2.5
    assert (cell_of(True), cell_of(False), cell_of(None)) == ("yes", "no", None)
    assert cell_of(["a", "b", 3]) == "a; b; 3"
    assert cell_of([{"name": "x"}]) == '[{"name":"x"}]'

"""JSON is read strictly: what programs read differently is refused, with its place."""

import base64
import json

import pytest

from ai_bridge.intake import UnreadableJson, read_json
from tests.exchange.outlines import corpus

# Good JSON by the grammar that no two programs need read alike, or that no database stores.
AMBIGUOUS = {
    "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",
}


def cases(mark: str) -> list[tuple[str, bytes]]:
    rows = corpus("json-parsing.json")
    found = [(row["name"], base64.b64decode(row["b64"])) for row in rows]
    return [(name, text) for name, text in found if name.startswith(mark)]


def refusal(text: bytes) -> UnreadableJson | None:
    try:
        read_json(text)
    except UnreadableJson as fault:
        return fault
    return None


def test_good_json_is_read_as_every_program_reads_it() -> None:
    good = dict(cases("y_"))
    assert {name for name, text in good.items() if refusal(text)} == AMBIGUOUS
    for name in good.keys() - AMBIGUOUS:
        assert read_json(good[name]).value == json.loads(good[name].decode()), name


def test_bad_json_is_refused_with_line_and_column() -> None:
    bad = cases("n_")
    assert len(bad) > 50
    for name, text in bad:
        fault = refusal(text)
        assert fault, name
        assert fault.line >= 1 <= fault.column, name
        assert fault.detail, name
        assert fault.mend, name


def test_doubtful_json_is_read_right_or_refused() -> None:
    for name, text in cases("i_"):
        if not refusal(text):
            assert read_json(text).value == json.loads(text.decode("utf-8-sig")), name


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ('{\n  "a": 1,\n  "a": 2\n}', 3, 3, "twice"),
        ('{\n  "a": NaN\n}', 2, 8, '"NaN" is not JSON'),
        ('{"a": -Infinity}', 1, 7, "not a JSON number"),
        ('{"a": 1e400}', 1, 7, "too large"),
        ('{"a": 1e-400}', 1, 7, "too small"),
        ('{"a": ' + "1" * 5000 + "}", 1, 7, "more than 40 digits"),
        ('{"a": "x\\u0000y"}', 1, 7, "U+0000"),
        ('{"a": "\\ud800"}', 1, 7, "surrogate"),
        ('{"\\udc00": 1}', 1, 2, "surrogate"),
        ("[" * 50_000, 1, 66, "64 levels"),
        ('{"a":' * 50_000, 1, 326, "64 levels"),
        ('{"a": 1} x', 1, 10, "follows"),
        ('{"a": 1', 1, 8, "comma or }"),
        ("", 1, 1, "ends before"),
        ('{"a": "un', 1, 7, "Unterminated"),
        ('{"a": "line\nbreak"}', 1, 12, "control character"),
    ],
)
def test_each_fault_is_named_where_it_stands(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(UnreadableJson, match=r"^line \d+, column \d+: ") as fault:
        read_json(text)
    assert (fault.value.line, fault.value.column) == (line, column)
    assert says in fault.value.detail


def test_a_text_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableJson, match="longer than"):
        read_json('"' + "x" * 1_100_000 + '"')


def test_other_encodings_are_refused_and_a_byte_order_mark_is_not() -> None:
    with pytest.raises(UnreadableJson, match="UTF-16"):
        read_json('{"a": 1}'.encode("utf-16"))
    with pytest.raises(UnreadableJson, match="line 2, column 7: The bytes are not UTF-8"):
        read_json(b'{\n"a": "\xe9"}')
    assert read_json(b'\xef\xbb\xbf{"a": 1}').value == {"a": 1}


def test_a_pointer_is_found_in_the_text_with_its_nearest_neighbour() -> None:
    found = read_json('{\n  "a/b": [\n    {"c~": 1}\n  ]\n}')
    assert found.place("/a~1b/0/c~0") == (3, 12)
    assert found.place("/a~1b/0/missing/more") == (3, 5)
    assert found.place("") == (1, 1)


def test_a_large_whole_number_keeps_every_digit() -> None:
    assert read_json("[9223372036854775807, 123456789012345678901234567890]").value == [
        9223372036854775807,
        123456789012345678901234567890,
    ]

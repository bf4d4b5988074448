"""Values in the formats of JSON Schema, as a field's own validator judges them."""

import pytest

from ai_bridge.intake.meaning import make_validator

GOOD = {
    "iri": ("https://例え.jp/パス?q=é#ü", "mailto:ann@example.com", "https://example.com/a%20b"),
    "iri-reference": ("/größe?q=1", "", "../é"),
    "uri": ("https://example.com/a",),
    "time": ("12:30:00Z",),
}
BAD = {
    "iri": (
        "例え.jp",
        "https://exa mple.com/",
        "https://x/\x85",
        "https://x/\ud800",
        "http://[::1",
    ),
    "iri-reference": ("a b", "\\\\share", "\udfff"),
    "uri": ("https://例え.jp/",),
    "time": ("12:30:00",),
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in GOOD.items() for v in values])
def test_a_value_in_its_format_is_allowed(name: str, value: str) -> None:
    assert make_validator({"format": name}).is_valid(value)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD.items() for v in values])
def test_a_value_that_is_not_is_refused_and_none_breaks_the_check(name: str, value: str) -> None:
    assert not make_validator({"format": name}).is_valid(value)


def test_a_number_has_no_format() -> None:
    assert make_validator({"format": "iri"}).is_valid(7)

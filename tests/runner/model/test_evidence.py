"""A quote counts where the visitor wrote it, and nowhere else."""

import pytest

from ai_bridge.runner.model.evidence import locate


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("Ann", "I am Ann", "Ann"),
        ("ann  lee", "I am Ann Lee", "Ann Lee"),
        ("Ann Lee", "I am ann\n lee, ok", "ann\n lee"),
        ("don't", "I don’t know", "don’t"),
        ("no", "not now, no", "no"),
        ("5", "15 or 5", "5"),
        ("東京", "住所は東京です", "東京"),
        ("İstanbul", "to İstanbul", "İstanbul"),
        ("👋🏽 hi", "so 👋🏽 hi", "👋🏽 hi"),
    ],
)
def test_a_quote_is_found_by_its_words(quote: str, text: str, found: str) -> None:
    place = locate(quote, text)
    assert place is not None
    assert text[place[0] : place[1]] == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [("", "all"), ("  ", "a  b"), ("no", "not now"), ("Bob", "Ann"), ("a" * 3_000, "a" * 8_000)],
)  # fmt: skip
def test_what_was_not_said_is_not_found(quote: str, text: str) -> None:
    assert locate(quote, text) is None


def test_an_endless_quote_of_an_endless_message_is_no_work() -> None:
    text = "a " * 4_000
    assert locate("a " * 990 + "b", text) is None
    assert locate("a " * 900, text) == (0, 1_799)

"""E-mail addresses as people read them aloud, sentences that only sound like one, and numbers."""

from datetime import UTC, datetime

import pytest

from ai_bridge.runner.normalise import Context
from ai_bridge.runner.normalise.contacts import email_address, find_emails, find_phones

SPOKEN = {
    "ann underscore lee at example dot com": "ann_lee@example.com",
    "jo dash ann at my dash shop dot co dot uk": "jo-ann@my-shop.co.uk",
    "it's jo hyphen ann dot lee at example dot com": "jo-ann.lee@example.com",
    "ann plus news at example dot com": "ann+news@example.com",
    "my email is ann plus news at example dot com": "ann+news@example.com",
    "ann underscore lee at example.com": "ann_lee@example.com",
    "write to ann dash lee at example dot com, thanks": "ann-lee@example.com",
    "a underscore b dot c at mail dot example dot org": "a_b.c@mail.example.org",
    "me at annlee dot com": "me@annlee.com",
    "sure, ann at example dot com": "ann@example.com",
    "that's ann at example dot com": "ann@example.com",
    "my email is me at annlee dot com": "me@annlee.com",
}
SENTENCES = (
    "meet me at dash dot com",
    "look at example dot com",
    "we bought it at acme dot com",
    "it is at shop dot example dot com",
    "two adults plus kids at camp dot com",
    "I ordered at my dash shop dot com",
    "i found you at harbor dot com",
    "a dash at noon",
    "the 5 pm dash at the dot",
    "it's a dash at best, plus the dot at the end",
    "me plus my wife at the harbour",
    "tara singh at mail dot com",
)


@pytest.mark.parametrize("said", SPOKEN)
def test_signs_that_are_read_aloud_are_written(said: str) -> None:
    (found,) = find_emails(said)
    assert found.value == SPOKEN[said]
    assert said[found.start : found.end].endswith(("com", "uk", "org"))


@pytest.mark.parametrize("said", SENTENCES)
def test_a_sentence_is_no_address(said: str) -> None:
    assert find_emails(said) == []


def test_a_mailbox_in_a_script_with_vowel_signs_is_found() -> None:
    said = "my mail is राम@मोहन.ईन्फो thanks"
    assert [item.value for item in find_emails(said)] == ["राम@मोहन.ईन्फो"]


def test_a_mailbox_longer_than_a_mail_server_takes_is_none() -> None:
    # A letter that is three signs once it is composed as mail servers compose it.
    letter = "\ufb2c"
    assert email_address(f"{'1' * 64}@example.com") is not None
    assert email_address(f"{letter}{'1' * 63}@example.com") is None


@pytest.mark.parametrize(
    ("said", "region", "number"),
    [
        ("call 321000", "GL", "+299321000"),
        ("22123 please", "WS", "+68522123"),
        ("it's 45402", "US", None),
        ("it's 45402", "DE", None),
        ("99999", "WS", None),
    ],
)
def test_a_short_number_is_one_where_all_are_short(
    said: str, region: str, number: str | None
) -> None:
    context = Context(datetime(2026, 3, 2, tzinfo=UTC), region=region)
    assert next((item.value for item in find_phones(said, context)), None) == number

"""Recorded dialogues can be read with a model's help, and the figures say when it did not help."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.models.serving import KEY, Endpoint


def rows(folder: Path) -> Path:
    field = {"name": "service", "type": "enum", "description": "What is wanted"}
    template = [{**field, "enum": ["repair", "inspection"]}]
    gold = {"service": {"canonical": ["repair"], "surface": ["drips"], "span": [3, 8]}}
    turn = {"assistant": "Yes?", "asked": [], "user": "It drips on my bed", "gold": gold}
    row = {"id": "d1", "reference_date": "2026-03-01", "template": template, "turns": [turn]}
    source = folder / "rows.jsonl"
    source.write_text(json.dumps(row) + "\n")
    return source


def evaluate(folder: Path, models: Endpoint, behaviour: str) -> tuple[float, str]:
    (folder / "key").write_text(f"{KEY}\n")
    provider = models.provider(behaviour)
    printed, said = StringIO(), StringIO()
    call_command(
        "evaluate",
        str(rows(folder)),
        *("--extractor", "hybrid", "--model", provider.model, "--base-url", provider.base_url),
        *("--key-file", str(folder / "key"), "--json"),
        stdout=printed,
        stderr=said,
    )
    assert models.asked(provider)[0]["authorization"] == f"Bearer {KEY}"
    return json.loads(printed.getvalue())["as_written"]["recall"], said.getvalue()


def test_a_model_reads_what_rules_do_not(tmp_path: Path, models: Endpoint) -> None:
    assert evaluate(tmp_path, models, "good") == (1.0, "")


def test_a_model_that_fails_is_named(tmp_path: Path, models: Endpoint) -> None:
    recall, said = evaluate(tmp_path, models, "locked")
    assert recall == 0.0
    assert "2 messages were read by rules alone: unauthorised." in said


def test_a_model_without_a_name_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Give --model NAME"):
        call_command("evaluate", str(rows(tmp_path)), "--extractor", "hybrid")

"""The figures on the development data, and the command that prints them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ai_bridge.evaluation.report import evaluate_file
from ai_bridge.evaluation.scores import equals
from tests.public_data import public


def test_the_default_extractor_reaches_its_figures_on_the_dialogues() -> None:
    report = evaluate_file(public("dialogues/sgd_dev_single.jsonl"))
    written, lowered = report.as_written.as_json(), report.lower_cased.as_json()
    assert written["f1"] >= 0.88
    assert written["jga"] >= 0.65
    assert written["precision"] >= 0.90
    assert lowered["f1"] >= 0.84
    assert lowered["jga"] >= 0.55
    recalls = {kind: found["recall"] for kind, found in written["when_asked"].items()}
    bars = {"date": 0.96, "time": 0.96, "number": 0.96, "place": 0.92, "name": 0.92}
    bars |= {"enum": 0.87, "bool": 0.88}
    assert {kind: recalls[kind] for kind, bar in bars.items() if recalls[kind] < bar} == {}


def _row(user: str, gold: dict[str, object]) -> str:
    template = [{"name": "when", "type": "date", "description": "Day of the visit", "enum": []}]
    turn = {"assistant": "When?", "asked": ["when"], "user": user, "gold": gold}
    row = {"id": "d1", "reference_date": "2019-03-01", "template": template, "turns": [turn]}
    return json.dumps(row)


def test_the_command_prints_figures_and_writes_predictions(tmp_path: Path) -> None:
    gold = {"when": {"canonical": ["2019-03-08"], "surface": ["the 8th"], "span": [0, 7]}}
    source, target = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    source.write_text(_row("the 8th", dict(gold)) + "\n" + _row("the 9th", dict(gold)) + "\n")
    printed = StringIO()
    call_command("evaluate", str(source), json=True, predictions=target, stdout=printed)
    figures = json.loads(printed.getvalue())["as_written"]
    assert (figures["precision"], figures["recall"], figures["jga"]) == (0.5, 0.5, 0.5)
    first = json.loads(target.read_text().splitlines()[0])
    assert first == {
        "id": "d1",
        "turns": [{"filled": {"when": "2019-03-08"}, "state": {"when": "2019-03-08"}}],
    }


def test_the_command_names_the_line_it_cannot_read(tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text(_row("the 8th", {}) + "\n{}\n")
    with pytest.raises(CommandError, match="line 2"):
        call_command("evaluate", str(source))
    with pytest.raises(CommandError, match="No such file"):
        call_command("evaluate", str(tmp_path / "absent.jsonl"))


def test_text_may_differ_a_little_and_nothing_else_may() -> None:
    assert equals("place", "san francisco", ("San Francisco",))
    assert not equals("place", "Paris", ("London",))
    assert not equals("date", "2019-03-01", ("2019-03-02",))


def test_template_check_lists_problems_by_line_and_column(tmp_path: Path) -> None:
    source = tmp_path / "bad.json"
    source.write_text(
        '{"type": "object",\n "properties": {"a": {"type": "string", "pattern": "(a+)+"},\n'
        '  "b": {"$ref": "http://example.com/x"}}}'
    )
    with pytest.raises(CommandError) as caught:
        call_command("template", "check", str(source))
    assert "bad.json:2:52" in str(caught.value)
    assert "bad.json:3:17" in str(caught.value)
    good = tmp_path / "good.json"
    good.write_text('{"type": "object", "properties": {"a": {"type": "string"}}}')
    printed = StringIO()
    call_command("template", "check", str(good), stdout=printed)
    assert "a good template" in printed.getvalue()

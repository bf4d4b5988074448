"""`manage.py template`: people read clear text, machines read JSON, and the status tells."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ai_bridge.intake import check_template
from ai_bridge.intake_gallery import TRADES, gallery_template
from tests.exchange.outlines import sample_path


def run(*arguments: str | Path) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("template", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, indent=2))
    return path


def test_import_writes_a_draft_that_check_accepts(tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    out, err = run("import", sample_path("surveyjs"), "--out", draft)
    assert out == ""
    assert f"A draft from surveyjs is in {draft}." in err
    assert check_template(json.loads(draft.read_text())) == ()
    assert "a good template" in run("check", draft)[0]


def test_check_warns_of_what_asks_badly_and_accepts_it(tmp_path: Path) -> None:
    state = {"enum": [f"state {n}" for n in range(80)], "title": "State"}
    template = written(tmp_path / "mine.json", {"type": "object", "properties": {"state": state}})
    out, err = run("check", template)
    assert "a good template with 1 fields" in out
    assert err.startswith(f"{template}:4:14: warning: /properties/state: `state` offers 80 options")


def test_import_warns_with_file_line_column_reason_and_mend() -> None:
    out, err = run("import", sample_path("surveyjs"))
    assert json.loads(out)["title"] == "Moving house"
    (warning,) = [line for line in err.splitlines() if "choicesByUrl" in line]
    line = 1 + next(
        index
        for index, text in enumerate(sample_path("surveyjs").read_text().splitlines())
        if "choicesByUrl" in text
    )
    assert f"surveyjs.json:{line}:" in warning
    assert "never fetched. List them in `enum`." in warning


def test_import_answers_machines_in_one_json_object() -> None:
    out, err = run("import", sample_path("typeform"), "--json")
    found = json.loads(out)
    assert err == ""
    assert (found["format"], found["problems"]) == ("typeform", [])
    assert found["template"]["title"] == "Book a tasting"
    assert found["warnings"][0].keys() == {"pointer", "what", "why", "mend", "line", "column"}


def test_import_fails_when_the_draft_has_problems_and_says_where(tmp_path: Path) -> None:
    options = [{"value": f"v{number}"} for number in range(600)]
    source = written(
        tmp_path / "many.json",
        {"elements": [{"type": "dropdown", "name": "a", "choices": options}]},
    )
    draft = tmp_path / "draft.json"
    with pytest.raises(CommandError, match=r"draft\.json:\d+:\d+: problem: .*500 options"):
        run("import", source, "--out", draft)
    assert draft.exists()


def test_import_takes_the_format_it_is_told(tmp_path: Path) -> None:
    source = written(tmp_path / "odd.json", {"properties": {"rooms": 2}, "title": "house"})
    assert json.loads(run("import", source, "--json", "--format", "example")[0])["format"] == (
        "example"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n "a": 1,\n "a": 2}', r"bad\.json:3:2: The name \"a\" stands twice"),
        ('{"a": NaN}', r"bad\.json:1:7: \"NaN\" is not JSON"),
        ("[]", r"bad\.json: The file holds no JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, text: str, says: str
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    with pytest.raises(CommandError, match=says):
        run("import", bad)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json: No such file"):
        run("import", "nowhere.json")


def test_export_writes_the_other_format_and_warns_of_what_stays_behind(tmp_path: Path) -> None:
    template = written(tmp_path / "template.json", gallery_template("complaint"))
    target = tmp_path / "survey.json"
    _, err = run("export", template, "--format", "surveyjs", "--out", target)
    assert json.loads(target.read_text())["pages"][0]["elements"][0]["name"] == "what_happened"
    assert "template.json:" in err
    assert "`synonyms` was left out (of about, wish, reply_by)." in err


def test_export_answers_machines_in_one_json_object(tmp_path: Path) -> None:
    template = written(tmp_path / "template.json", gallery_template("complaint"))
    found = json.loads(run("export", template, "--format", "fhir", "--json")[0])
    assert found["document"]["resourceType"] == "Questionnaire"
    assert all(row["line"] > 0 for row in found["warnings"])


def test_export_of_answers_needs_their_values(tmp_path: Path) -> None:
    template = written(tmp_path / "template.json", gallery_template("complaint"))
    with pytest.raises(CommandError, match="Give --values FILE"):
        run("export", template, "--format", "fhir-response")
    values = written(tmp_path / "values.json", {"name": "Ann Lee", "shoe": 42})
    out, err = run("export", template, "--format", "fhir-response", "--values", values)
    assert json.loads(out)["resourceType"] == "QuestionnaireResponse"
    assert "values.json:3:11: warning: /shoe" in err


def test_export_refuses_a_template_with_problems_by_line(tmp_path: Path) -> None:
    template = gallery_template("complaint")
    template["properties"]["wish"]["x-intake"]["labels"]["pony"] = "A pony"
    path = written(tmp_path / "template.json", template)
    with pytest.raises(CommandError, match=r"template\.json:\d+:\d+: .*`pony` is not one of"):
        run("export", path, "--format", "rjsf")


def test_the_gallery_is_listed_and_gives_templates_away(tmp_path: Path) -> None:
    out, _ = run("gallery")
    assert all(name in out and trade in out for name, trade in TRADES.items())
    assert [row["name"] for row in json.loads(run("gallery", "--json")[0])] == list(TRADES)
    path = tmp_path / "mine.json"
    run("gallery", "dental-appointment", "--out", path)
    assert json.loads(path.read_text()) == gallery_template("dental-appointment")
    assert "a good template" in run("check", path)[0]


def test_the_command_needs_no_server_and_no_settings() -> None:
    told = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    bare = {name: value for name, value in os.environ.items() if name not in told}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "manage.py", "template", "gallery", "--json"],
        cwd=root, env=bare, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 10

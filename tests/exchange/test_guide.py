"""The customer's guide names everything that there is, and its example works."""

import json
import re
from pathlib import Path

from ai_bridge.intake import check_template
from ai_bridge.intake.check import template_schema
from ai_bridge.intake.kinds import KIND_TYPES, LATER_KINDS
from ai_bridge.intake_exchange import EXPORTERS, IMPORTERS
from ai_bridge.intake_gallery import TRADES
from ai_bridge.runner.wording.registers import BRIEF, FORMAL, FRIENDLY

GUIDE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")


def named() -> set[str]:
    return {word for code in re.findall(r"`([^`\n]+)`", GUIDE) for word in re.split(r"[ ,]+", code)}


def test_every_format_and_every_gallery_template_is_named() -> None:
    assert {*IMPORTERS, *EXPORTERS, "fhir-response", *TRADES} <= named()


def test_every_kind_is_named() -> None:
    assert (KIND_TYPES.keys() | LATER_KINDS) - {"file"} <= named()


def test_every_keyword_of_x_intake_is_named() -> None:
    defs = template_schema()["$defs"]
    keywords = {*defs["asking"]["properties"], *defs["settings"]["properties"]}
    assert keywords <= named()


def test_every_word_of_a_tone_that_changes_the_wording_is_named() -> None:
    assert named() >= FRIENDLY | FORMAL | BRIEF


def test_the_example_is_a_good_template() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert check_template(json.loads(example)) == ()

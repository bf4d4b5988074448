"""No word of `x-intake` is there for nothing: each changes what a visitor is asked or told."""

from pathlib import Path
from typing import Any

import pytest

from ai_bridge.contract import Provider
from ai_bridge.intake import compile_template, in_language
from ai_bridge.intake.check import template_schema
from ai_bridge.runner.extract.types import Utterance
from ai_bridge.runner.model.prompt import build_prompt
from tests.conversations.keyed import CASES, Case, Seen, Template
from tests.conversations.unstored import talk_to
from tests.runner.talk import NOW, values

# What the runner does not do: whole tests by the files that hold them.
TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    "settings.idle_minutes": ("gateway/test_words.py", "closes_when_its_template_says"),
    "asking.mask": ("gateway/test_words.py", "a_mask_says_how_much"),
    "asking.retain_days": ("retention/test_retention.py", "whose_time_is_over"),
}


def named() -> set[str]:
    """Every word of the schema: `asking.why`, `settings.i18n.closing`."""
    found: set[str] = set()
    for where in ("settings", "asking"):
        stated: dict[str, Any] = template_schema()["$defs"][where]["properties"]
        worded = stated["i18n"]["additionalProperties"]["properties"]
        found |= {f"{where}.{key}" for key in stated if key != "i18n"}
        found |= {f"{where}.i18n.{key}" for key in worded}
    return found


def test_every_word_of_the_schema_has_its_test() -> None:
    assert {case.key for case in CASES} | ELSEWHERE.keys() == named()
    for file, name in ELSEWHERE.values():
        assert name in (TESTS / file).read_text("utf-8"), (file, name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
async def test_a_word_does_what_it_says_and_without_it_nothing_does(case: Case) -> None:
    assert case.shows(await seen(case, case.template))
    assert not case.shows(await seen(case, case.without()))


async def seen(case: Case, template: Template) -> Seen:
    talk = talk_to(template, locale=case.locale)
    if case.prefill:
        await talk.prefill(**case.prefill)
    answers = [await talk.say(line) for line in case.talk]
    intake = in_language(compile_template(template), case.locale)
    utterance = Utterance("ok", intake, values(answers[-1]), NOW, locale=case.locale)
    prompt = build_prompt(utterance, Provider(kind="openai", model="any"), ())
    return Seen(answers, f"{prompt.system}\n{prompt.data}\n{prompt.public}")

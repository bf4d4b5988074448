"""Long text of any kind costs in proportion to its length: no pattern backtracks without end."""

from time import process_time

import pytest

from ai_bridge.evaluation.hostile import UNITS
from ai_bridge.intake import Intake, compile_template
from ai_bridge.intake_gallery import gallery_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Utterance
from tests.extract.speaking import INTAKE, NOW, say

CLINIC = compile_template(gallery_template("clinic-history"))
SHORT, LONG = 1024, 8192
# In proportion it would be eight times.
GROWTH = 16
ALLOWANCE = 0.03


def _seconds(text: str, intake: Intake, asking: str) -> float:
    """The least processor time of some readings."""
    read = RuleExtractor().read
    spent = []
    for _ in range(3):
        begun = process_time()
        read(Utterance(text, intake, {}, NOW, region="US", asking=asking))
        spent.append(process_time() - begun)
    return min(spent)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("intake", "asking"), [(INTAKE, "name"), (CLINIC, "medication")])
def test_eight_times_the_text_costs_no_more_than_in_proportion(
    unit: str, intake: Intake, asking: str
) -> None:
    short, long = ((unit * size)[:size] for size in (SHORT, LONG))
    most = GROWTH * _seconds(short, intake, asking) + ALLOWANCE
    assert _seconds(long, intake, asking) <= most


STORY = "The old house has stood by the river for as long as anybody here can think. "


@pytest.mark.parametrize("before", ["", STORY * 50, STORY * 100])
@pytest.mark.parametrize("after", ["", STORY * 50])
def test_a_long_message_is_read_to_its_end(before: str, after: str) -> None:
    said = "My name is Ann Lee, my email is ann@example.com, and please come on December 5th. "
    filled = say(before + said + after)
    assert filled["name"] == "Ann Lee"
    assert filled["email"] == "ann@example.com"
    assert filled["visit"] == "2026-12-05"


@pytest.mark.parametrize("table", ["12 34 " * 900, "1 2 " * 1_900])
def test_what_stands_before_and_after_a_long_list_of_numbers_is_read(table: str) -> None:
    before, after = "My email is ann@example.com.\n", "\nThe budget is 9000 dollars."
    filled = say(before + table + after, asking="budget", service="new_roof")
    assert filled["email"] == "ann@example.com"
    assert filled["budget"]["amount"] == 9000

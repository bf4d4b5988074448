"""Long text of any kind costs in proportion to its length: no pattern backtracks without end."""

from time import process_time

import pytest

from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Utterance
from tests.extract.speaking import INTAKE, NOW

UNITS = (
    "a", "1", ".", " ", "at ", "one ", "1,1", "at 7 ", "the 14th of ", "a@", "a.b@c.", "http://",
    "(+1 ", "my name is ", "no wait ", "\u0301", "New York ", "one hundred and ", "3/4 ", "12:30 ",
    "2 weeks from ", "15 Main Street ", "me and my ", "booking for ", "1 2 ", "a.", "x\n",
)  # fmt: skip
SHORT, LONG = 1024, 8192
# In proportion it would be eight times, and less as long messages are cut.
GROWTH = 20
ALLOWANCE = 0.02


def _seconds(text: str) -> float:
    """The least processor time of some readings."""
    read = RuleExtractor().read
    spent = []
    for _ in range(3):
        begun = process_time()
        read(Utterance(text, INTAKE, {}, NOW, region="US", asking="name"))
        spent.append(process_time() - begun)
    return min(spent)


@pytest.mark.parametrize("unit", UNITS)
def test_eight_times_the_text_costs_no_more_than_in_proportion(unit: str) -> None:
    short, long = ((unit * size)[:size] for size in (SHORT, LONG))
    assert _seconds(long) <= GROWTH * _seconds(short) + ALLOWANCE

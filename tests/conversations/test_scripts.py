"""Whole conversations with people who are in a hurry, unsure, angry, or somewhere else."""

from collections import Counter
from statistics import median

from tests.conversations.scripts import read_scripts

SCRIPTS = read_scripts()
PHENOMENA = """
address ambiguous back cancel condition consent correction digression dont_care dont_know email
group past person phone question refusal region several skip start_over summary_correction
"""


def test_there_are_enough_of_them_and_they_are_long_enough() -> None:
    assert len({script.place for script in SCRIPTS}) >= 150
    assert median(len(script.talk) for script in SCRIPTS) >= 8


def test_a_third_is_typed_sloppily_and_in_lower_case() -> None:
    sloppy = [script for script in SCRIPTS if "sloppy" in script.shows]
    assert len(sloppy) * 3 >= len(SCRIPTS)
    assert all(line.text.islower() or not any(map(str.isalpha, line.text))
               for script in sloppy for line in script.talk)  # fmt: skip


def test_every_phenomenon_is_there_fifteen_times() -> None:
    counted = Counter(tag for script in SCRIPTS for tag in script.shows)
    assert {tag: counted[tag] for tag in PHENOMENA.split() if counted[tag] < 15} == {}
    assert counted.keys() - set(PHENOMENA.split()) <= {"sloppy"}

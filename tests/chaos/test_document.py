"""docs/reliability.md is written by sections; and how a resume is read from a history."""

from pathlib import Path
from typing import Any

from chatsaas.chaos.figures import resumes
from chatsaas.reliability import write_section


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "reliability.md"
    write_section("Chaos", "old figures\n\n| a | b |", path)
    write_section("Isolation", "| canaries | 0 |", path)
    write_section("Chaos", "new figures", path)
    text = path.read_text()
    assert text.startswith("# Reliability\n")
    assert "old figures" not in text
    assert text.index("## Chaos\n\nnew figures\n") < text.index(
        "## Isolation\n\n| canaries | 0 |\n"
    )


def test_a_tab_has_resumed_when_it_has_everything_that_it_missed() -> None:
    rows: list[dict[str, Any]] = [
        {"at": 1.0, "op": "broken", "talk": 0, "tab": 0},
        {"at": 1.1, "op": "broken", "talk": 0, "tab": 0},
        {"at": 1.2, "op": "ready", "talk": 0, "tab": 0, "after": 3, "seq": 5},
        {"at": 1.3, "op": "event", "talk": 0, "tab": 0, "frame": {"seq": 4}},
        {"at": 1.5, "op": "event", "talk": 0, "tab": 0, "frame": {"seq": 5}},
        {"at": 2.0, "op": "broken", "talk": 1, "tab": 0},
        {"at": 2.25, "op": "ready", "talk": 1, "tab": 0, "after": 5, "seq": 5},
        {"at": 3.0, "op": "broken", "talk": 1, "tab": 0},
    ]
    assert list(resumes(rows)) == [0.5, 0.25]

"""Recorded conversations from a file of JSON lines: the formats that `evaluate` reads."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

from ai_bridge.evaluation.gold import Dialogue, GoldTurn
from ai_bridge.evaluation.parser_cases import read_cases
from ai_bridge.evaluation.slots import intake_of
from ai_bridge.evaluation.utterances import read_booking, read_enquiry


class DialogueFormatError(Exception):
    """A row of the file is not a conversation that can be scored."""


def read_dialogues(path: Path) -> list[Dialogue]:
    """The file's rows. Raises DialogueFormatError naming the line that cannot be read."""
    found: list[Dialogue] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.extend(_read(json.loads(line)))
        except (KeyError, ValueError, TypeError) as error:
            raise DialogueFormatError(
                f"{path.name}, line {number}: this row cannot be read ({error!r}). Each line is "
                "one JSON object with `turns` and `template`, `user` and `gold`, or `input` and "
                "`results`."
            ) from error
    return found


def _read(row: Mapping[str, Any]) -> Iterator[Dialogue]:
    if "turns" in row:
        yield _dialogue(row)
    elif "results" in row:
        yield from read_cases(row)
    elif "domain" in row:
        yield from read_enquiry(row)
    else:
        yield read_booking(row)


def _dialogue(row: Mapping[str, Any]) -> Dialogue:
    slots = row["template"]
    return Dialogue(
        id=row["id"],
        intake=intake_of(slots),
        types={slot["name"]: slot["type"] for slot in slots},
        now=datetime.combine(datetime.fromisoformat(row["reference_date"]).date(), time(9)),
        turns=tuple(
            GoldTurn(
                said=turn["assistant"],
                asked=tuple(turn["asked"]),
                user=turn["user"],
                gold={name: _accepted(value) for name, value in turn["gold"].items()},
                spans=_spans(turn["gold"]),
            )
            for turn in row["turns"]
        ),
    )


def _accepted(value: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, (*value.get("canonical", ()), *value.get("surface", ()))))


def _spans(gold: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {
        name: (value["span"][0], value["span"][1])
        for name, value in gold.items()
        if value.get("span")
    }

"""`python -m chatsaas.chaos.checker FOLDER SCHEMAS`: judges the run whose files lie in the folder.

SCHEMAS names the tenants' schemas as JSON; DATABASE_URL leads to the database. Writes JSON: the
count of every check, and what was found, at most so many findings of each.
"""

import json
import os
import sys
from pathlib import Path

from chatsaas.chaos.checker.checks import CHECKS, FOREIGN, foreign_canaries
from chatsaas.chaos.checker.record import Talk, canaries_of, read_record

SHOWN = 20


def main() -> None:
    folder = Path(sys.argv[1])
    talks = read_record(folder, os.environ["DATABASE_URL"], json.loads(sys.argv[2]))
    findings = judge(talks)
    counts = {name: len(found) for name, found in findings.items()}
    shown = {name: found[:SHOWN] for name, found in findings.items() if found}
    json.dump({"conversations": len(talks), "counts": counts, "findings": shown}, sys.stdout)


def judge(talks: list[Talk]) -> dict[str, list[str]]:
    canaries = canaries_of(talks)
    findings = {
        name: [f"talk {talk.number}: {found}" for talk in talks for found in check(talk)]
        for name, check in CHECKS.items()
    }
    foreign = (
        f"talk {talk.number}: {found}"
        for talk in talks
        for found in foreign_canaries(talk, canaries)
    )
    return {**findings, FOREIGN: list(foreign)}


if __name__ == "__main__":
    main()

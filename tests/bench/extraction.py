"""`make bench-extraction`: what a message costs at its worst, beside a baseline of the same run.

Ends with status 1 when anything costs more than it may.
"""

import sys

from ai_bridge.evaluation.document import DATA
from ai_bridge.evaluation.sections import speed_tables
from ai_bridge.evaluation.speed import measure_speed


def main() -> None:
    speed = measure_speed(DATA)
    for table in speed_tables(speed):
        print(table, end="\n\n")
    missed = [bar.what for bar in speed.bars if not bar.is_met]
    if missed:
        sys.exit(f"Costs more than it may: {'; '.join(missed)}. Run it again on a quiet machine.")


if __name__ == "__main__":
    main()

"""`make bench-extraction`: what a message costs at its worst, beside a baseline of the same run."""

from ai_bridge.evaluation.document import DATA, document
from ai_bridge.evaluation.sections import SECTIONS


def main() -> None:
    speed = next(section for section in SECTIONS if section.title == "Speed")
    for part in list(document(DATA, [speed]))[1:]:
        print(part, end="\n\n")


if __name__ == "__main__":
    main()

"""`python -m ai_bridge.evaluation.document`: measures everything and writes docs/evaluation.md."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ai_bridge.evaluation.dialogues import DialogueFormatError
from ai_bridge.evaluation.sections import INTRODUCTION, SECTIONS, Section, title_of

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CHATSAAS_DATA", ROOT / ".." / "shared" / "data"))
DOCUMENT = ROOT / "docs" / "evaluation.md"


def document(data: Path, sections: Sequence[Section] = SECTIONS) -> Iterator[str]:
    """The document's paragraphs and tables, as they are measured. `data` holds the public data."""
    yield INTRODUCTION
    for section in sections:
        yield title_of(section)
        yield section.about
        yield from section.measure(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of public data")
    parser.add_argument("--output", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    parts = []
    try:
        for part in document(options.data):
            parts.append(part)
            if part.startswith("## "):
                print(f"Measured next: {part[3:]}", file=sys.stderr)
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is missing. Set CHATSAAS_DATA to the folder of public data.")
    except DialogueFormatError as error:
        sys.exit(str(error))
    options.output.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"Written to {options.output}.")


if __name__ == "__main__":
    main()

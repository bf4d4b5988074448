"""docs/reliability.md: figures by section, each written by the command that measures it."""

from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"
INTRODUCTION = """# Reliability

What `make reliability` measured, on one machine with real processes. Every section names its
seed: the same one makes the same script and throws the same dice, though not at the same moments.
How it is done is in [testing.md](testing.md)."""
HEAD = "\n## "


def write_section(title: str, text: str, path: Path = DOCUMENT) -> None:
    """Put this section in the document; the others, and their order, stay as they are."""
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = dict(_split(part) for part in written.split(HEAD)[1:])
    sections[title] = text.strip()
    parts = [INTRODUCTION, *(f"## {name}\n\n{body}" for name, body in sections.items())]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _split(part: str) -> tuple[str, str]:
    title, _, body = part.partition("\n")
    return title.strip(), body.strip()

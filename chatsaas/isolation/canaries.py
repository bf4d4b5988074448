"""One word per tenant that nobody else's bytes may hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random
from zipfile import BadZipFile, ZipFile

LETTERS = "abcdefghijklmnop"
TENANTS = 8
AROUND = 60
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Canary:
    """`slug` names the tenant; the `word` is letters alone, so that it passes as a name too."""

    slug: str
    word: str


def make_canaries(seed: int) -> tuple[Canary, ...]:
    random = Random(f"canaries {seed}")
    return tuple(
        Canary(f"iso_{LETTERS[number]}", "canary" + "".join(random.choices(LETTERS, k=14)))
        for number in range(TENANTS)
    )


class Watch:
    """Searches output for the words of others. Letter case is no hiding place."""

    def __init__(self, canaries: tuple[Canary, ...]) -> None:
        self._words = {one.slug: one.word.encode() for one in canaries}
        self.searched = 0

    def foreign(self, output: bytes, owner: str = "") -> dict[str, str]:
        """The tenants whose word is in `output`, with what stands around it.

        Without an owner it is nobody's output, and any word is one too many.
        """
        self.searched += len(output)
        found: dict[str, str] = {}
        for piece in _opened(output):
            text = piece.lower()
            if b"canary" in text:
                found.update(self._around(piece, text, owner))
        return found

    def _around(self, piece: bytes, text: bytes, owner: str) -> Iterator[tuple[str, str]]:
        for slug, word in self._words.items():
            place = text.find(word)
            if place >= 0 and slug != owner:
                start = max(0, place - AROUND)
                around = piece[start : place + len(word) + AROUND]
                yield slug, " ".join(around.decode(errors="replace").split())

    def holds(self, output: bytes, owner: str) -> bool:
        """Whether the owner's own word is there: output that says nothing proves nothing."""
        return any(self._words[owner] in piece.lower() for piece in _opened(output))


def _opened(output: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed in them: a spreadsheet is a zip file."""
    yield output
    start = output.find(_ZIP)
    if start < 0:
        return
    try:
        with ZipFile(BytesIO(output[start:])) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    except BadZipFile:
        return

"""One word per tenant that nobody else's bytes may hold."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from zipfile import BadZipFile, ZipFile

LETTERS = "abcdefghijklmnop"
TENANTS = 8
AROUND = 60
SIGN = "canary"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Canary:
    """`slug` names the tenant; the `word` is letters alone, so that it passes as a name too."""

    slug: str
    word: str


def make_canaries(seed: int) -> tuple[Canary, ...]:
    random = Random(f"canaries {seed}")
    return tuple(
        Canary(f"iso_{LETTERS[number]}", SIGN + "".join(random.choices(LETTERS, k=14)))
        for number in range(TENANTS)
    )


@dataclass(frozen=True)
class Seen:
    """`foreign` are the tenants whose word was there, with what stands around it.

    `is_own`: the owner's was. Output that says nothing proves nothing.
    """

    is_own: bool = False
    foreign: dict[str, str] = field(default_factory=dict)


class Watch:
    """Searches output for the words of others: in any letter case, zipped, in base64, as hex."""

    def __init__(self, canaries: tuple[Canary, ...]) -> None:
        self._words = {one.slug: one.word.encode() for one in canaries}
        self._wrapped = {one.slug: tuple(_wrapped(one.word)) for one in canaries}
        self._signs = tuple(_wrapped(SIGN))
        self.searched = 0

    def look(self, output: bytes, owner: str = "") -> Seen:
        """Without an owner it is nobody's output, and any word is one too many."""
        self.searched += len(output)
        is_own, foreign = False, dict[str, str]()
        for piece in _opened(output):
            text = piece.lower()
            mine = text.count(self._words[owner]) if owner else 0
            is_own = is_own or mine > 0
            # Every word begins with the sign: as many of them as own words are all own words.
            if text.count(SIGN.encode()) > mine:
                foreign.update(self._plain(piece, text, owner))
            if any(sign in piece for sign in self._signs):
                foreign.update(self._packed(piece, owner))
        return Seen(is_own, foreign)

    def may_hold(self, output: bytes) -> bool:
        """Whether a closer look is worth it. Counts as searched."""
        self.searched += len(output)
        text = output.lower()
        return SIGN.encode() in text or any(sign in output for sign in self._signs)

    def _plain(self, piece: bytes, text: bytes, owner: str) -> Iterator[tuple[str, str]]:
        for slug, word in self._words.items():
            place = text.find(word)
            if place >= 0 and slug != owner:
                yield slug, _around(piece, place, len(word))

    def _packed(self, piece: bytes, owner: str) -> Iterator[tuple[str, str]]:
        for slug, forms in self._wrapped.items():
            for form in forms:
                place = piece.find(form)
                if place >= 0 and slug != owner:
                    yield slug, _around(piece, place, len(form))


def _around(piece: bytes, place: int, length: int) -> str:
    around = piece[max(0, place - AROUND) : place + length + AROUND]
    return " ".join(around.decode(errors="replace").split())


def _wrapped(word: str) -> Iterator[bytes]:
    """As it looks in hex and in base64, wherever in a text it begins."""
    for text in (word.encode(), word.title().encode()):
        yield text.hex().encode()
        for before in range(3):
            whole = b64encode(b"\0" * before + text)
            # Without the characters that its neighbours have a part in.
            yield whole[-(-before * 8 // 6) : (before + len(text)) * 8 // 6]


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

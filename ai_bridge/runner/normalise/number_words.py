"""The words that numbers are made of."""

from ai_bridge.runner.normalise.types import words

ONES = {
    word: value
    for value, word in enumerate(
        words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        words("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
} | {"fourty": 40, "ninty": 90}
NOUGHTS = frozenset({"nought", "naught", "oh"})
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "grand": 1_000,
    "k": 1_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "mil": 1_000_000,
    "mln": 1_000_000,
    "m": 1_000_000,
    "crore": 10_000_000,
    "billion": 1_000_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
    "bln": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "tn": 1_000_000_000_000,
    "tln": 1_000_000_000_000,
    "dozen": 12,
    "doz": 12,
}
SCALES |= {f"{word}s": value for word, value in SCALES.items() if len(word) > 2}
# After these the number may go on: "two hundred and five", "three thousand four hundred".
OPEN_SCALES = frozenset(words("hundred thousand lakh million crore billion trillion"))

_ORDINAL_WORDS = words(
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ORDINAL_TENS = words(
    "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
)
# What a count is divided by: "two thirds", "three quarters", "a hundredth".
PARTS: dict[str, int] = {word: value for value, word in enumerate(_ORDINAL_WORDS, start=3)}
PARTS |= {word: 10 * value for value, word in enumerate(_ORDINAL_TENS, start=2)}
PARTS |= {
    "half": 2,
    "quarter": 4,
    "hundredth": 100,
    "thousandth": 1_000,
    "millionth": 1_000_000,
    "billionth": 1_000_000_000,
    "trillionth": 1_000_000_000_000,
}
PARTS |= {f"{word}s": value for word, value in PARTS.items()} | {"halves": 2}
# "Twenty first" and "thirty-firsts": the last word of a longer one.
_FIRST_PARTS = {"first": 1, "second": 2} | dict(list(PARTS.items())[:7])
LAST_PARTS = _FIRST_PARTS | {f"{word}s": value for word, value in _FIRST_PARTS.items()}
SIGNS = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅛": 1 / 8}

"""Name what a template says and another format does not."""

from collections.abc import Container, Iterator, Sequence

from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.outline import Part

# Said once for the whole template: no form has anything like them.
ONLY_IN_CHATS = frozenset(
    {"ask", "why", "reprompts", "synonyms", "examples", "help", "skip", "confirm", "pii", "mask",
     "retain_days", "i18n", "prefill", "hidden", "not_before", "not_after", "order"}
)  # fmt: skip


def walk(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from walk(part.parts)


def hints_left(parts: Sequence[Part], kept: Container[str], where: str) -> Iterator[Loss]:
    """One loss for each hint that the format cannot carry, naming the fields that have it."""
    fields: dict[str, list[Part]] = {}
    for part in walk(parts):
        for hint in part.hints:
            if hint in ONLY_IN_CHATS and hint not in kept:
                fields.setdefault(hint, []).append(part)
    for hint, found in fields.items():
        named = ", ".join(part.path for part in found[:4]) + (
            f" and {len(found) - 4} more" if len(found) > 4 else ""
        )
        yield Loss(
            f"{found[0].pointer}/x-intake/{hint}",
            f"`{hint}` was left out (of {named}).",
            f"{where} has nothing like it.",
            "Keep the template; it stays the source.",
        )


def kind_left(part: Part, became: str, where: str) -> Loss:
    return Loss(
        part.pointer,
        f"`{part.path}` of kind `{part.kind}` became {became}.",
        f"{where} has no such kind.",
        "Set the kind again after an import.",
    )

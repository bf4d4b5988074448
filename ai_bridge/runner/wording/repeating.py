"""Lists and repeating groups in words: an item, all of them, and the question for one more."""

from ai_bridge.contract import Choice
from ai_bridge.intake import IntakeField
from ai_bridge.intake.repeats import Repeat, item_path, items_in
from ai_bridge.runner.wording.facts import Facts
from ai_bridge.runner.wording.spoken import join_words, sentence_case, title_of

ANOTHER = Choice(value="another", label="Add another")
ALL = Choice(value="all", label="That's all")
NONE = Choice(value="none", label="None")


def indexes(repeat: Repeat, facts: Facts) -> tuple[int, ...]:
    """Which items of it hold values."""
    return items_in(facts.values).get(repeat.path, ())


def list_question(repeat: Repeat, facts: Facts) -> str:
    """For the first item as the template asks; later for one more."""
    count, noun = len(indexes(repeat, facts)), repeat.noun.lower()
    if count == 0:
        return repeat.field.ask or _first_question(repeat)
    if count < repeat.least:
        return f"And the next {noun}?"
    if not repeat.is_list:
        return f"Add another {noun}?"
    return "Anyone else?" if repeat.parts[0].kind == "name" else "Anything else?"


def _first_question(repeat: Repeat) -> str:
    if repeat.is_list:
        return f"What are the {title_of(repeat.field)}? You can name several at once."
    first = next((part for part in repeat.parts if not part.hidden), repeat.field)
    asked = first.ask or f"What is the {title_of(first)} of the first {repeat.noun.lower()}?"
    return f"Let's go through the {title_of(repeat.field)}. {asked}"


def list_choices(repeat: Repeat, facts: Facts) -> tuple[Choice, ...]:
    count = len(indexes(repeat, facts))
    if count >= max(1, repeat.least):
        return (ANOTHER, ALL)
    return () if count or repeat.path in facts.required else (NONE,)


def item_question(field: IntakeField, plain: str, facts: Facts) -> str:
    """Names the item where more than one could be meant; a further list item is asked for so."""
    repeat = repeat_around(field, facts)
    if repeat is None:
        return plain
    if field.item == field.path and field.path in facts.values:
        return f"What should I write instead of {facts.said(field)}?"
    if field.item == field.path:
        return "Who else?" if field.kind == "name" else f"What is the next {repeat.noun.lower()}?"
    label = label_of_item(field.item, facts)
    is_one_of_many = len(indexes(repeat, facts)) > 1
    return f"{label}: {plain}" if label and is_one_of_many else plain


def repeat_around(field: IntakeField, facts: Facts) -> Repeat | None:
    return facts.intake.repeats.get(field.item.rpartition("[")[0]) if field.item else None


def label_of_item(item: str, facts: Facts) -> str:
    """What an item is called: its first value that says more than yes or no."""
    for part in parts_of(item, facts):
        if part.path in facts.values and not isinstance(facts.values[part.path], bool):
            return _opening(part, facts)
    return ""


def _opening(part: IntakeField, facts: Facts) -> str:
    """Free words typed in small letters open a line with a capital; an address stays as it is."""
    said = facts.said(part)
    return (
        sentence_case(said) if part.kind in ("text", "name", "choice") and said.islower() else said
    )


def parts_of(item: str, facts: Facts) -> list[IntakeField]:
    """The fields of one item, with those of the lists in it."""
    around = (item + ".", item + "[")
    return [
        field
        for field in facts.intake.fields
        if (field.path == item or field.path.startswith(around)) and not field.hidden
    ]


def item_in_words(item: str, facts: Facts) -> str:
    """`Kitchen (leaks: yes)`, `Ibuprofen (200 mg, twice a day)`."""
    known = [part for part in parts_of(item, facts) if part.path in facts.values]
    if not known:
        return ""
    first, *rest = known
    label = _opening(first, facts)
    if isinstance(facts.values[first.path], bool):
        label = f"{first.title}: {label.lower()}"
    more = ", ".join(_part_in_words(part, facts) for part in rest)
    return f"{label} ({more})" if more else label


_SPEAK_FOR_THEMSELVES = ("text", "name", "choice", "choices", "email", "phone", "address", "url")


def _part_in_words(part: IntakeField, facts: Facts) -> str:
    said = facts.said(part)
    if part.kind in _SPEAK_FOR_THEMSELVES:
        return _inside_a_line(said) if part.options else said
    answer = said.lower() if isinstance(facts.values[part.path], bool) else said
    return f"{title_of(part)}: {answer}"


def _inside_a_line(label: str) -> str:
    """`Twice a day` is an option's name, `IT support` as well."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def items_in_words(items: list[str], facts: Facts) -> str:
    said = [item_in_words(item, facts) for item in items]
    gap = any("(" in item for item in said)
    return "; ".join(said) if gap else join_words(said)


def summary_lines(repeat: Repeat, facts: Facts) -> list[str]:
    """A list in one line, a group with a numbered line for each item."""
    items = [item_path(repeat.path, index) for index in indexes(repeat, facts)]
    if repeat.is_list:
        return [f"- {sentence_case(repeat.field.title)}: {items_in_words(items, facts)}"]
    noun = sentence_case(repeat.noun)
    return [f"- {noun} {n}: {item_in_words(item, facts)}" for n, item in enumerate(items, start=1)]

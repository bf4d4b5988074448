"""What a message filled or changed, said back in few words."""

from ai_bridge.runner.turn import Act
from ai_bridge.runner.wording.facts import Facts, field_of
from ai_bridge.runner.wording.itemising import acknowledge_items, removed_items
from ai_bridge.runner.wording.spoken import (
    full_title,
    is_or_are,
    join_words,
    sentence_case,
    title_of,
)

# Their value is what the visitor typed; saying it back tells nothing new.
_COPIED = frozenset({"email", "url", "text", "name", "address"})
# Only their titles may be plurals; one of a time may end in an s as well: "Begins".
_MANY = frozenset({"integer", "number", "choices", "text"})
MAX_SAID_BACK = 60


def acknowledge(noted: list[Act], facts: Facts) -> str:
    """One line however many fields one message filled; empty when it filled none."""
    of_items = [act for act in noted if field_of(act, facts).item]
    single = [act for act in noted if act not in of_items] if of_items else noted
    ranges, single = _ranges(single, facts)
    changed = [act for act in single if _is_change(act)]
    filled = [act for act in single if not _is_change(act)]
    said = [f"Changed: {join_words([_now(act, facts) for act in changed])}."] if changed else []
    if len(filled) == 1:
        said.append(_one(filled[0], facts))
    elif filled:
        said.append(_several(filled, facts))
    said += [*ranges, acknowledge_items(of_items, facts)]
    return " ".join(line for line in said if line)


def _ranges(acts: list[Act], facts: Facts) -> tuple[list[str], list[Act]]:
    """A line for each range of which both ends were told at once, and the other acts."""
    said: list[str] = []
    paths = {act.path for act in acts}
    both = {act.path for act in acts if field_of(act, facts).partner in paths}
    for act in acts:
        field = field_of(act, facts)
        if act.path in both and field.range_end == "start":
            end = facts.intake.by_path[field.partner]
            is_new = not _is_change(act)
            lead = "Got it" if is_new else f"{sentence_case(field.range_title)} is now"
            joint = ": " if is_new else " "
            said.append(f"{lead}{joint}{facts.said(field)} to {facts.said(end)}.")
    return said, [act for act in acts if act.path not in both]


def let_go(dropped: list[Act], facts: Facts) -> str:
    """What was taken out, and whether because another answer made it needless."""
    removed, dropped = removed_items(dropped, facts)
    needless = [_called(act, facts) for act in dropped if act.detail == "no longer applies"]
    others = [_called(act, facts) for act in dropped if act.detail != "no longer applies"]
    said = [removed] if removed else []
    said += [f"I took out the {join_words(others)}."] if others else []
    if needless:
        said.append(f"I no longer need the {join_words(needless)}.")
    return " ".join(said)


def _called(act: Act, facts: Facts) -> str:
    """A path is its own name when the template no longer has the field."""
    field = facts.intake.field(act.path)
    if field and field.range_end:
        end = "first" if field.range_end == "start" else "last"
        return f"{end} day of the {field.range_title.lower()}"
    return title_of(field) if field else act.path


def _is_change(act: Act) -> bool:
    return act.operation is not None and act.operation.op == "correct"


def _now(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    if field.range_end and field.partner in facts.values:
        ends = (field, facts.intake.by_path[field.partner])
        first, last = ends if field.range_end == "start" else ends[::-1]
        said = f"{facts.said(first)} to {facts.said(last)}"
        return f"{sentence_case(field.range_title)} is now {said}"
    if field.range_end:
        verb = "begins" if field.range_end == "start" else "ends"
        return f"{sentence_case(field.range_title)} now {verb} on {facts.said(field)}"
    verb = is_or_are(field.title) if field.kind in _MANY else "is"
    return f"{sentence_case(field.title)} {verb} now {facts.said(field)}"


def _one(act: Act, facts: Facts) -> str:
    """Said back only when it was read, not copied: that is what may want correcting."""
    field = field_of(act, facts)
    said = facts.said(field)
    if field.kind == "name":
        return facts.line("thanks_to").format(said)
    quote = act.operation.quote if act.operation else ""
    is_plain = field.kind in _COPIED or isinstance(facts.values[act.path], bool)
    if is_plain or said.casefold() == quote.casefold() or len(said) > MAX_SAID_BACK:
        return facts.line("thanks")
    return f"{facts.line('thanks')} {full_title(field)}: {said}."


def _several(acts: list[Act], facts: Facts) -> str:
    """`Thanks, Ann Lee. Service: Repair. E-mail noted.`"""
    fields = [field_of(act, facts) for act in acts]
    names = [field for field in fields if field.kind == "name"]
    copied = [field for field in fields if field.kind in ("email", "url", "text", "address")]
    read = [field for field in fields if field not in names and field not in copied]
    called = join_words([facts.said(field) for field in names])
    parts = [facts.line("thanks_to").format(called) if names else facts.line("thanks")]
    parts += [f"{sentence_case(field.title)}: {facts.said(field)}." for field in read]
    if copied:
        titles = [title_of(field) for field in copied]
        parts.append(f"{sentence_case(join_words(titles))} noted.")
    return " ".join(parts)

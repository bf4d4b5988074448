"""What a message did to the items of lists and groups, said back."""

from ai_bridge.runner.turn import Act
from ai_bridge.runner.wording.facts import Facts, field_of
from ai_bridge.runner.wording.repeating import item_in_words, items_in_words, label_of_item
from ai_bridge.runner.wording.spoken import join_words, sentence_case, spoken, title_of


def acknowledge_items(noted: list[Act], facts: Facts) -> str:
    """New items in full when there are several; changes by the item they were made to."""
    changed = [act for act in noted if act.operation and act.operation.op == "correct"]
    items = list(dict.fromkeys(field_of(act, facts).item for act in noted if act not in changed))
    said = [f"Changed: {join_words([_change(act, facts) for act in changed])}."] if changed else []
    if len(items) == 1 and not _tells_more(items[0], noted):
        said.append(facts.line("thanks") if not changed else "")
    elif items:
        said.append(f"Noted: {items_in_words(items, facts)}.")
    return " ".join(line for line in said if line)


def _tells_more(item: str, noted: list[Act]) -> bool:
    """Whether one message gave several fields of this item."""
    return sum(act.path.startswith((item + ".", item + "[")) for act in noted) > 1


def _change(act: Act, facts: Facts) -> str:
    field = field_of(act, facts)
    label = label_of_item(field.item, facts)
    said = facts.said(field)
    if field.path == field.item or said == label:
        return item_in_words(field.item, facts)
    answer = said.lower() if isinstance(facts.values[act.path], bool) else said
    return f"{label}, {title_of(field)}: {answer}" if label else f"{field.title}: {answer}"


def removed_items(dropped: list[Act], facts: Facts) -> tuple[str, list[Act]]:
    """One sentence for the items that were taken out whole, and the other acts."""
    gone: dict[str, str] = {}
    others: list[Act] = []
    for act in dropped:
        item = _item_of(act, facts)
        if not item or any(path == item or path.startswith(item + ".") for path in facts.values):
            others.append(act)
        elif not gone.get(item):
            gone[item] = _said(act, facts)
    names = [name for name in gone.values() if name]
    if not gone:
        return "", others
    return f"I took out {join_words(names) or 'that one'}.", others


def _item_of(act: Act, facts: Facts) -> str:
    is_removed = act.operation is not None and act.operation.op == "remove"
    field = facts.intake.field(act.path) if is_removed else None
    return field.item if field else ""


def _said(act: Act, facts: Facts) -> str:
    """The value that was removed, when it can name an item."""
    value = act.operation.value if act.operation else None
    if value is None or isinstance(value, bool):
        return ""
    field = field_of(act, facts)
    said = spoken(field, value, facts.region, facts.today)
    return sentence_case(said) if field.kind == "text" and said.islower() else said

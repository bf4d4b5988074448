"""The promises, each as a function that lists what broke it in one conversation."""

import json
from collections import Counter
from collections.abc import Callable, Iterator

from chatsaas.chaos.checker.record import SENT, TAKEN, Row, Talk

# The end of a session has one effect for the outside world, and so has its completion.
COMPLETED, CLOSED = "session.completed", "session.closed"
CLEARED = ("cleared", "dropped")


def lost_messages(talk: Talk) -> Iterator[str]:
    """Acknowledged to the visitor, and not in the transcript with its words."""
    stored = {str(row["uid"]): row["text"] for row in _messages(talk, "visitor")}
    texts = {line["client_id"]: line["text"] for line in talk.lines}
    for client_id in sorted({row["id"] for row in talk.said("ack")} | _replied(talk)):
        if stored.get(client_id) != texts[client_id]:
            yield f"{client_id} was acknowledged and is not stored"


def missing_replies(talk: Talk) -> Iterator[str]:
    """A message that was said and has no answer, in the database or at its sender."""
    answered = {row["turn_id"] for row in _messages(talk, "assistant")}
    for row in _messages(talk, "visitor"):
        if row["turn_id"] not in answered:
            yield f"{row['uid']} has no reply"
    for line in talk.lines:
        if line["client_id"] not in _replied(talk):
            yield f"{line['client_id']} was never answered to its sender"


def duplicate_replies(talk: Talk) -> Iterator[str]:
    """Two answers to one message: stored, told, or told differently at a retry."""
    rows = Counter(row["turn_id"] for row in _messages(talk, "assistant") if row["turn_id"])
    yield from (f"turn {turn} has {count} replies" for turn, count in rows.items() if count > 1)
    told = Counter(
        event["payload"]["turn"]
        for event in talk.stored["event"]
        if event["kind"] == "message" and event["payload"]["role"] == "assistant"
        if event["payload"]["turn"]
    )
    yield from (f"{turn} was answered {n} times in events" for turn, n in told.items() if n > 1)
    for op, what in (("reply", "text"), ("reply", "seq"), ("body", "body")):
        seen: dict[str, object] = {}
        for row in talk.said(op):
            if seen.setdefault(row["id"], row[what]) != row[what]:
                yield f"{row['id']} got two answers that differ in {what}"


def given_up(talk: Talk) -> Iterator[str]:
    """Turns that the product itself declared failed."""
    for turn in talk.stored["turn"]:
        if turn["status"] != "done":
            yield f"turn {turn['ordinal']} is {turn['status']}"


def gaps(talk: Talk) -> Iterator[str]:
    """Numbers of events that are not 1, 2, 3 and so on; in the database, and in every tab."""
    numbers = [event["seq"] for event in talk.stored["event"]]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the database has the numbers {numbers}"
    if talk.row and talk.row["last_seq"] != len(numbers):
        yield f"the session counts {talk.row['last_seq']} of {len(numbers)} events"
    for tab, events in _tabs(talk).items():
        heard = [frame["seq"] for frame in events]
        if heard != list(range(1, len(heard) + 1)):
            yield f"tab {tab} heard the numbers {heard}"


def forks(talk: Talk) -> Iterator[str]:
    """Two events under one number; or messages stored in another order than they were said in."""
    seen: dict[int, Row] = {}
    for row in talk.said("event"):
        if seen.setdefault(row["frame"]["seq"], row["frame"]) != row["frame"]:
            yield f"number {row['frame']['seq']} was heard with two contents"
    places = {str(turn["request_id"]): turn["ordinal"] for turn in talk.stored["turn"]}
    for earlier, later in _successions(talk):
        if places.get(earlier, 0) > places.get(later, len(places)):
            yield f"{later} was said after {earlier} was answered, and stands before it"


def differing_fields(talk: Talk) -> Iterator[str]:
    """The newest accepted value of each field, and the finished document, against what was said."""
    found: Row = {}
    for value in talk.stored["value"]:
        if value["status"] in CLEARED:
            found.pop(value["path"], None)
        elif value["status"] != "refused":
            found[value["path"]] = value["value"]
    if found != talk.expected:
        yield f"the fields are {found}, said was {talk.expected}"
    document = talk.row["document"] if talk.row else None
    if talk.completes and document != talk.expected:
        yield f"the document is {document}, said was {talk.expected}"


def outbox_faults(talk: Talk) -> Iterator[str]:
    """Effects that are missing, doubled, or were not to be."""
    wanted = Counter({COMPLETED: int(talk.completes), CLOSED: int(talk.closes)})
    found = Counter(row["kind"] for row in talk.stored["outbox"])
    for kind in wanted | found:
        if kind in (COMPLETED, CLOSED) and wanted[kind] != found[kind]:
            yield f"{found[kind]} rows of {kind} instead of {wanted[kind]}"


def untold_events(talk: Talk) -> Iterator[str]:
    """Effects of which the customer's server never said that it has them."""
    taken = {row["id"] for row in talk.told if row["op"] == TAKEN}
    for row in talk.stored["outbox"]:
        if row["kind"] in (COMPLETED, CLOSED) and _event_id(row) not in taken:
            yield f"{row['kind']} was never taken"


def altered_events(talk: Talk) -> Iterator[str]:
    """Told under another id than the effect's, with something else in it, or told anew."""
    owed = {_event_id(row): (row["kind"], row["seq"]) for row in talk.stored["outbox"]}
    seen: dict[str, Row] = {}
    for row in _sent(talk):
        if owed.get(row["id"]) != (row["kind"], row["seq"]):
            yield f"{row['kind']} was told as {row['id']}, which is not its id"
        if seen.setdefault(row["id"], row)["document"] != row["document"]:
            yield f"{row['kind']} was told again with another document"
        if row["kind"] == COMPLETED and row["document"] != talk.expected:
            yield f"{row['document']} was told, said was {talk.expected}"


def disordered_events(talk: Talk) -> Iterator[str]:
    """A later event that was told before an earlier one was taken."""
    taken: set[int] = set()
    owed = sorted(row["seq"] for row in talk.stored["outbox"])
    for row in talk.told:
        if row["op"] == TAKEN:
            taken.add(row["seq"])
        elif missed := [seq for seq in owed if seq < row["seq"] and seq not in taken]:
            yield f"{row['kind']} was told before that of number {missed[0]} was taken"


def foreign_canaries(talk: Talk, canaries: set[str]) -> Iterator[str]:
    """Another tenant's canary, in anything that was stored or heard."""
    everything = json.dumps([talk.saw, talk.told, dict(talk.stored)], default=str)
    for canary in canaries - {talk.canary}:
        if canary in everything:
            yield f"{canary} is in a conversation of {talk.tenant}"


def differing_transcripts(talk: Talk) -> Iterator[str]:
    """What a tab heard from first to last, against the events of the database."""
    stored = [
        {"type": event["kind"], "seq": event["seq"], **event["payload"]}
        for event in talk.stored["event"]
    ]
    tabs = _tabs(talk)
    if not tabs:
        yield "no tab heard anything"
    for tab, heard in tabs.items():
        if heard != stored:
            yield f"tab {tab} heard {len(heard)} events, {len(stored)} are stored, or they differ"


CHECKS: dict[str, Callable[[Talk], Iterator[str]]] = {
    "acknowledged messages lost": lost_messages,
    "missing replies": missing_replies,
    "duplicate replies": duplicate_replies,
    "turns given up": given_up,
    "gaps in seq": gaps,
    "forks in seq": forks,
    "final fields that differ from what was said": differing_fields,
    "outbox rows missing or doubled": outbox_faults,
    "events that the customer was never told": untold_events,
    "events told under another id or with other contents": altered_events,
    "events told out of order": disordered_events,
    "client transcripts that differ from the database": differing_transcripts,
}
FOREIGN = "foreign canaries"


def _successions(talk: Talk) -> Iterator[tuple[str, str]]:
    """Pairs of messages of which the second was first said after the first was answered."""
    begun: set[str] = set()
    done: set[str] = set()
    for row in talk.saw:
        if row["op"] == "invoke" and row["id"] not in begun:
            begun.add(row["id"])
            yield from ((earlier, row["id"]) for earlier in done)
        elif row["op"] == "reply":
            done.add(row["id"])


def _messages(talk: Talk, role: str) -> list[Row]:
    return [row for row in talk.stored["message"] if row["role"] == role]


def _replied(talk: Talk) -> set[str]:
    return {row["id"] for row in talk.said("reply")}


def _sent(talk: Talk) -> Iterator[Row]:
    return (row for row in talk.told if row["op"] == SENT)


def _event_id(effect: Row) -> str:
    return f"evt_{effect['uid'].hex}"


def _tabs(talk: Talk) -> dict[int, list[Row]]:
    """What each tab heard; it starts afresh when it was told to."""
    tabs: dict[int, list[Row]] = {}
    for row in talk.saw:
        if row.get("tab", -1) < 0:
            continue
        if row["op"] == "resync":
            tabs[row["tab"]] = []
        elif row["op"] == "event":
            tabs.setdefault(row["tab"], []).append(row["frame"])
    return tabs

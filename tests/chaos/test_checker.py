"""The checker finds each way in which a promise can be broken, and nothing where none is."""

from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest

from chatsaas.chaos.checker.__main__ import judge
from chatsaas.chaos.checker.record import Talk

SESSION = "ses_" + "1" * 32
ONE, TWO = str(UUID(int=1)), str(UUID(int=2))
LINES = [
    {"client_id": ONE, "text": "My name is Ann", "states": {"name": "Ann"}},
    {"client_id": TWO, "text": "There are 3 rooms", "states": {"rooms": 3}},
]


def event(seq: int, **payload: Any) -> dict[str, Any]:
    kind = payload.pop("kind", "message")
    return {"seq": seq, "kind": kind, "payload": payload}


def good() -> Talk:
    """Two messages, two answers, completed and closed; one tab heard it all."""
    talk = Talk(0, "alpha", "canary-alpha", deepcopy(LINES), True, True, SESSION)
    events = [
        event(1, role="visitor", turn=ONE, text="My name is Ann"),
        event(2, role="assistant", turn=ONE, text="How many rooms?"),
        event(3, role="visitor", turn=TWO, text="There are 3 rooms"),
        event(4, role="assistant", turn=TWO, text="Thank you, canary-alpha."),
        event(5, kind="closed", reason="visitor"),
    ]
    document = {"name": "Ann", "rooms": 3}
    talk.stored |= {
        "session": [{"last_seq": 5, "document": document}],
        "turn": [
            {"ordinal": 1, "request_id": UUID(ONE), "status": "done"},
            {"ordinal": 2, "request_id": UUID(TWO), "status": "done"},
        ],
        "message": [
            {"role": "visitor", "uid": UUID(ONE), "turn_id": 1, "text": "My name is Ann"},
            {"role": "assistant", "uid": UUID(int=3), "turn_id": 1, "text": "How many rooms?"},
            {"role": "visitor", "uid": UUID(TWO), "turn_id": 2, "text": "There are 3 rooms"},
            {"role": "assistant", "uid": UUID(int=4), "turn_id": 2, "text": "Thank you."},
        ],
        "value": [
            {"path": "name", "value": "Ann", "status": "set"},
            {"path": "rooms", "value": 3, "status": "set"},
        ],
        "event": events,
        "outbox": [
            {"kind": "session.completed", "seq": 4, "uid": UUID(int=8)},
            {"kind": "session.closed", "seq": 5, "uid": UUID(int=9)},
        ],
    }
    talk.told = [*told(0, document), *told(1, document)]
    heard = [{"type": row["kind"], "seq": row["seq"], **row["payload"]} for row in events]
    talk.saw = [
        {"op": "invoke", "id": ONE, "at": 0.0},
        {"op": "ack", "id": ONE, "at": 0.1},
        {"op": "reply", "id": ONE, "text": "How many rooms?", "seq": 2, "at": 0.2},
        {"op": "invoke", "id": TWO, "at": 0.3},
        {"op": "reply", "id": TWO, "text": "Thank you, canary-alpha.", "seq": 4, "at": 0.4},
        *({"op": "event", "tab": 0, "frame": frame} for frame in heard),
    ]
    return talk


def told(number: int, document: dict[str, Any]) -> list[dict[str, Any]]:
    """One event as the customer's server is sent it, and its word that it has it."""
    known = {"id": f"evt_{UUID(int=8 + number).hex}", "seq": 4 + number, "session": SESSION}
    kind = ("session.completed", "session.closed")[number]
    return [
        {"op": "webhook", "kind": kind, "document": document, **known},
        {"op": "taken", **known},
    ]


def lose_message(talk: Talk) -> None:
    del talk.stored["message"][0]


def lose_reply(talk: Talk) -> None:
    del talk.stored["message"][1]


def answer_nobody(talk: Talk) -> None:
    del talk.saw[4]


def double_reply(talk: Talk) -> None:
    talk.stored["message"].append(dict(talk.stored["message"][1]))


def answer_differently(talk: Talk) -> None:
    talk.saw.append({**talk.saw[2], "text": "Who are you?"})


def give_up(talk: Talk) -> None:
    talk.stored["turn"][0]["status"] = "failed"


def tear(talk: Talk) -> None:
    del talk.stored["event"][2]


def skip_in_the_tab(talk: Talk) -> None:
    del talk.saw[6]


def fork(talk: Talk) -> None:
    talk.saw.append({"op": "event", "tab": 1, "frame": {"type": "closed", "seq": 2}})


def swap(talk: Talk) -> None:
    first, second = talk.stored["turn"]
    first["ordinal"], second["ordinal"] = 2, 1


def mistake(talk: Talk) -> None:
    talk.stored["value"][1]["value"] = 4


def spoil_document(talk: Talk) -> None:
    talk.stored["session"][0]["document"] = {"name": "Ann"}


def double_effect(talk: Talk) -> None:
    talk.stored["outbox"].append(dict(talk.stored["outbox"][0]))


def forget_effect(talk: Talk) -> None:
    del talk.stored["outbox"][1]


def tell_nobody(talk: Talk) -> None:
    talk.told = talk.told[:3]


def tell_anew(talk: Talk) -> None:
    talk.told.append({**talk.told[0], "id": f"evt_{UUID(int=10).hex}"})


def tell_another_document(talk: Talk) -> None:
    talk.told.append({**talk.told[2], "document": {"name": "Ann"}})


def tell_too_early(talk: Talk) -> None:
    talk.told = [*talk.told[2:], *talk.told[:2]]


def tell_before_it_is_taken(talk: Talk) -> None:
    del talk.told[1]


def leak_to_the_customer(talk: Talk) -> None:
    talk.told[0]["document"]["note"] = "canary-beta"


def leak(talk: Talk) -> None:
    talk.stored["message"][1]["text"] = "as canary-beta said"


def tell_otherwise(talk: Talk) -> None:
    talk.stored["event"][1]["payload"]["text"] = "How many?"


BREAKS = [
    (lose_message, "acknowledged messages lost"),
    (lose_reply, "missing replies"),
    (answer_nobody, "missing replies"),
    (double_reply, "duplicate replies"),
    (answer_differently, "duplicate replies"),
    (give_up, "turns given up"),
    (tear, "gaps in seq"),
    (skip_in_the_tab, "gaps in seq"),
    (fork, "forks in seq"),
    (swap, "forks in seq"),
    (mistake, "final fields that differ from what was said"),
    (spoil_document, "final fields that differ from what was said"),
    (double_effect, "outbox rows missing or doubled"),
    (forget_effect, "outbox rows missing or doubled"),
    (tell_nobody, "events that the customer was never told"),
    (tell_anew, "events told under another id or with other contents"),
    (tell_another_document, "events told under another id or with other contents"),
    (tell_too_early, "events told out of order"),
    (tell_before_it_is_taken, "events told out of order"),
    (leak, "foreign canaries"),
    (leak_to_the_customer, "foreign canaries"),
    (tell_otherwise, "client transcripts that differ from the database"),
]


def stranger() -> Talk:
    """The other tenant's conversation, so that there is a foreign canary to find."""
    talk = good()
    talk.number, talk.tenant, talk.canary = 1, "beta", "canary-beta"
    talk.saw[4]["text"] = "Thank you."
    for row in (talk.stored["event"][3]["payload"], talk.saw[-2]["frame"]):
        row["text"] = "Thank you."
    return talk


def test_a_good_run_has_nothing_to_find() -> None:
    assert not any(judge([good(), stranger()]).values())


@pytest.mark.parametrize(("spoil", "name"), BREAKS, ids=[spoil.__name__ for spoil, _ in BREAKS])
def test_each_broken_promise_is_found(spoil: Any, name: str) -> None:
    talk = good()
    spoil(talk)
    findings = judge([talk, stranger()])
    assert findings[name], findings

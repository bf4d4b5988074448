"""What a model adds to the rules, and what of it counts."""

from uuid import uuid4

import pytest

from ai_bridge.contract import EditInput, MessageInput, PastTurn, Usage
from tests.runner.model.speaking import Speaker, by_model, refused
from tests.runner.talk import NOW, ROOF, Talk, answer, values

DRIPS = "It drips on my bed"


async def test_a_paraphrase_is_read_with_the_visitor_s_own_words_as_evidence(
    speaker: Speaker,
) -> None:
    done = await speaker.with_model("good").say(DRIPS)
    [held] = [held for held in done.fields if held.evidence.method == "model"]
    assert (held.path, held.value, held.evidence.method) == ("service", "repair", "model")
    assert DRIPS[held.evidence.start : held.evidence.end] == held.evidence.quote == "drips"
    assert (done.degraded, done.trouble) == (False, "")
    assert done.usage == Usage(input_tokens=100, output_tokens=20)


async def test_where_rules_and_model_read_alike_the_rules_finding_stands(speaker: Speaker) -> None:
    done = await speaker.with_model("good").say("My name is Ann Lee, ann@example.com")
    assert values(done) == {"name": "Ann Lee", "email": "ann@example.com"}
    assert by_model(done) == {}


async def test_what_only_the_rules_found_stays_beside_a_silent_model(speaker: Speaker) -> None:
    done = await speaker.with_model("silent").say("My name is Ann Lee")
    assert values(done) == {"name": "Ann Lee"}
    assert not done.degraded


async def test_with_the_model_alone_the_rules_fill_nothing(speaker: Speaker) -> None:
    done = await speaker.with_model("silent", extractor="model").say("My name is Ann Lee")
    assert values(done) == {}


async def test_with_rules_chosen_no_model_is_asked(speaker: Speaker) -> None:
    told = speaker.with_model("good", extractor="rules")
    done = await told.say(DRIPS)
    assert (done.degraded, done.heard, by_model(done), told.asked()) == (False, None, {}, [])


async def test_made_up_quotes_are_refused_recorded_and_never_told(speaker: Speaker) -> None:
    done = await speaker.with_model("hallucinating").say("My name is Ann Lee")
    alone = await Talk(speaker.client).say("My name is Ann Lee")
    assert values(done) == {"name": "Ann Lee"}
    assert {(item.source, item.reason) for item in refused(done)} == {("model", "quote_not_found")}
    assert len(refused(done)) >= 5
    assert done.reply == alone.reply


async def test_only_messages_are_shown_to_a_model(speaker: Speaker) -> None:
    told = speaker.with_model("good")
    await told.say("hello")
    done = await told.talk.give(EditInput(path="service", value="repair"), provider=told.provider)
    assert (done.degraded, len(told.asked())) == (False, 1)


async def test_hidden_fields_and_personal_values_are_not_sent(speaker: Speaker) -> None:
    properties = {
        "name": {"type": "string", "x-intake": {"kind": "name", "pii": True}},
        "internal_score": {"type": "number", "x-intake": {"hidden": True}},
        "email": {"type": "string", "format": "email"},
    }
    speaker.template = {**ROOF, "properties": properties, "required": ["email"]}
    for condition in ("if", "then", "else"):
        del speaker.template[condition]
    told = speaker.with_model("good")
    await told.say("My name is Ann Lee")
    await told.say("that is all you get")
    sent = str(told.asked()[-1]["body"])
    assert "internal_score" not in sent
    assert '"name":"given"' in sent
    assert "Ann Lee" not in sent


@pytest.mark.parametrize(
    ("behaviour", "method"), [("no-schema", "function"), ("no-tools", "json_object")]
)
async def test_the_form_that_works_is_found_and_remembered(
    speaker: Speaker, behaviour: str, method: str
) -> None:
    told = speaker.with_model(behaviour)
    first = await told.say(DRIPS)
    before = len(told.asked())
    second = await told.say("My name is Ann Lee")
    assert by_model(first)["service"] == ("repair", "drips")
    assert not second.degraded
    [last] = told.asked()[before:]
    assert method in str(last["body"].get("tools", last["body"].get("response_format")))
    assert before > 1


async def test_an_endpoint_s_new_names_for_old_settings_are_learnt(speaker: Speaker) -> None:
    told = speaker.with_model("modern")
    assert by_model(await told.say(DRIPS))["service"] == ("repair", "drips")
    assert not (await told.say("hello")).degraded
    last = told.asked()[-1]["body"]
    assert "max_completion_tokens" in last
    assert "temperature" not in last
    assert len(told.asked()) == 4


async def test_a_model_that_ignores_the_schema_is_asked_in_a_looser_form_next(
    speaker: Speaker,
) -> None:
    told = speaker.with_model("ignores-schema")
    await told.say("hello")
    await told.say("hello")
    assert "json_schema" in told.asked()[0]["body"]["response_format"]
    assert "tools" in told.asked()[-1]["body"]


async def test_anthropic_s_interface_is_spoken_too(speaker: Speaker) -> None:
    told = speaker.with_model("good", kind="anthropic")
    done = await told.say(DRIPS)
    assert by_model(done)["service"] == ("repair", "drips")
    assert done.usage == Usage(input_tokens=70, output_tokens=30)
    assert told.asked()[0]["authorization"] == told.provider.api_key


async def test_a_lost_thread_comes_to_the_same_state_without_asking_again(
    speaker: Speaker,
) -> None:
    told = speaker.with_model("good")
    said = ["It drips on my bed", "My name is Ann Lee", "the sooner the better"]
    turns = [await told.say(text) for text in said]
    past = tuple(
        PastTurn(
            request_id=uuid4(),
            input=MessageInput(text=text),
            now=NOW,
            locale="en",
            region="US",
            operations=turn.heard,
        )
        for text, turn in zip(said, turns, strict=True)
    )
    talk = Talk(speaker.client)
    request = talk.request(EditInput(path="phone", value=""))
    rebuilt = await answer(
        talk.client, request.model_copy(update={"template": ROOF, "history": past})
    )
    assert values(rebuilt) == values(turns[-1])
    assert rebuilt.state_hash == turns[-1].state_hash
    assert len(told.asked()) == len(said)


async def test_a_repeated_request_is_answered_from_the_record(speaker: Speaker) -> None:
    told = speaker.with_model("good")
    request = told.talk.healing(told.talk.request(DRIPS, provider=told.provider))
    first, again = [await answer(speaker.client, request) for _ in range(2)]
    assert first == again
    assert len(told.asked()) == 1


async def test_words_that_a_model_reads_as_something_else_are_not_taken_for_a_name(
    speaker: Speaker,
) -> None:
    """The rules may take a first answer for a name; the record keeps both readings."""
    done = await speaker.with_model("good").say("Call me Ann Lee")
    assert values(done) == {"name": "Ann Lee"}
    done = await speaker.with_model("good").say(DRIPS)
    assert values(done) == {"service": "repair"}
    assert done.heard is not None
    assert "service" in {operation.path for operation in done.heard if operation.accepted}

"""The ways to a model: real clients, keys that leave no trace, addresses that are not reached."""

import json

import openai
import pytest
from pydantic import ValidationError

from ai_bridge.client import RunnerClient
from ai_bridge.contract import MessageInput, ModelCheck, Provider
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from tests.models.serving import KEY, Endpoint
from tests.runner.model.speaking import Speaker, by_model
from tests.runner.talk import Talk, values

DRIPS = "It drips on my bed"


def test_the_fake_is_an_endpoint_to_the_real_client(models: Endpoint) -> None:
    provider = models.provider("good")
    data = {"fields": [{"path": "email"}], "message": "a@b.example"}
    with openai.OpenAI(base_url=models.url, api_key=KEY, max_retries=0) as client:
        answer = client.chat.completions.create(
            model=provider.model,
            messages=[
                {"role": "system", "content": "Read."},
                {"role": "user", "content": json.dumps(data)},
            ],
        )
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(
                model="limited-x", messages=[{"role": "user", "content": "{}"}]
            )
    said = json.loads(answer.choices[0].message.content or "")
    assert said["operations"][0]["quote"] == "a@b.example"
    assert answer.usage is not None
    assert answer.usage.prompt_tokens == 100


@pytest.mark.parametrize("behaviour", ["good", "no-schema", "no-tools"])
async def test_a_langchain_model_fills_as_the_others_do(speaker: Speaker, behaviour: str) -> None:
    model = f"openai:{speaker.models.provider(behaviour).model}"
    told = speaker.with_model(behaviour, kind="langchain", model=model)
    done = await told.say(DRIPS)
    assert by_model(done)["service"] == ("repair", "drips")
    assert (done.degraded, done.usage.input_tokens) == (False, 100)


@pytest.mark.parametrize(
    ("behaviour", "trouble"),
    [
        ("broken", "server_error"),
        ("limited", "rate_limited"),
        ("locked", "unauthorised"),
        ("garbage", "not_json"),
        ("slow", "timeout"),
    ],
)
async def test_a_langchain_model_in_trouble_leaves_the_turn_to_the_rules(
    speaker: Speaker, behaviour: str, trouble: str
) -> None:
    model = f"openai:{speaker.models.provider(behaviour).model}"
    told = speaker.with_model(behaviour, kind="langchain", model=model, timeout_ms=1_500)
    done = await told.say("My name is Ann Lee")
    assert (done.trouble, values(done)) == (trouble, {"name": "Ann Lee"})


@pytest.mark.parametrize(
    ("model", "trouble"),
    [
        ("groq:llama", "not_installed"),
        ("os:system", "unknown_provider"),
        ("openai", "unknown_provider"),
    ],
)
async def test_a_langchain_provider_that_cannot_be_loaded_is_named(
    speaker: Speaker, model: str, trouble: str
) -> None:
    done = await speaker.with_model("good", kind="langchain", model=model).say(DRIPS)
    assert done.trouble == trouble


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/v1", "http://localhost:{port}/v1", "http://[::1]:{port}/v1",
     "http://2130706433:{port}/v1", "http://10.0.0.1/v1", "file:///etc/passwd"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["openai", "anthropic", "langchain"])
async def test_an_address_that_is_not_public_gets_no_byte_unless_the_operator_allows_it(
    shared_settings: RunnerSettings, models: Endpoint, url: str, kind: str
) -> None:
    model = f"openai:good-{kind}" if kind == "langchain" else f"good-{kind}"
    address = url.format(port=models.served.port)
    provider = models.provider("good", kind=kind, model=model, base_url=address)
    async with local_runner(shared_settings) as runner:
        done = await Talk(runner).give(MessageInput(text=DRIPS), provider=provider)
    assert done.trouble == "address_refused"
    assert models.asked(provider) == []


@pytest.mark.parametrize("behaviour", ["good", "locked", "garbage", "broken"])
async def test_no_answer_repeats_the_key(speaker: Speaker, behaviour: str) -> None:
    told = speaker.with_model(behaviour)
    done = await told.say(DRIPS)
    found = await speaker.client.check_model(told.provider)
    assert told.asked()[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in done.model_dump_json() + found.model_dump_json() + repr(told.provider)


def test_a_key_that_would_break_a_header_is_refused_without_being_repeated() -> None:
    with pytest.raises(ValidationError) as refusal:
        Provider(kind="openai", model="m", api_key="two\r\nlines")
    problems = refusal.value.errors(include_input=False)
    assert "lines" not in str(problems)


async def test_a_provider_is_tried_out_before_visitors_meet_it(
    runner: RunnerClient, models: Endpoint
) -> None:
    good = await runner.check_model(models.provider("good"))
    assert (good.ok, good.method) == (True, "json_schema")
    assert "found 2 of the 2" in good.detail
    locked = await runner.check_model(models.provider("locked"))
    assert (locked.ok, locked.code) == (False, "unauthorised")
    assert "Enter a key" in locked.mend
    silent = await runner.check_model(models.provider("silent"))
    assert (silent.ok, silent.code) == (False, "nothing_found")
    assert isinstance(silent, ModelCheck)

"""Why a model gave no usable answer: a code for the record, and words for who set it up."""

from typing import Final

# What is wrong, and the mend. No text here may hold a key or anything a visitor wrote.
TROUBLES: Final[dict[str, tuple[str, str]]] = {
    "connect": (
        "The endpoint could not be reached.",
        "Check the base URL, and that the endpoint is up.",
    ),
    "address_refused": (
        "The base URL leads to an address that is not public.",
        "Use a public address, or have the operator allow the host for models.",
    ),
    "timeout": (
        "The model did not answer in time.",
        "Choose a faster model, or give it more time.",
    ),
    "too_late": (
        "Too little of the turn's time was left to ask the model.",
        "Nothing is to be done unless it happens often: then look at the runner's load.",
    ),
    "unauthorised": (
        "The endpoint refused the key.",
        "Enter a key that is valid for this endpoint and model.",
    ),
    "not_found": (
        "The endpoint knows neither this path nor this model.",
        "Check the base URL (most end in /v1) and the model's name.",
    ),
    "refused": (
        "The endpoint refused every form of the request.",
        "Check the model's name, and that it is a chat model.",
    ),
    "rate_limited": (
        "The endpoint says that too many requests were sent, or that the credit is used up.",
        "Raise the limit at the provider, or top up its credit.",
    ),
    "server_error": (
        "The endpoint failed.",
        "Try again later; look at the provider's status page.",
    ),
    "cut_off": (
        "The endpoint's answer was cut off on the way.",
        "Try again; if it stays so, look for a proxy in between.",
    ),
    "too_large": (
        "The endpoint's answer was far too large.",
        "Check that the base URL leads to a model.",
    ),
    "not_an_answer": (
        "The endpoint's answer is not one of this kind of interface.",
        "Check the kind of connection and the base URL.",
    ),
    "truncated": (
        "The model's answer was longer than the tokens it was given.",
        "Allow more tokens for an answer, or choose a model that writes less.",
    ),
    "not_json": (
        "The model answered in another form than it was asked for.",
        "Choose a model that supports structured output or function calling.",
    ),
    "resting": (
        "The model failed several times in a row and is given a rest.",
        "It is tried again by itself within a minute.",
    ),
    "not_installed": (
        "The LangChain package for this provider is not installed on the runner.",
        "Have the operator install it, or choose another kind of connection.",
    ),
    "unknown_provider": (
        "The model's name must be provider:model with a provider that the runner knows.",
        "Write for example openai:gpt-4o-mini; docs/models.md lists the providers.",
    ),
}


class Trouble(Exception):
    """The model is of no use for this turn; rules answer it."""

    def __init__(self, code: str, *, retry_after: float | None = None) -> None:
        self.code = code
        self.retry_after = retry_after
        super().__init__(code)

    @property
    def detail(self) -> str:
        return TROUBLES[self.code][0]

    @property
    def mend(self) -> str:
        return TROUBLES[self.code][1]


class Rejected(Exception):
    """The endpoint does not take this form of the request; another form may do.

    `said` is the endpoint's own explanation, in lower case, for choosing that form: never shown.
    """

    def __init__(self, said: str = "") -> None:
        self.said = said.lower()
        super().__init__("rejected")

"""From what a person gave to the JSON value that the field stores, or the reason why not."""

from ai_bridge.runner.normalise.dispatch import normalise
from ai_bridge.runner.normalise.types import Context, Found, Refusal, Value

__all__ = ["Context", "Found", "Refusal", "Value", "normalise"]

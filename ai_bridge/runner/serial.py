"""Checkpoint bytes are JSON and nothing else: loading them can build no object and run no code."""

from typing import Any

import orjson

# Without these, orjson would turn dates and dataclasses into text and the state would come back
# as another type than it went in.
_STRICT = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


class JsonSerializer:
    """LangGraph's serializer protocol. Raises TypeError for a value that is not JSON."""

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        return "json", orjson.dumps(obj, option=_STRICT)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        kind, body = data
        if kind != "json":
            raise ValueError(f"A checkpoint of kind {kind!r} was not written by this runner.")
        return orjson.loads(body)

"""What a model's endpoint of OpenAI's kind says; tests have their own endpoint say it too."""

from typing import Any

Json = dict[str, Any]


def completion(asked: Json, text: str, reason: str = "stop") -> Json:
    """An answer to this request that says `text`, by a tool when it was given one."""
    message: Json = {"role": "assistant", "content": text}
    if "tools" in asked:
        function = {"name": asked["tools"][0]["function"]["name"], "arguments": text}
        call = {"id": "call_1", "type": "function", "function": function}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": asked["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def unfounded(data: Json) -> Json:
    """Quotes what was never said, for every field there is."""
    claims = [
        {"op": "set", "path": field["path"], "quote": "I never said that", "value": "repair"}
        for field in data["fields"]
    ]
    return {"operations": claims, "lead": "Your invoice is paid."}

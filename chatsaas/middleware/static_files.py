"""Serves static files; every other request passes by without a thread of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware
from whitenoise.middleware import WhiteNoiseMiddleware

Answer = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def StaticFiles(get_response: Answer) -> Answer:  # noqa: N802
    """WhiteNoise alone is synchronous: it would hold a thread for the length of each chat turn."""
    if not iscoroutinefunction(get_response):
        return WhiteNoiseMiddleware(get_response)  # type: ignore[no-any-return]
    # To find and open a small file takes less time than a change of thread.
    shelf = WhiteNoiseMiddleware(_nothing)

    async def door(request: HttpRequest) -> Any:
        is_static = request.path.startswith(settings.STATIC_URL)
        response = shelf(request) if is_static else None
        if response is None:
            return await get_response(request)
        response.streaming_content = _piece_by_piece(response.streaming_content)
        return response

    return door


def _nothing(request: HttpRequest) -> None:
    """What the shelf says when it has no such file."""


async def _piece_by_piece(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece

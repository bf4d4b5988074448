"""Where the data plane gets its runner client from; the composition root says which one it is."""

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

from ai_bridge.client import RunnerClient

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, RunnerClient] = WeakKeyDictionary()
_factories: list[Callable[[], RunnerClient]] = []


def provide_runner(factory: Callable[[], RunnerClient]) -> None:
    """The newest factory makes every client from now on."""
    _factories.append(factory)
    _clients.clear()


def current_runner() -> RunnerClient:
    """The client of the running event loop: connections belong to one loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = _factories[-1]()
    return _clients[loop]


async def close_runner() -> None:
    """Lets go of this loop's connections; the next turn opens new ones."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()

"""The demo's customers on the test ground: the same seed, the same website, the same pages."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatsaas.demo.seed import Seeded, seed
from chatsaas.demo.website import start_website
from chatsaas.servers.ports import find_port
from tests.ground.ground import Ground, open_ground

OWNER = "owner@acme-roofing.example"


@dataclass(frozen=True)
class Town:
    """Where everything is. `website` is the customer's page, `dashboard` its own host."""

    ground: Ground
    seeded: Seeded
    gateway: str
    website: str

    @property
    def dashboard(self) -> str:
        return self.gateway.replace("//localhost", "//acme.localhost") + "/admin/"


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """Gateway, runner and the customers' website, with both customers of the demo."""
    with ExitStack() as stack:
        ground = stack.enter_context(open_ground(folder, from_nothing=True))
        gateway = ground.gateway_url.replace("127.0.0.1", "localhost")
        port = find_port()
        seeded = seed(folder, origin=f"http://localhost:{port}", base_domain="localhost")
        stack.enter_context(ground.runner())
        stack.enter_context(ground.gateway())
        pages = start_website(port, host=gateway, keys=seeded.keys)
        stack.callback(pages.shutdown)
        yield Town(ground, seeded, gateway, f"http://localhost:{port}/")

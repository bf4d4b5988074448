"""Tells whether text became a part of a page: a script that ran, an element, a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

# Short enough for a name. Wherever it becomes part of a page there is an element to be found,
# even when its script is held back.
PLANT = "\"'><img class=planted src=//planted.example onerror=alert(1)>"
PLANTED = ".planted"
HOOKS = """
for (const name of ['alert', 'prompt', 'confirm', 'print'])
  Object.defineProperty(window, name, {value: (...said) => tellThatItRan(name)});
"""


@dataclass
class Watch:
    """What a browser's pages did besides what they are there for; all of it must stay empty."""

    context: BrowserContext
    hosts: tuple[str, ...]
    ran: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    # Text that ends the string it stands in breaks the expressions of the theme's attributes.
    complaints: list[str] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Looks for planted elements, also within the widget, and for links that run scripts."""
        self.planted += [page.url] * page.locator(PLANTED).count()
        self.planted += [page.url] * page.locator("[href^='javascript:' i]").count()

    def run(self, name: str) -> None:
        self.ran.append(name)

    @property
    def found(self) -> list[str]:
        return [*self.ran, *self.foreign, *self.planted, *self.complaints]

    def complain(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.complaints.append(text)

    def hear(self, url: str) -> None:
        if not url.startswith((*self.hosts, "data:", "blob:", "about:")):
            self.foreign.append(url)


@contextmanager
def watched(browser: Browser, *hosts: str) -> Iterator[Watch]:
    """A context without any Content-Security-Policy: nothing but the pages themselves protects."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 1200, "height": 860})
    watch = Watch(context, hosts)
    context.expose_function("tellThatItRan", watch.run)
    context.add_init_script(HOOKS)
    context.on("request", lambda request: watch.hear(request.url))
    context.on("console", lambda said: watch.complain(said.type, said.text))
    context.on("weberror", lambda failed: watch.complain("error", str(failed.error)))
    yield watch
    context.close()

"""The dashboard's door: somebody signs in and follows every link there is."""

import re
from dataclasses import dataclass, field
from html import unescape

from chatsaas.isolation.customers import PASSWORD
from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.office import Answer

HOME = "/admin/"
MOST_PAGES = 400
_LINK = re.compile(rb'href="((?:/admin/|\?)[^"#]*)"')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
# These would end the sign-in, or lead away from reading.
_LEAVING = ("logout", "password", "delete", "jsi18n")


@dataclass
class Desk:
    """One owner's browser. `pages` are the addresses seen so far, as they were found."""

    caller: Caller
    pages: list[str] = field(default_factory=lambda: [HOME])

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": self.caller.customer.host}

    async def sign_in(self) -> Answer:
        form = await self.caller.ask("sign in", "GET", "/accounts/login/", headers=self.headers)
        token = _TOKEN.search(form.output)
        fields = {
            "login": self.caller.customer.email,
            "password": PASSWORD,
            "csrfmiddlewaretoken": token[1].decode() if token else "",
        }
        return await self.caller.ask(
            "sign in", "POST", "/accounts/login/", data=fields, headers=self.headers
        )

    async def turn_page(self) -> Answer:
        """Any page that some page has linked to; its links are pages too."""
        page = self.caller.random.choice(self.pages)
        answer = await self.open(page)
        for link in _LINK.findall(answer.output):
            self._note(page, unescape(link.decode(errors="replace")))
        return answer

    async def open(self, page: str, door: str = "dashboard") -> Answer:
        return await self.caller.ask(door, "GET", page, headers=self.headers)

    def _note(self, page: str, link: str) -> None:
        address = link if link.startswith("/") else page.partition("?")[0] + link
        is_new = address not in self.pages and len(self.pages) < MOST_PAGES
        if is_new and not any(word in address for word in _LEAVING):
            self.pages.append(address)

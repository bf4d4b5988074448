"""The dashboard's door: somebody signs in and follows every link there is."""

import re
from dataclasses import dataclass, field
from html import unescape

from httpx import Cookies

from chatsaas.isolation.customers import PASSWORD
from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.office import Answer

HOME, SIGN_IN, RESET = "/admin/", "/accounts/login/", "/accounts/password/reset/"
MOST_PAGES = 400
_LINK = re.compile(rb'href="((?:/admin/|\?)[^"#]*)"')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
# These would end the sign-in, or lead away from reading.
_LEAVING = ("logout", "password", "delete", "jsi18n")


@dataclass
class Desk:
    """One owner's browser. `pages` are addresses seen so far, as they were found."""

    caller: Caller
    pages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        found = f"{HOME}sessions_app/session/?q={self.caller.customer.word}"
        self.pages += [HOME, found]

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": self.caller.customer.host}

    async def sign_in(self) -> Answer:
        login = {"login": self.caller.customer.email, "password": PASSWORD}
        return await self._fill("sign in", SIGN_IN, login)

    async def forget_password(self, email: str, door: str) -> Answer:
        """The answer says nothing; what matters is in the mail that follows."""
        return await self._fill(door, RESET, {"email": email})

    async def turn_page(self) -> Answer:
        """Any page that some page has linked to; its links are pages too."""
        page = self.caller.random.choice(self.pages)
        answer = await self.open(page)
        for link in _LINK.findall(answer.output):
            self._note(page, unescape(link.decode(errors="replace")))
        return answer

    async def open(self, page: str, door: str = "dashboard", host: str = "") -> Answer:
        if not host:
            return await self.caller.ask(door, "GET", page, headers=self.headers)
        # A browser would not take what another host says for this one's cookies.
        kept = Cookies(self.caller.client.cookies)
        answer = await self.caller.ask(door, "GET", page, headers={"Host": host})
        self.caller.client.cookies = kept
        return answer

    async def _fill(self, door: str, path: str, fields: dict[str, str]) -> Answer:
        form = await self.open(path, door)
        token = _TOKEN.search(form.output)
        filled = fields | {"csrfmiddlewaretoken": token[1].decode() if token else ""}
        return await self.caller.ask(door, "POST", path, data=filled, headers=self.headers)

    def _note(self, page: str, link: str) -> None:
        address = link if link.startswith("/") else page.partition("?")[0] + link
        if address in self.pages or any(word in address for word in _LEAVING):
            return
        if len(self.pages) < MOST_PAGES:
            self.pages.append(address)
        else:
            # The newest conversations push old pages out.
            self.pages[self.caller.random.randrange(1, MOST_PAGES)] = address

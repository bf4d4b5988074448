"""What staff notice while a server is away."""

import re

import httpx

from tests.dashboard.office import PASSWORD, add_person
from tests.ground.ground import Ground

HOST = {"Host": "acme.localhost"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def test_staff_sign_in_while_redis_is_away(ground: Ground) -> None:
    email = add_person("owner")
    with (
        ground.gateway(REDIS_URL="redis://127.0.0.1:1/0") as gateway,
        httpx.Client(base_url=gateway.url, headers=HOST, timeout=30) as browser,
    ):
        form = browser.get("/accounts/login/")
        token = TOKEN.search(form.text)
        assert token
        fields = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        answer = browser.post("/accounts/login/", data=fields)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/admin/")


def test_a_page_without_its_database_says_to_come_back(ground: Ground) -> None:
    with ground.gateway() as gateway:
        ground.database.refuse_connections()
        page = httpx.get(f"{gateway.url}/accounts/login/", headers=HOST, timeout=60)
        assert (page.status_code, "Retry-After" in page.headers) == (503, True)
        assert "Reload this page in a moment" in page.text

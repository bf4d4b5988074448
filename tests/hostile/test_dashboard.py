"""No address and no form of the dashboard makes a server error, whatever is put into it."""

from itertools import product
from urllib.parse import quote

import pytest
from django.test import Client

from tests.dashboard.office import PASSWORD, dashboard, furnish, signed_in
from tests.hostile.scripts import PLANT

pytestmark = pytest.mark.usefixtures("ground")
WORDS = [
    "\0", "a\0b", PLANT, "=1+1", "\u202ea", "Z\u0301" * 300, "9" * 30, "-1", "1e400", "NaN", "%",
    "_", "\\", "'", "x" * 5000, "../../etc/passwd", "{{7*7}}", "2026-02-31", "\ud7ff\U0010ffff",
    "(" * 500,
]  # fmt: skip
LISTS = {
    "/admin/sessions_app/session/": [
        "q", "status__exact", "website__id__exact", "created_at_from", "created_at_to", "o", "p",
        "id__exact", "unknown", "_to_field",
    ],
    "/admin/sessions_app/delivery/": ["q", "status__exact", "webhook__id__exact", "o", "p"],
    "/admin/workspace/template/": ["q", "o", "p", "id__exact"],
    "/admin/workspace/apikey/": ["q", "website__id__exact", "o"],
    "/admin/staff/staff/": ["q", "role__exact", "o"],
}  # fmt: skip
ROWS = [
    "/admin/sessions_app/session/{}/change/",
    "/admin/workspace/website/{}/change/",
    "/admin/workspace/website/{}/snippet/",
    "/admin/workspace/apikey/{}/revoke/",
    "/admin/workspace/webhook/{}/rotate/",
    "/admin/sessions_app/delivery/{}/change/",
    "/admin/staff/staff/{}/history/",
    "/admin/r/{}/1/",
    "/admin/jsi18n/{}",
    "/admin/autocomplete/?term={}&app_label=workspace&model_name=website&field_name=template",
]


@pytest.fixture
def owner() -> Client:
    furnish()
    return signed_in("reviewer")


def test_no_filter_and_no_address_makes_a_server_error(owner: Client) -> None:
    owner.raise_request_exception = False
    addresses = [
        f"{path}?{name}={quote(word)}" for path in LISTS for name in LISTS[path] for word in WORDS
    ]
    addresses += [row.format(quote(word, safe="")) for row, word in product(ROWS, WORDS)]
    failed = {}
    for address in addresses:
        answer = owner.get(address)
        if answer.status_code >= 500 or PLANT.encode() in answer.getvalue():
            failed[address[:120]] = answer.status_code
    assert not failed
    assert owner.get("/admin/").status_code == 200


def test_no_sign_in_form_makes_a_server_error(owner: Client) -> None:
    stranger = dashboard()
    stranger.raise_request_exception = False
    for word in WORDS:
        for form in (
            {"login": word, "password": PASSWORD},
            {"login": "a@b.example", "password": word},
        ):
            answer = stranger.post("/accounts/login/", form)
            assert answer.status_code < 500, word
            assert PLANT.encode() not in answer.content
        assert stranger.get(f"/accounts/login/?next={quote(word)}").status_code < 500

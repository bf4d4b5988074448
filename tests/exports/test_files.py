"""Exports and lists over HTTP: all rows, the right columns, the right eyes."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from sessions_app.exporting import Export, Format
from sessions_app.exporting import export as exporting
from sessions_app.models import FieldValue, Session
from tenants.keys import issue_key
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiKey, Website
from tests.dashboard.office import PASSWORD, add_person, record_conversation

SCHEMA = "t_acme"
EVIL = '=HYPERLINK("http://evil.example","click");=1+1'


class Office:
    """A tenant with one long conversation, one hostile one, and one of another website."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = record_conversation()
        with tenant_scope(SCHEMA):
            site = self.session.website
            self.key = issue_key(site, kind=ApiKey.Kind.SECRET, name="server").plain
            self.hostile = self.another(site)
            turn = self.session.turns.all()[0]
            FieldValue.objects.create(
                session=self.hostile,
                turn=turn,
                template_version=self.session.template_version,
                path="address.city",
                value=EVIL,
                status="set",
                method="rule",
                checkpoint_id="c",
            )
            self.foreign = self.another(Website.objects.create(name="Other site"))
        self.emails = {role: add_person(role) for role in ("reviewer", "viewer")}

    def another(self, site: Website) -> Session:
        return Session.objects.create(
            website=site,
            template_version=self.session.template_version,
            last_activity_at=timezone.now(),
        )

    def ask(self, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return httpx.get(f"{self.base}/api/v1/{path}", headers=headers, timeout=60, **options)

    @contextmanager
    def dashboard(self, role: str, port: int) -> Iterator[httpx.Client]:
        """A browser in which somebody has signed in by the form."""
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Host": "acme.localhost"},
            follow_redirects=False,
            timeout=60,
        ) as client:
            client.get("/accounts/login/")
            form = {
                "login": self.emails[role],
                "password": PASSWORD,
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            }
            assert client.post("/accounts/login/", data=form).status_code == 302
            yield client


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Office]:
    from tests.ground.ground import open_ground

    folder: Path = tmp_path_factory.mktemp("office")
    with django_db_blocker.unblock(), open_ground(folder) as ground, ground.gateway() as gateway:
        yield Office(gateway.url)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_csv_has_one_row_per_conversation_and_one_column_per_field(office: Office) -> None:
    answer = office.ask("sessions/export")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "conversations-" in answer.headers["Content-Disposition"]
    rows = {row["id"]: row for row in rows_of(answer.text)}
    assert set(rows) == {office.session.public_id, office.hostile.public_id}
    row = rows[office.session.public_id]
    assert (row["name"], row["visit"], row["address.city"]) == (
        "John Smyth", "2026-11-24", "Springfield",
    )  # fmt: skip
    assert row["phone"] == "'+14155550132"
    assert (row["website"], row["template_version"]) == ("Main site", "1")


def test_no_cell_of_any_format_is_a_formula(office: Office) -> None:
    cells = [
        cell
        for line in csv.reader(io.StringIO(office.ask("sessions/export?as=csv").text))
        for cell in line
    ]
    book = load_workbook(io.BytesIO(office.ask("sessions/export?as=xlsx").content))
    found = [cell for line in book.active.iter_rows() for cell in line]  # type: ignore[union-attr]
    assert {cell.data_type for cell in found} <= {"s", "n", "inlineStr"}
    cells += [str(cell.value) for cell in found if cell.value is not None]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
    assert [cell for cell in cells if ";=" in cell] == []
    assert any("HYPERLINK" in cell for cell in cells)


def test_json_lines_hold_values_as_they_are(office: Office) -> None:
    answer = office.ask("sessions/export", headers={"Accept": "application/x-ndjson"})
    rows = {row["id"]: row for row in map(json.loads, answer.text.splitlines())}
    assert rows[office.hostile.public_id]["fields"] == {"address.city": EVIL}
    assert rows[office.session.public_id]["fields"]["phone"] == "+14155550132"


def test_a_workbook_is_one_and_says_the_same_as_the_csv(office: Office) -> None:
    answer = office.ask("sessions/export?as=xlsx")
    assert zipfile.is_zipfile(io.BytesIO(answer.content))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    header, *lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    table = csv.reader(io.StringIO(office.ask("sessions/export").text))
    written = [[str(cell) if cell is not None else "" for cell in row] for row in (header, *lines)]
    assert written == list(table)


def test_exports_are_filtered_and_wrong_filters_are_named(office: Office) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    assert rows_of(office.ask(f"sessions/export?since={tomorrow}").text) == []
    assert rows_of(office.ask("sessions/export?status=completed").text) == []
    assert len(rows_of(office.ask(f"sessions/export?until={tomorrow}&status=open").text)) == 2
    for query in ("as=pdf", "status=lost", "since=yesterday", "until=2026-02-31"):
        refused = office.ask(f"sessions/export?{query}")
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")
        assert query.partition("=")[0] in refused.json()["detail"]


def test_an_export_of_any_length_is_read_in_chunks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    with tenant_scope(SCHEMA):
        site = Website.objects.create(name="Long")
        made = [office.another(site).public_id for _ in range(5)]
        same = {"created_at": timezone.now()}
        Session.objects.filter(website=site).update(**same)
        export = Export(Session.objects.filter(website=site), Format.CSV)
        pieces = []
        while (piece := export.next_piece()) is not None:
            pieces.append(piece)
    assert len(pieces) == 3
    listed = [row["id"] for row in rows_of(b"".join(pieces).decode())]
    assert sorted(listed) == sorted(made)


def test_a_workbook_is_sent_as_it_grows_and_never_lies_on_a_disk(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a process that is killed would leave: all that stands in a folder meanwhile."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(exporting, "CHUNK", 1)
    with tenant_scope(SCHEMA):
        for is_wanted in (True, False):
            export = Export(Session.objects.all(), Format.XLSX)
            pieces = [export.next_piece() or b""]
            assert pieces[0].startswith(b"PK")
            assert list(tmp_path.iterdir()) == []
            while is_wanted and (piece := export.next_piece()) is not None:
                pieces.append(piece)
                assert list(tmp_path.iterdir()) == []
            export.close()
            assert zipfile.is_zipfile(io.BytesIO(b"".join(pieces))) == is_wanted
    assert list(tmp_path.iterdir()) == []


def test_the_dashboard_exports_what_is_listed_and_masks_it_by_role(office: Office) -> None:
    port = int(office.base.rpartition(":")[2])
    place = "/admin/sessions_app/session/"
    told: dict[str, str] = {}
    for role in ("reviewer", "viewer"):
        with office.dashboard(role, port) as browser:
            page = browser.get(f"{place}?status__exact=open").text
            assert f"{place}export/csv/?status__exact=open" in page
            told[role] = browser.get(f"{place}export/csv/").text
            none = browser.get(f"{place}export/csv/?status__exact=completed").text
            assert rows_of(none) == []
            assert browser.get(f"{place}export/pdf/").status_code == 404
            lines = browser.get(f"{place}export/jsonl/").text
            assert len(lines.splitlines()) >= 3
            assert zipfile.is_zipfile(io.BytesIO(browser.get(f"{place}export/xlsx/").content))
            assert ("Smyth" in lines) == (role == "reviewer")
    assert "John Smyth" in told["reviewer"]
    assert "415555" in told["reviewer"]
    for secret in ("Smyth", "Smith", "415555"):
        assert secret not in told["viewer"]
    assert "Springfield" in told["viewer"]


def test_nobody_exports_without_a_sign_in_or_a_key(office: Office) -> None:
    place = "/admin/sessions_app/session/export/csv/"
    stranger = httpx.get(office.base + place, headers={"Host": "acme.localhost"}, timeout=60)
    assert stranger.status_code == 302
    refused = office.ask("sessions/export", headers={"Authorization": ""})
    assert refused.json()["code"] == "token_required"


def test_messages_and_fields_are_listed_in_pages_of_the_keys_own_website(office: Office) -> None:
    said: list[dict[str, Any]] = []
    key = {"Authorization": f"Bearer {office.key}"}
    address = f"{office.base}/api/v1/messages?limit=4&session={office.session.public_id}"
    while address:
        page = httpx.get(address, headers=key, timeout=60).json()
        said += page["results"]
        address = page["next"]
    assert len({row["id"] for row in said}) == len(said) == 6
    assert said[-1]["text"] == "Hello! What is your name?"
    fields = office.ask("fields?path=name").json()["results"]
    assert [(row["status"], row["quote"]) for row in fields] == [
        ("corrected", "John Smyth"),
        ("set", "Jon Smith"),
    ]
    assert office.ask(f"messages?session={office.foreign.public_id}").json()["results"] == []
    assert office.ask("messages?session=nonsense").json()["code"] == "session_unknown"


def test_set_up_and_usage_are_those_of_the_keys_website(office: Office) -> None:
    (template,) = office.ask("templates").json()["results"]
    assert (template["name"], template["version"]) == ("Roof quote", 1)
    assert list(template["document"]["properties"]) == ["name", "phone", "visit", "address"]
    (site,) = office.ask("websites").json()["results"]
    assert (site["name"], site["template"]) == ("Main site", template["id"])
    with tenant_scope(SCHEMA):
        office.session.turns.update(usage={"input_tokens": 7, "output_tokens": 2})
    (month,) = office.ask("usage").json()["results"]
    assert month == {
        "month": f"{timezone.now():%Y-%m}",
        "sessions": 2,
        "completed": 0,
        "turns": 3,
        "messages": 6,
        "input_tokens": 21,
        "output_tokens": 6,
    }
    for months in ("0", "37", "x", "-1"):
        assert office.ask(f"usage?months={months}").json()["code"] == "bad_request"

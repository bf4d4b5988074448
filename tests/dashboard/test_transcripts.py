"""Reading conversations: found by what they hold, every value beside the words it came from."""

import re
from collections.abc import Iterator
from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app.models import FieldValue, Session
from tenants.publishing import publish_template
from tenants.scope import tenant_scope
from tenants.workspace.models import Template, Website
from tests.dashboard.office import (
    Conversation,
    open_website,
    page_of,
    record_conversation,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("ground")
LIST = "/admin/sessions_app/session/"
BY_CHANCE = re.compile(r'datetime="[^"]*"|\w{32,}')


def marked(page: str) -> dict[str, str]:
    """The words marked for each value: {"v7": "Jon Smith"}."""
    found: dict[str, str] = {}
    for values, text in re.findall(
        r'<mark class="cs-mark" data-values="([^"]*)">(.*?)</mark>', page
    ):
        for value in values.split():
            found[value] = found.get(value, "") + unescape(text)
    return found


def quotes() -> dict[str, str]:
    with tenant_scope("t_acme"):
        return {f"v{row.pk}": row.quote for row in FieldValue.objects.all()}


def transcript(client: Client, session: Session) -> str:
    return page_of(client, f"{LIST}{session.pk}/change/")


def test_the_page_marks_exactly_the_quoted_words_also_after_an_emoji() -> None:
    session = record_conversation()
    page = transcript(signed_in("reviewer"), session)
    assert marked(page) == quotes()
    assert "John Smyth" in quotes().values()


def test_each_value_names_its_method_and_can_be_chosen() -> None:
    session = record_conversation()
    page = transcript(signed_in("reviewer"), session)
    buttons = re.findall(r'data-value="(v\d+)"', page)
    assert sorted(buttons) == sorted(quotes())
    assert "rules, <time" in page


def test_words_that_no_value_came_of_stand_as_they_were_said() -> None:
    session = record_conversation()
    with tenant_scope("t_acme"):
        FieldValue.objects.filter(status=FieldValue.Status.REFUSED).update(value=None)
    page = " ".join(transcript(signed_in("reviewer"), session).split())
    assert ">yesterday</button>" in page.split("Refused:")[1]


def test_a_corrected_value_keeps_its_history_and_a_refused_one_its_reason() -> None:
    session = record_conversation()
    page = " ".join(transcript(signed_in("reviewer"), session).split())
    card = page.split('data-path="name"')[1].split("cs-field-card")[0]
    now, before = card.split("Before:")
    assert ">John Smyth</button>" in now
    assert ">Jon Smith</button>" in before
    visit = page.split('data-path="visit"')[1].split("cs-field-card")[0]
    assert ">2026-11-24</button>" in visit.split("Refused:")[0]
    assert "2026-11-20" in visit.split("Refused:")[1]
    assert ">past</span>" in visit.split("Refused:")[1]


def test_overlapping_words_are_marked_for_both_values() -> None:
    session = record_conversation()
    with tenant_scope("t_acme"):
        row = FieldValue.objects.get(path="address.city")
        row.pk, row.path = None, "visit"
        row.start, row.end, row.quote = (row.start or 0) - 3, (row.end or 0) - 4, "in Springf"
        row.save()
    assert marked(transcript(signed_in("reviewer"), session)) == quotes()


@pytest.mark.parametrize("role", ["owner", "editor", "reviewer"])
def test_who_may_review_sees_everything(role: str) -> None:
    session = record_conversation()
    page = transcript(signed_in(role), session)
    assert "Jon Smith" in page
    assert "masked" not in page


def test_a_viewer_sees_no_personal_data_in_any_writing() -> None:
    session = record_conversation()
    client = signed_in("viewer")
    for path in (f"{LIST}{session.pk}/change/", LIST, "/admin/"):
        # Ids, tokens and moments may well hold the digits that are looked for.
        page = BY_CHANCE.sub("", page_of(client, path).replace(str(session.pk), ""))
        for secret in ("Smith", "Smyth", "555", "0132", "415"):
            assert secret not in page, (path, secret)
    page = transcript(client, session)
    assert "Personal data is masked for your role" in page
    assert "24 November" in page
    assert "Springfield" in page


def test_a_viewer_cannot_guess_masked_values_by_searching() -> None:
    record_conversation()
    viewer, reviewer = signed_in("viewer"), signed_in("reviewer")
    for words in ("Smyth", "4155550132"):
        assert found(viewer, words) == 0
        assert found(reviewer, words) == 1


def found(client: Client, words: str) -> int:
    """How many conversations the search box finds."""
    return len(re.findall(rf'href="{LIST}[^"]+/change/', page_of(client, f"{LIST}?q={words}")))


def searches(session_id: UUID) -> Iterator[str]:
    yield from ("springfield", "SORRY", "2026-11-24", "Smyth 24", "Main")
    yield from (f"ses_{session_id.hex}", str(session_id))


def test_one_box_searches_words_values_websites_and_ids() -> None:
    session = record_conversation()
    client = signed_in("reviewer")
    for words in searches(session.pk):
        assert found(client, words) == 1, words
    assert found(client, "Smyth tomorrow") == 0


def test_the_list_is_filtered_by_status() -> None:
    record_conversation()
    client = signed_in("reviewer")
    assert "John Smyth" in page_of(client, f"{LIST}?status__exact=open")
    assert "Nothing matches" in page_of(client, f"{LIST}?status__exact=completed")


def test_what_a_visitor_writes_is_shown_and_never_run() -> None:
    session = record_conversation()
    with tenant_scope("t_acme"):
        message = session.messages.last()
        assert message is not None
        message.text = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        message.save()
        FieldValue.objects.filter(path="address.city").update(value="<b>bold</b>")
    page = transcript(signed_in("reviewer"), session)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "<b>bold" not in page


def test_an_unknown_conversation_is_not_there() -> None:
    client = signed_in("reviewer")
    for name in ("00000000-0000-4000-8000-000000000000", "nonsense"):
        assert client.get(f"{LIST}{name}/change/").status_code == 404


def record_rooms() -> Session:
    """A conversation about rooms; each visitor's line gives its values."""
    open_website()
    rooms = {
        "type": "array",
        "title": "Rooms",
        "items": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "title": "Name", "x-intake": {"pii": True}},
                "leaks": {"type": "boolean", "title": "Leaks"},
            },
        },
    }
    with tenant_scope("t_acme"):
        template = Template.objects.get()
        template.draft = {"type": "object", "properties": {"rooms": rooms}}
        template.save(update_fields=["draft"])
        session = Session.objects.create(
            website=Website.objects.get(),
            template_version=publish_template(template),
            last_activity_at=timezone.now(),
        )
        talk = Conversation(session, session.template_version)
        talk.visitor(
            "the nursery leaks, the pantry as well",
            ("rooms[0].name", "nursery", "nursery", "set"),
            ("rooms[0].leaks", True, "leaks", "set"),
            ("rooms[1].name", "pantry", "pantry", "set"),
        )
        talk.visitor("that's all", ("rooms", None, "that's all", "declined:done"))
        return session


def test_the_items_of_a_group_are_counted_as_people_count_and_none_is_missing() -> None:
    page = " ".join(transcript(signed_in("reviewer"), record_rooms()).split())
    for path, title in (
        ("rooms[0].name", "Room 1: Name"),
        ("rooms[0].leaks", "Room 1: Leaks"),
        ("rooms[1].name", "Room 2: Name"),
    ):
        assert title in page.split(f'data-path="{path}"')[1].split("cs-field-card")[0]
    assert 'data-path="rooms"' not in page


def test_a_viewer_sees_the_items_without_what_names_a_person() -> None:
    page = transcript(signed_in("viewer"), record_rooms())
    assert "Room 1: Leaks" in page
    assert "nursery" not in page
    assert "pantry" not in page

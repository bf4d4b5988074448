"""What is deleted under a condition still meets it when it goes."""

import ast

import pytest

from tests.architecture.deletions import DOOR, MEND, unguarded
from tests.architecture.source import ROOT, parse, place, product_files

BAD = {
    "a condition": "Due.objects.filter(schema=s, subject=l).delete()",
    "a condition beside the key": "Due.objects.filter(id=1, at=claimed).delete()",
    "a condition after the key": "Due.objects.filter(id=1).filter(at=claimed).delete()",
    "a condition before the key": "Due.objects.exclude(at=claimed).filter(id=1).delete()",
    "an expression": "Due.objects.filter(Q(at=claimed)).delete()",
    "all": "Due.objects.all().delete()",
    "those of a row": "session.turns.all().delete()",
    "a function's rows": "due_of(lane).delete()",
    "rows with a name": "due = due_of(lane).filter(at=claimed)\ndue.delete()",
    "rows named in a condition": "if (due := Due.objects.filter(at=a)):\n    due.delete()",
    "rows that are handed in": "def f(rows: QuerySet[Any]) -> None:\n    rows.delete()",
    "rows of a declared type": "rows: QuerySet[Due] = due_of(lane)\nrows.delete()",
    "without waiting": "async def f():\n    await Due.objects.filter(at=a).adelete()",
    "in a method": "class A:\n    def f(self):\n        self.rows().filter(at=a).delete()",
    "in a function's own": "def f(rows: QuerySet[A]):\n    def g():\n        rows.delete()",
    "below the door": "rows._raw_delete('default')",
}
GOOD = {
    "the door": "delete_where(Due.objects.filter(subject=lane, at=claimed))",
    "by key": "Delivery.objects.filter(id__in=ids).delete()",
    "one by key": "KeyRecord.objects.filter(pk=digest).delete()",
    "a row": "found = self.found(webhook)\nfound.delete()",
    "a row that was got": "row = Webhook.objects.get(id=1)\nrow.delete()",
    "a row named like another's rows": (
        "def f():\n    found = A.objects.filter(b=1)\n\ndef g(found):\n    found.delete()"
    ),
    "the runner's threads": "async def f():\n    await current_runner().delete(thread_id)",
}


@pytest.mark.parametrize("code", BAD.values(), ids=list(BAD))
def test_each_deletion_that_trusts_an_earlier_look_is_found(code: str) -> None:
    assert list(unguarded(ast.parse(code)))


@pytest.mark.parametrize("code", GOOD.values(), ids=list(GOOD))
def test_a_deletion_that_says_what_goes_is_let_pass(code: str) -> None:
    assert not list(unguarded(ast.parse(code)))


def test_no_product_code_deletes_what_it_only_saw_a_moment_ago() -> None:
    found = [
        f"{place(path, call)}: {MEND}"
        for path in product_files()
        if path != ROOT / DOOR
        for call in unguarded(parse(path))
    ]
    assert not found, "\n".join(found)


def test_the_door_itself_is_where_the_rule_says() -> None:
    assert list(unguarded(parse(ROOT / DOOR))), "The door moved: the rule exempts a name."

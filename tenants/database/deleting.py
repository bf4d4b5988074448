"""Deletes what still meets its condition when its row is locked, not what met it a moment ago."""

from typing import Any

from django.db.models import QuerySet


def delete_where(rows: QuerySet[Any]) -> int:
    """One DELETE with the whole condition; answers how many went. No cascade, no signal.

    `QuerySet.delete` reads first and deletes by id as soon as anybody listens to deletions. A row
    that somebody changed in between, so that it is to stay, would go too.
    """
    return rows._raw_delete(rows.db)

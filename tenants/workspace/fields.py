"""A column for template documents that keeps them as they were written."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Json


class DocumentField(models.JSONField[Any, Any]):
    """JSON whose keys keep their order: the order of properties is the order of the questions.

    PostgreSQL's `jsonb` sorts keys by length; its `json` keeps the text. Such a column can be
    neither searched nor compared, so no DISTINCT over it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Json:
        return Json(value)

    def from_db_value(
        self, value: Any, expression: models.Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        """The driver has parsed it already."""
        return value

"""What a website used, month by month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncMonth

from sessions_app.models import Message, Session, Turn
from tenants.workspace.models import Website


@dataclass
class Month:
    """`month` as `2026-11`, by UTC. Tokens are those that models reported."""

    month: str
    sessions: int = 0
    completed: int = 0
    turns: int = 0
    messages: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


def usage_of(website: Website, since: datetime) -> list[Month]:
    """Newest month first; months in which nothing happened are left out."""
    sessions = Session.objects.filter(website=website, created_at__gte=since)
    turns = Turn.objects.filter(session__website=website, created_at__gte=since)
    messages = Message.objects.filter(session__website=website, created_at__gte=since)
    is_completed = Q(status=Session.Status.COMPLETED)
    months: dict[str, Month] = defaultdict(lambda: Month(""))
    for rows in (
        _monthly(sessions, sessions=Count("id"), completed=Count("id", filter=is_completed)),
        _monthly(
            turns,
            turns=Count("id"),
            input_tokens=_tokens("input_tokens"),
            output_tokens=_tokens("output_tokens"),
        ),
        _monthly(messages, messages=Count("id")),
    ):
        for name, figures in rows:
            months[name].month = name
            for figure, value in figures.items():
                setattr(months[name], figure, value)
    return sorted(months.values(), key=lambda month: month.month, reverse=True)


def _monthly(rows: QuerySet[Any], **figures: Any) -> list[tuple[str, dict[str, int]]]:
    grouped = rows.order_by().annotate(at=TruncMonth("created_at")).values("at")
    return [(f"{found.pop('at'):%Y-%m}", found) for found in map(dict, grouped.annotate(**figures))]


def _tokens(name: str) -> Any:
    return Coalesce(Sum(Cast(KeyTextTransform(name, "usage"), BigIntegerField())), 0)

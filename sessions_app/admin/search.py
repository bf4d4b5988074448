"""One search box over what was said, what was collected, and who was identified."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from sessions_app.models import FieldValue, Message, SessionQuerySet


def find_sessions(sessions: SessionQuerySet, words: str, *, in_full: bool) -> SessionQuerySet:
    """Sessions that hold every word somewhere.

    Without `in_full` only ids and websites are searched: otherwise a person who may not read a
    masked value could guess it, letter by letter.
    """
    for word in words.split():
        condition = _by_id(word) | Q(website__name__icontains=word)
        if in_full:
            condition |= _by_content(word)
        sessions = sessions.filter(condition)
    return sessions


def _by_id(word: str) -> Q:
    try:
        return Q(id=UUID(word.removeprefix("ses_")))
    except ValueError:
        return Q(pk__in=[])


def _by_content(word: str) -> Q:
    said = Message.objects.filter(session=OuterRef("pk"), text__icontains=word)
    collected = FieldValue.objects.filter(session=OuterRef("pk"), value__icontains=word)
    return Q(Exists(said)) | Q(Exists(collected)) | Q(identity__icontains=word)

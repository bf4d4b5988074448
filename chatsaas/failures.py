"""What a person sees when a page could not be made."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from sessions_app.availability import UNREACHABLE, moment

BUSY = {
    "title": "Too much is going on just now",
    "detail": "The database did not answer in time. Nothing that was saved is lost.",
    "mend": "Reload this page in a moment. What you typed is still in the form when you go back.",
}


def page_failed(request: HttpRequest) -> HttpResponse:
    """503 when it was the database that could not be reached, otherwise 500."""
    if not isinstance(sys.exception(), UNREACHABLE):
        return server_error(request)
    answer = render(request, "notice.html", BUSY, status=503)
    answer["Retry-After"] = str(round(moment()))
    return answer

"""The stock middleware of pages, which visitors' requests pass by.

In an ASGI server each of these costs two changes of thread a request, and a visitor's request needs
none of them: it carries a key or a token, not a cookie. What a view is exempt from is unchanged:
the checks that run at the view (CSRF) still run.
"""

from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware

from chatsaas.middleware.dashboard import TENANTLESS


class PagesOnly:
    """Put before a middleware class: the class sees pages, and nothing else."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith(TENANTLESS):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class Sessions(PagesOnly, SessionMiddleware):
    """Cookie sessions, in the tenant's own table."""


class Addresses(PagesOnly, CommonMiddleware):
    """Adds the slash that an address lacks."""


class Csrf(PagesOnly, CsrfViewMiddleware):
    """Cookies for forms."""


class SignedIn(PagesOnly, AuthenticationMiddleware):
    """Who sent the request."""


class Messages(PagesOnly, MessageMiddleware):
    """What the next page has to say."""


class Frames(PagesOnly, XFrameOptionsMiddleware):
    """No page stands in another site's frame."""


class Policy(PagesOnly, CSPMiddleware):
    """What a page may load."""

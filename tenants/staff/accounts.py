"""How people get their accounts: an owner adds them, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):
    """The sign-in pages of a dashboard, in whichever scope the request runs."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

"""How people get their accounts: an owner adds them, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from tenants.staff.hashing import HashingIsBusy


class StaffAccounts(DefaultAccountAdapter):
    """The sign-in pages of a dashboard, in whichever scope the request runs."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Counts tries. Raises HashingIsBusy, which is none: the password was not looked at."""
        try:
            person: AbstractBaseUser | None = super().authenticate(request, **credentials)
            return person
        except HashingIsBusy:
            self._rollback_login_failed_rl_usage()
            raise

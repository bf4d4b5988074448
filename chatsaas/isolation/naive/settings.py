"""The product's settings, with the stock tenant backend and the rights of the owner."""

from chatsaas.settings import *  # noqa: F403
from chatsaas.settings import DATABASES

_owner = DATABASES["owner"]
DATABASES["default"] = {
    **DATABASES["default"],
    "ENGINE": "django_tenants.postgresql_backend",
    "USER": _owner["USER"],
    "PASSWORD": _owner["PASSWORD"],
}

"""RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10): structured fields."""

from collections.abc import Sequence

from django.http import HttpResponseBase

from sessions_app.limiting.counting import Standing


def limit_headers(standings: Sequence[Standing]) -> dict[str, str]:
    """Empty when nothing is limited. `r` is what is left, `t` the seconds until more is."""
    if not standings:
        return {}
    policies = (
        f'"{one.item.namespace}";q={one.item.amount};w={one.item.get_expiry()}' for one in standings
    )
    left = (f'"{one.item.namespace}";r={one.left};t={one.seconds}' for one in standings)
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}


def tell_limits(response: HttpResponseBase, standings: Sequence[Standing]) -> None:
    for name, value in limit_headers(standings).items():
        response.headers[name] = value

"""Refusals of the control plane: keys, tokens, origins, websites."""

from ai_bridge.errors import ChatError


class TokenRequired(ChatError):
    code, status = "token_required", 401
    default_detail = "Send the token from /api/v1/token as `Authorization: Bearer ...`."


class TokenInvalid(ChatError):
    code, status = "token_invalid", 401
    default_detail = "This token is not valid here. Fetch a new one from /api/v1/token."


class TokenExpired(ChatError):
    code, status = "token_expired", 401
    default_detail = "This token has expired. Fetch a new one from /api/v1/token."


class KeyUnknown(ChatError):
    code, status = "key_unknown", 401
    default_detail = (
        "This key is unknown, revoked or expired. Copy the key again from the website's page."
    )


class KeyNotForBrowsers(ChatError):
    code, status = "key_not_for_browsers", 403
    default_detail = (
        "A secret key came from a browser, where every visitor can read it. Revoke it, and use the "
        "publishable key (pk_...) in pages."
    )


class OriginNotAllowed(ChatError):
    code, status = "origin_not_allowed", 403
    default_detail = (
        "This page's origin is not on the website's list. Add it there exactly as the browser "
        "sends it, for example https://www.example.com."
    )


class SiteDisabled(ChatError):
    code, status = "site_disabled", 403
    default_detail = "This website is switched off, or has no published template."


class IdentityInvalid(ChatError):
    code, status = "identity_invalid", 422
    default_detail = (
        "The visitor's identity could not be verified. Sign it on your server (HS256) with the "
        "website's identity secret, and with the claims `sub`, `aud` and `exp`."
    )


class ScopeMissing(ChatError):
    code, status = "scope_missing", 403
    default_detail = "This key is not for that. Make a key with the scope it needs."


class CallInFlight(ChatError):
    """The same Idempotency-Key is being worked on."""

    code, status, retryable = "idempotency_in_flight", 409, True
    default_detail = "A request with this Idempotency-Key is still being answered. Wait for it."


class CallReused(ChatError):
    code, status = "idempotency_key_reused", 422
    default_detail = (
        "This Idempotency-Key was used with another request. Give each request its own."
    )


class WebhookUnknown(ChatError):
    code, status = "webhook_unknown", 404
    default_detail = "There is no such webhook of this key's website."


class WebhookIsOff(ChatError):
    code, status = "webhook_off", 409
    default_detail = "This webhook is switched off, so nothing is sent to it. Switch it on first."


class TooManyWebhooks(ChatError):
    code, status = "too_many_webhooks", 409
    default_detail = "There are 20 webhooks already. Remove one that is not used any more."

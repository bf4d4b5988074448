"""The lines that bring the chat to a customer's page, with the website's own key in them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from tenants.keys import readable_key
from tenants.workspace.models import ApiKey, Website


@dataclass(frozen=True)
class Snippet:
    """Everything to copy for one website. `csp` has one complete directive per line."""

    key: str
    script: str
    inline: str
    csp: str


def snippet_of(website: Website) -> Snippet | None:
    """None when the website has no live publishable key to put in."""
    key = next((plain for plain in map(readable_key, _live_keys(website)) if plain), None)
    return _snippet(key) if key else None


def _snippet(key: str) -> Snippet:
    home = settings.PUBLIC_URL
    host = urlsplit(home).netloc
    socket = f"wss://{host}" if settings.IS_HTTPS else f"ws://{host}"
    source = f'async src="{home}/w/v1/loader.js"'
    tag = f'<chat-intake site="{key}" mode="inline"></chat-intake>'
    return Snippet(
        key=key,
        script=f'<script {source} data-site="{key}"></script>',
        # Without the key on the script, which would put a button in the corner beside it.
        inline=f"{tag}\n<script {source}></script>",
        csp=f"script-src {home};\nconnect-src {home} {socket};",
    )


def _live_keys(website: Website) -> list[ApiKey]:
    keys = website.keys.filter(kind=ApiKey.Kind.PUBLISHABLE).order_by("-created_at")
    return [key for key in keys if key.is_live]

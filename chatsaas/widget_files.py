"""The widget's files, for pages of any origin: the loader is kept briefly, hashed ones for good."""

import re

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

DIST = settings.BASE_DIR / "static" / "widget" / "dist"
LOADER = "loader.js"
HASHED = re.compile(r"[a-z]+\.[0-9a-f]{12}\.js")
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def widget_file(request: HttpRequest, name: str) -> HttpResponseBase:
    is_hashed = HASHED.fullmatch(name) is not None
    path = DIST / name
    if not (is_hashed or name == LOADER) or not path.is_file():
        return HttpResponseNotFound("There is no such widget file.", content_type="text/plain")
    age = "public, max-age=31536000, immutable" if is_hashed else "public, max-age=300"
    return FileResponse(
        path.open("rb"),
        content_type="text/javascript; charset=utf-8",
        headers={**HEADERS, "Cache-Control": age},
    )

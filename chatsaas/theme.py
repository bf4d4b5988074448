"""How the two dashboards look and what stands in their menus."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

TEAL = {
    "50": "oklch(98.4% .014 180.7)",
    "100": "oklch(95.3% .051 180.8)",
    "200": "oklch(91% .096 180.4)",
    "300": "oklch(85.5% .138 181.1)",
    "400": "oklch(77.7% .152 181.9)",
    "500": "oklch(70.4% .14 182.5)",
    "600": "oklch(51.1% .096 186.4)",
    "700": "oklch(46% .085 187)",
    "800": "oklch(43.7% .078 188.2)",
    "900": "oklch(38.6% .063 188.4)",
    "950": "oklch(27.7% .046 192.5)",
}


def _tenant_name(request: HttpRequest) -> str:
    return str(request.tenant.name)  # type: ignore[attr-defined]


def _can_edit(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.can_edit


def _is_owner(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_owner


def _item(title: str, icon: str, name: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}"), **more}


COMMON: dict[str, Any] = {
    "SITE_URL": None,
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("dashboard/favicon.svg"),
        }
    ],
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": TEAL},
    "STYLES": [lambda request: static("dashboard/styles.css")],
    "SCRIPTS": [lambda request: static("dashboard/dashboard.js")],
}
TENANT_THEME: dict[str, Any] = {
    **COMMON,
    "SITE_TITLE": _tenant_name,
    "SITE_HEADER": _tenant_name,
    "SITE_SUBHEADER": "Intake chat",
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    _item("Home", "home", "index"),
                    _item("Conversations", "chat", "sessions_app_session_changelist"),
                ]
            },
            {
                "title": "Set-up",
                "separator": True,
                "items": [
                    _item("Templates", "list_alt", "workspace_template_changelist"),
                    _item("Websites", "language", "workspace_website_changelist"),
                    _item(
                        "Models",
                        "neurology",
                        "workspace_modelconnection_changelist",
                        permission=_can_edit,
                    ),
                    _item("API keys", "key", "workspace_apikey_changelist", permission=_can_edit),
                    _item(
                        "Webhooks", "webhook", "workspace_webhook_changelist", permission=_can_edit
                    ),
                    _item(
                        "Deliveries",
                        "send",
                        "sessions_app_delivery_changelist",
                        permission=_can_edit,
                    ),
                    _item("People", "group", "staff_staff_changelist", permission=_is_owner),
                ],
            },
        ]
    },
}
OPERATOR_THEME: dict[str, Any] = {
    **COMMON,
    "SITE_TITLE": "Operator",
    "SITE_HEADER": "Operator",
    "SITE_SUBHEADER": "All tenants",
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    _item("Home", "home", "index"),
                    _item("Tenants", "apartment", "tenants_tenant_changelist"),
                    _item("Operators", "group", "staff_staff_changelist"),
                ]
            }
        ]
    },
}

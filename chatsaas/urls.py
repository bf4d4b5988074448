"""Addresses of the operator's host and of every door that no tenant owns."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from chatsaas.health import healthz, readyz
from chatsaas.metrics_page import metrics
from chatsaas.sites import operator_site
from chatsaas.widget_files import widget_file
from sessions_app.api.problems import unknown_address

handler500 = "chatsaas.failures.page_failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("favicon.ico", RedirectView.as_view(url="/static/dashboard/favicon.svg")),
    path("accounts/", include("chatsaas.accounts")),
    path("admin/", operator_site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("w/v1/<str:name>", widget_file),
    path("api/v1/", include("sessions_app.api.urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerView.as_view(url_name="schema")),
    path("api/<path:rest>", unknown_address),
]

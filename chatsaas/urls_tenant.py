"""Addresses behind a tenant's host: its dashboard and its sign-in."""

from django.urls import include, path
from django.views.generic import RedirectView

from chatsaas.sites import tenant_site

handler500 = "chatsaas.failures.page_failed"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("accounts/", include("chatsaas.accounts")),
    path("admin/", tenant_site.urls),
]

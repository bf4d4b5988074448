"""Addresses below /api/v1/."""

from django.urls import path

from sessions_app.api.chat import chat
from sessions_app.api.close import close
from sessions_app.api.events import events
from sessions_app.api.exports import ExportView
from sessions_app.api.reading import (
    FieldsView,
    MessagesView,
    TemplatesView,
    UsageView,
    WebsitesView,
)
from sessions_app.api.sessions import SessionsView, SessionView
from sessions_app.api.token import TokenView
from sessions_app.api.webhooks import (
    DeliveriesView,
    DeliveryView,
    OneWebhookView,
    ResendManyView,
    ResendView,
    RotateView,
    TestView,
    WebhooksView,
)

WEBHOOK = "webhooks/<str:webhook>"
DELIVERY = f"{WEBHOOK}/deliveries/<str:delivery>"

urlpatterns = [
    path("token", TokenView.as_view(), name="token"),
    path("chat", chat, name="chat"),
    path("sessions", SessionsView.as_view(), name="sessions"),
    path("sessions/export", ExportView.as_view(), name="sessions-export"),
    path("sessions/<str:session>", SessionView.as_view(), name="session"),
    path("sessions/<str:session>/events", events, name="session-events"),
    path("sessions/<str:session>/close", close, name="session-close"),
    path("messages", MessagesView.as_view(), name="messages"),
    path("fields", FieldsView.as_view(), name="fields"),
    path("templates", TemplatesView.as_view(), name="templates"),
    path("websites", WebsitesView.as_view(), name="websites"),
    path("usage", UsageView.as_view(), name="usage"),
    path("webhooks", WebhooksView.as_view(), name="webhooks"),
    path(WEBHOOK, OneWebhookView.as_view(), name="webhook"),
    path(f"{WEBHOOK}/rotate", RotateView.as_view(), name="webhook-rotate"),
    path(f"{WEBHOOK}/test", TestView.as_view(), name="webhook-test"),
    path(f"{WEBHOOK}/deliveries", DeliveriesView.as_view(), name="deliveries"),
    path(f"{WEBHOOK}/deliveries/resend", ResendManyView.as_view(), name="resend-many"),
    path(DELIVERY, DeliveryView.as_view(), name="delivery"),
    path(f"{DELIVERY}/resend", ResendView.as_view(), name="resend"),
]

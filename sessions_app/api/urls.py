"""Addresses below /api/v1/."""

from django.urls import path

from sessions_app.api.chat import chat
from sessions_app.api.close import close
from sessions_app.api.events import events
from sessions_app.api.sessions import SessionsView, SessionView
from sessions_app.api.token import TokenView

urlpatterns = [
    path("token", TokenView.as_view(), name="token"),
    path("chat", chat, name="chat"),
    path("sessions", SessionsView.as_view(), name="sessions"),
    path("sessions/<str:session>", SessionView.as_view(), name="session"),
    path("sessions/<str:session>/events", events, name="session-events"),
    path("sessions/<str:session>/close", close, name="session-close"),
]

"""Dashboard pages of conversations: the list, and one transcript. Both are for reading only."""

from sessions_app.admin.conversations import SessionAdmin

__all__ = ["SessionAdmin"]

"""Processes are killed and frozen in the middle of a turn; nothing may be lost or doubled."""

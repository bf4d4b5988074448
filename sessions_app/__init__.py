"""The data plane: sessions, their messages, turns, collected values and events."""

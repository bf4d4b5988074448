"""Judges a run by its script, its history and plain SQL alone; shares no code with the product."""

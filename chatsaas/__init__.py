"""Wiring: settings, doors, background work and the one place that chooses parts."""

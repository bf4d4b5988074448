"""Erases what a template says is to be kept for so many days, wherever it stands."""

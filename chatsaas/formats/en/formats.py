"""Dates that read the same on both sides of the Atlantic; every time names its zone."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i T"

"""Conditions that every form format shares, and their translations."""

from ai_bridge.intake_exchange.logic.terms import (
    ALWAYS,
    NEVER,
    Condition,
    Every,
    No,
    Some,
    Test,
    every,
    no,
    some,
    tests_of,
)

__all__ = [
    "ALWAYS",
    "NEVER",
    "Condition",
    "Every",
    "No",
    "Some",
    "Test",
    "every",
    "no",
    "some",
    "tests_of",
]

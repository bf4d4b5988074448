"""Breaks the product on purpose, with real processes, and checks that no promise broke with it."""

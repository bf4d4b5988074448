"""Chaos itself is tested: it must pass the product, and it must fail the control."""

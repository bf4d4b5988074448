"""Benchmarks: what the product costs beside a plain service, measured in the same run."""

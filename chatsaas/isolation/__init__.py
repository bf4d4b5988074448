"""Proves that no byte crosses tenants: canaries in every column, and all output searched."""

"""The runner through each of its doors."""

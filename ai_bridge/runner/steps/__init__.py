"""The five steps of a turn, in their order."""

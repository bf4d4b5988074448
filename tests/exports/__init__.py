"""Conversations as files and lists: complete, readable, and harmless in a spreadsheet."""

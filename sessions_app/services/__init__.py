"""What can be done with a session: one verb, one transaction, its events inside."""

"""What to say and ask next: decided here by rules alone, whoever words the reply."""

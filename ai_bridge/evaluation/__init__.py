"""How well an extractor fills templates, measured on recorded dialogues."""

"""The templated reply: short plain sentences, the same for the same turn every time."""

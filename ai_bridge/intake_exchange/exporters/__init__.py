"""One module for each format that templates can be written in."""

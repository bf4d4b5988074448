"""One module for each format that templates can be made from."""

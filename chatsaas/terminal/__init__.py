"""The product from a terminal: a visitor without a browser, and a check of the whole."""

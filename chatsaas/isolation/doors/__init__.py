"""Every door of the product, as its users knock on it."""

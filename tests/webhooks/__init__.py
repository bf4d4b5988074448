"""Events on their way to a customer, to a real endpoint over real HTTP."""

"""How much of the product one address, visitor, session, website or tenant may use at once."""

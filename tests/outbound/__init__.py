"""Addresses that customers type, and what is contacted of them."""

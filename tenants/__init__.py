"""The control plane: tenants, their domains, keys, websites and templates."""

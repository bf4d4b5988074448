"""A tenant's own control plane, in its own schema: websites, keys and templates."""

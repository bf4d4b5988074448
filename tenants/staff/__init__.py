"""People who sign in: operators in the shared schema, a tenant's staff in its own."""

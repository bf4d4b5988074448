"""The PostgreSQL backend that follows the tenant scope of the running code."""

"""PostgreSQL and Redis without set-up: for a checkout that was given no servers of its own."""

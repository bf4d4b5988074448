"""What to do when a part does not answer: the same words in /readyz and in `doctor`."""

MENDS = {
    "database": "Start PostgreSQL, or correct DATABASE_URL; then run "
    "`python manage.py install_database`.",
    "migrations": "Run `python manage.py install_database`.",
    "clock": "It is read from the database: mend that first.",
    "redis": "Start Redis, or correct REDIS_URL. Chats go on meanwhile; other tabs lag.",
    "channel layer": "It needs Redis: mend that first.",
    "runner": "Start it: `uvicorn ai_bridge.runner.app:app`, or correct RUNNER_URL. Messages are "
    "kept meanwhile.",
    "worker": "It is reached through Redis: mend that first.",
    "beat": "It is heard through Redis: mend that first.",
}

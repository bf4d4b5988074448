#!/usr/bin/env python
"""The product's command line."""

import os
import sys

# They need no server, or bring their own; the settings still want to know servers and a key.
OFFLINE = ("template", "evaluate", "chaos", "isolation")
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "nothing is signed by a command that serves nobody",
}


def main() -> None:
    if sys.argv[1:] and sys.argv[1] in OFFLINE:
        os.environ.update(NOWHERE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsaas.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Says itself what to do; where it was raised helps nobody.
        sys.exit(f"{os.path.basename(sys.argv[0])}: {error}")


if __name__ == "__main__":
    main()

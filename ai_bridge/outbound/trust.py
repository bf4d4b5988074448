"""The public authorities that sign certificates: read once in a process, as that takes 30 ms."""

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)

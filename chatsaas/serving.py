"""How uvicorn serves the gateway; every place that starts one takes these options."""

GATEWAY_OPTIONS = (
    *("--ws", "websockets-sansio"),
    *("--ws-max-size", "65536"),
    *("--ws-per-message-deflate", "false"),
    *("--timeout-graceful-shutdown", "5"),
    # Whose address it is, is decided by TRUSTED_PROXIES; uvicorn believes whoever is on loopback.
    "--no-proxy-headers",
    "--no-server-header",
    "--no-access-log",
)

"""How uvicorn serves the gateway; every place that starts one takes these options."""

GATEWAY_OPTIONS = (
    *("--ws", "chatsaas.transports:GatewaySocket"),
    *("--http", "chatsaas.transports:GatewayHttp"),
    *("--ws-max-size", "65536"),
    *("--ws-per-message-deflate", "false"),
    # Each ping after half to all of it: networks in between forget a line after a minute.
    *("--ws-ping-interval", "30"),
    *("--ws-ping-timeout", "15"),
    *("--timeout-graceful-shutdown", "5"),
    # Whose address it is, is decided by TRUSTED_PROXIES; uvicorn believes whoever is on loopback.
    "--no-proxy-headers",
    "--no-server-header",
    "--no-access-log",
)

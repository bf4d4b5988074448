"""How uvicorn serves the gateway; every place that starts one takes these options."""

GATEWAY_OPTIONS = (
    *("--ws", "websockets-sansio"),
    *("--ws-max-size", "65536"),
    *("--ws-per-message-deflate", "false"),
    *("--timeout-graceful-shutdown", "5"),
    "--no-server-header",
    "--no-access-log",
)

"""A local Lambda runtime API: gives events to `awslambdaric` and takes its answers."""

import asyncio
import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
HANDLER = "ai_bridge.runner.lambda_handler.handler"


@dataclass
class Invocation:
    event: dict[str, Any]
    remaining_ms: int
    id: str = field(default_factory=lambda: str(uuid4()))
    answer: Future[dict[str, Any]] = field(default_factory=Future)


class RuntimeApi(ThreadingHTTPServer):
    """Speaks the runtime API of 2018-06-01 on loopback."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.waiting: queue.Queue[Invocation] = queue.Queue()
        self.running: dict[str, Invocation] = {}

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def invoke(self, event: dict[str, Any], remaining_ms: int) -> Future[dict[str, Any]]:
        invocation = Invocation(event, remaining_ms)
        self.waiting.put(invocation)
        return invocation.answer

    def lose(self) -> None:
        """The function's process is gone: what it was working on, or would have, has failed."""
        lost = list(self.running.values())
        self.running.clear()
        while not self.waiting.empty():
            lost.append(self.waiting.get())
        for invocation in lost:
            if not invocation.answer.done():
                invocation.answer.set_exception(httpx.ReadError("the function was killed"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        invocation = self.server.waiting.get()
        self.server.running[invocation.id] = invocation
        deadline = int(time.time() * 1000) + invocation.remaining_ms
        self._send(
            json.dumps(invocation.event).encode(),
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:local:0:function:runner",
                "Lambda-Runtime-Trace-Id": f"Root={invocation.id}",
                "Content-Type": "application/json",
            },
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, kind = self.path.rsplit("/", 1)
        invocation = self.server.running.pop(self.path.split("/")[-2], None)
        if invocation and kind == "response":
            invocation.answer.set_result(body)
        elif invocation:
            invocation.answer.set_exception(AssertionError(f"The handler raised: {body}"))
        self._send(b"{}", {}, status=202)

    def _send(self, body: bytes, headers: dict[str, str], status: int = 200) -> None:
        lines = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        # One write: in two, the second waits for a delayed acknowledgement.
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the function's own output is what a failing test needs."""


@dataclass
class Function:
    """The deployed function: one process, started anew after it was killed."""

    api: RuntimeApi
    environment: dict[str, str]
    remaining_ms: int = 30_000
    process: subprocess.Popen[bytes] | None = None

    def start(self, **changes: str) -> None:
        environment = {
            **os.environ,
            **self.environment,
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "runner",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_LOG_GROUP_NAME": "runner",
            "AWS_LAMBDA_LOG_STREAM_NAME": "1",
            "LAMBDA_TASK_ROOT": str(ROOT),
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", HANDLER],
            cwd=ROOT,
            env=environment | changes,
        )
        Thread(target=self._watch, args=(self.process,), daemon=True).start()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self.api.lose()


class LambdaTransport(httpx.AsyncBaseTransport):
    """Carries an HTTP request as a function URL does."""

    def __init__(self, function: Function) -> None:
        self.function = function

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        event = {
            "version": "2.0",
            "rawPath": request.url.raw_path.decode(),
            "requestContext": {"http": {"method": request.method}},
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": (await request.aread()).decode(),
            "isBase64Encoded": False,
        }
        answering = self.function.api.invoke(event, self.function.remaining_ms)
        answer = await asyncio.wait_for(asyncio.wrap_future(answering), PATIENCE_SECONDS)
        return httpx.Response(
            answer["statusCode"], headers=answer["headers"], content=answer["body"].encode()
        )


@contextmanager
def deployed(environment: dict[str, str]) -> Iterator[Function]:
    """The function behind a runtime API of its own; both are gone at the end."""
    api = RuntimeApi()
    Thread(target=api.serve_forever, daemon=True).start()
    function = Function(api, environment)
    try:
        function.start()
        yield function
    finally:
        function.kill()
        api.shutdown()
        api.server_close()

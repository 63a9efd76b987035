"""Answers `/health` until it is told to stop."""

import json
import os
import signal
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from platform_health.containers import Containers
from platform_health.logs import log
from platform_health.report import Reporter

PORT = 8000


class Server(ThreadingHTTPServer):
    # Of many that come at once the default, 5, would turn most away for a second.
    request_queue_size = 256


def main() -> None:
    containers = Containers(os.environ["DOCKER_API_URL"], os.environ["NETWORK"])
    reporter = Reporter(containers.all, json.loads(os.environ["SERVICES"]))
    server = Server(("", PORT), handler_for(reporter))
    # `shutdown` waits for the loop that this very thread runs.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log("service_started")
    server.serve_forever()
    log("service_stopped")


def handler_for(reporter: Reporter) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # A client that says nothing gives its thread back.
        timeout = 10

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            status, content = self._content()
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def _content(self) -> tuple[HTTPStatus, object]:
            path = self.path.partition("?")[0]
            # Whether this process answers, for its own container's health; what it answers is about others.
            if path == "/alive":
                return HTTPStatus.OK, {"status": "healthy"}
            if path != "/health":
                return HTTPStatus.NOT_FOUND, {"detail": "Not Found"}
            report = reporter.report()
            return (HTTPStatus.OK if report.healthy else HTTPStatus.SERVICE_UNAVAILABLE), report.body

        def version_string(self) -> str:
            # The default tells the versions of Python to everybody.
            return "platform-health"

        def log_message(self, format: str, *args: object) -> None:
            """Requests are in the gateway's log."""

    return Handler


if __name__ == "__main__":
    main()

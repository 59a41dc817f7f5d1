"""A spam service on this machine that speaks as Akismet does, records what it is told, and fails on demand."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

GOOD_KEY = "0123456789ab"


@dataclass
class FakeSpam:
    """`mode`: fine, slow, garbage, error. A text with "viagra" in it is surely spam, one with "cheap" perhaps."""

    url: str = ""
    mode: str = "fine"
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """What was asked, in order, by the last part of its address."""
        return [path.rpartition("/")[2] for path, _fields in self.asked]

    def answer(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        self.asked.append((path, fields))
        if self.mode == "slow":
            time.sleep(1.5)
        if self.mode == "error":
            return 503, {}, b"later"
        if self.mode == "garbage":
            return 200, {}, b"\xff\x00<html>true</html>"
        if fields.get("key", fields.get("api_key")) != GOOD_KEY:
            return 200, {"X-akismet-debug-help": "unknown key"}, b"invalid"
        if path.endswith("verify-key"):
            return 200, {}, b"valid"
        if path.endswith("comment-check"):
            text = fields["comment_content"]
            headers = {"X-akismet-pro-tip": "discard"} if "viagra" in text else {}
            return 200, headers, b"true" if "viagra" in text or "cheap" in text else b"false"
        return 200, {}, b"Thanks for making the web a better place."


@contextmanager
def running() -> Iterator[FakeSpam]:
    """The service, on a free port of the loopback."""
    fake = FakeSpam()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, headers, body = fake.answer(self.path, {k: v[0] for k, v in parse_qs(sent).items()})
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

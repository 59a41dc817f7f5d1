"""Serve a tracker: `python serve.py TRACKER PORT`. Roundup's own server refuses to run as root, as containers do."""

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from roundup.cgi.wsgi_handler import RequestDispatcher


class Threads(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    tracker, port = sys.argv[1:]
    make_server("127.0.0.1", int(port), RequestDispatcher(tracker), Threads, Quiet).serve_forever()

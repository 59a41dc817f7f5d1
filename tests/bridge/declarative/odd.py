"""A desk that answers as a test wants, and its file."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bridge.desks.contract import DeskSettings
from bridge.desks.declarative.description import read_description
from bridge.desks.declarative.desk import DeclarativeDesk, connect

from .kontor import serving

Answers = Callable[[str, str, dict[str, str], Any], tuple[int, dict[str, str], Any]]

FILE = """
format = 1
name = "Odd"
[desk]
text = "html"
[secrets]
password = "The password"
[auth]
kind = "login"
header = "Session"
value = "{session}"
[auth.login]
path = "/login"
form = { password = "{secret.password}", more = { deep = true } }
take_header = { session = "X-Session" }
[answers]
wait = 7
busy_when = "busy = true"
[health]
path = "/me"
account = "name"
[create]
path = "/tickets"
form = { title = "[{ref}] {title}", text = "{text}", tags = "{tags}" }
take_header = { id = "X-Id" }
[find]
path = "/tickets"
items = "rows[*]"
id = "id"
newest_first = true
paging = { kind = "page", parameter = "page", size_parameter = "size", size = 2 }
[ticket]
path = "/tickets/{id}"
take = { notes = "notes[*]" }
status = "status"
updated = "times[*]"
ref = "title"
ref_between = ["[", "]"]
[comments]
needs = "notes"
items = "notes[*]"
id = "id"
at = "at"
text = "html"
markup = "html"
public = "public = true"
newest_first = true
[times]
format = "epoch"
[reply]
path = "/tickets/{id}/notes"
json = { html = "{text}", public = true }
[note]
path = "/tickets/{id}/notes"
json = { html = "{text}", public = false }
take = { comment_id = "id" }
seen = false
[status]
otherwise = "in_progress"
[status.read]
done = "resolved"
[changes]
path = "/events"
query = { after = "{since}" }
items = "rows[*]"
id = "ticket"
sequence = "n"
overlap = 2
now = { path = "/newest", take = { since = "n" } }
paging = { kind = "cursor", parameter = "c", next = "more" }
"""

BASIC = FILE.replace(
    'kind = "login"\nheader = "Session"\nvalue = "{session}"',
    'kind = "basic"\nuser = "u"\npassword = "{secret.password}"',
)
BASIC = BASIC[: BASIC.index("[auth.login]")] + BASIC[BASIC.index("[answers]") :]


@contextmanager
def answering(answers: Answers, file: str = FILE) -> Iterator[DeclarativeDesk]:
    """A desk that answers by a function of method, path, query and body."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do(self) -> None:
            asked, length = urlsplit(self.path), int(self.headers.get("Content-Length", "0"))
            sent, kind = self.rfile.read(length).decode(), self.headers.get("Content-Type", "")
            body = json.loads(sent) if "json" in kind else sent if "multipart" in kind else dict(parse_qsl(sent))
            query = {**dict(parse_qsl(asked.query)), "session": self.headers.get("Session", "")}
            code, headers, made = answers(self.command, asked.path, query, body)
            data = made.encode() if isinstance(made, str) else json.dumps(made).encode()
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do  # noqa: N815 - names of the standard library

    with serving(Handler) as url:
        yield connect(read_description(file), DeskSettings("odd", "odd", url, {}, {"password": "s3cret"}, {}, True))

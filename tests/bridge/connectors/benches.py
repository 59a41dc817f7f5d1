"""Real desks with somebody who works at them. A further desk is one more `Bench` and one more line in `BENCHES`."""

import base64
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from urllib3.filepost import encode_multipart_formdata

from bridge.desks.connectors import connect
from bridge.desks.connectors.asking import basic
from bridge.desks.contract import Desk, DeskSettings, DeskStatus
from scripts.desks import django_helpdesk, roundup, rt

Push = tuple[dict[str, str], bytes]


class Bench(Protocol):
    """A desk and what its people do there, past our connector."""

    settings: DeskSettings
    agent: str  # the name under which the agent's words come back
    pushes: list[Push]  # what the desk pushed, oldest first
    agent_statuses: Mapping[DeskStatus, str]  # what an agent can set, and the desk's word for it
    priorities: tuple[str, ...]  # the desk's words, the highest first

    def agent_reply(self, remote_id: str, text: str) -> None:
        """Words that everybody may read."""

    def agent_note(self, remote_id: str, text: str) -> None:
        """Words in every place that only the desk may read."""

    def agent_sends(self, remote_id: str, text: str, name: str, content: bytes) -> None:
        """A file with words that everybody may read."""

    def agent_keeps(self, remote_id: str, name: str, content: bytes) -> list[str]:
        """A file in every place that only the desk may read, or where it hangs on no words; the desk's ids of it."""

    def priority(self, remote_id: str) -> str:
        """The desk's word for how urgent the query is."""

    def agent_status(self, remote_id: str, canonical: DeskStatus) -> None:
        """One of `agent_statuses`."""

    def agent_merges(self, remote_id: str, into: str) -> None:
        """The query is continued in another one."""

    def agent_takes(self, remote_id: str) -> None:
        """The agent is now who works on it."""

    def agent_removes(self, remote_id: str) -> None:
        """The query is gone."""

    def reference_count(self, ref: str) -> int:
        """How many queries carry this reference."""

    def opening(self, remote_id: str) -> str:
        """The first words of the query as the desk keeps them."""


def desk_of(bench: Bench, **changed: Any) -> Desk:
    """The connector to this desk, with other settings where asked."""
    return connect(replace(bench.settings, **changed))


def call(method: str, url: str, authorization: str, body: object = None, **headers: str) -> Any:
    """Ask a desk as its people do; the JSON of the answer."""
    sent = {"Authorization": authorization, "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, sent, method=method), timeout=30) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{method} {url}: {error.code} {error.read().decode(errors='replace')}") from error
    return json.loads(text) if text else None


def upload(url: str, authorization: str, fields: Mapping[str, str], file: tuple[str, str, bytes], **sent: str) -> Any:
    """Send a form with a file, given as its field, name and content; the JSON of the answer."""
    field, name, content = file
    body, kind = encode_multipart_formdata({**fields, field: (name, content, "application/octet-stream")})
    headers = {"Authorization": authorization, "Content-Type": kind, **sent}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
        return json.loads(answer.read())


@contextmanager
def listener() -> Iterator[tuple[str, list[Push]]]:
    """An address for pushes, and what came there."""
    came: list[Push] = []

    class Keeps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keeps)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- Request Tracker ---


class RtBench:
    """An agent with a token of their own."""

    agent = "Agent"
    agent_statuses: Mapping[DeskStatus, str] = {
        DeskStatus.IN_PROGRESS: "open",
        DeskStatus.WAITING_USER: "stalled",
        DeskStatus.RESOLVED: "resolved",
        DeskStatus.REJECTED: "rejected",
        DeskStatus.NEW: "new",
    }
    priorities: tuple[str, ...] = ("100", "75", "50", "25", "0")

    def __init__(self, url: str, secrets: Mapping[str, str], pushes: list[Push]) -> None:
        self.pushes = pushes
        self._base, self._key = f"{url}/REST/2.0", f"token {secrets['agent']}"
        ours = {"token": secrets["bridge"], "push": secrets["push"]}
        self.settings = DeskSettings("rt", "rt", url, {"queue": "Community"}, ours, allow_private=True)

    def _call(self, method: str, path: str, body: object = None) -> Any:
        return call(method, f"{self._base}/{path}", self._key, body)

    def agent_reply(self, remote_id: str, text: str) -> None:
        self._call("POST", f"ticket/{remote_id}/correspond", {"Content": text, "ContentType": "text/plain"})

    def agent_note(self, remote_id: str, text: str) -> None:
        self._call("POST", f"ticket/{remote_id}/comment", {"Content": text, "ContentType": "text/plain"})

    def agent_sends(self, remote_id: str, text: str, name: str, content: bytes) -> None:
        self._attaches(remote_id, "correspond", text, name, content)

    def agent_keeps(self, remote_id: str, name: str, content: bytes) -> list[str]:
        self._attaches(remote_id, "comment", "For us", name, content)
        parts = self._call("GET", f"ticket/{remote_id}/attachments?per_page=100&fields=Filename")["items"]
        return [str(part["id"]) for part in parts if part.get("Filename") == name]

    def _attaches(self, remote_id: str, verb: str, text: str, name: str, content: bytes) -> None:
        kept = base64.b64encode(content).decode()
        file = {"FileName": name, "FileType": "application/octet-stream", "FileContent": kept}
        said = {"Content": text, "ContentType": "text/plain", "Attachments": [file]}
        self._call("POST", f"ticket/{remote_id}/{verb}", said)

    def priority(self, remote_id: str) -> str:
        return str(self._call("GET", f"ticket/{remote_id}")["Priority"])

    def agent_status(self, remote_id: str, canonical: DeskStatus) -> None:
        self._call("PUT", f"ticket/{remote_id}", {"Status": self.agent_statuses[canonical]})

    def agent_merges(self, remote_id: str, into: str) -> None:
        self._call("PUT", f"ticket/{remote_id}", {"MergeInto": into})

    def agent_takes(self, remote_id: str) -> None:
        self._call("PUT", f"ticket/{remote_id}", {"Owner": "agent"})

    def agent_removes(self, remote_id: str) -> None:
        self._call("PUT", f"ticket/{remote_id}", {"Status": "deleted"})

    def agent_replies_in_html(self, remote_id: str, html: str) -> None:
        """As agents do in RT's own pages, with a file."""
        file = {"FileName": "note.txt", "FileType": "text/plain", "FileContent": "c2VjcmV0"}
        said = {"Content": html, "ContentType": "text/html", "Attachments": [file]}
        self._call("POST", f"ticket/{remote_id}/correspond", said)

    def reference_count(self, ref: str) -> int:
        query = quote(f"CF.{{ExternalRef}} = '{ref}'")
        return len(self._call("GET", f"tickets?query={query}&per_page=100")["items"])

    def opening(self, remote_id: str) -> str:
        part = self._call("GET", f"ticket/{remote_id}/attachments?per_page=1")["items"][0]["id"]
        return base64.b64decode(self._call("GET", f"attachment/{part}")["Content"]).decode()


@contextmanager
def rt_bench() -> Iterator[Bench]:
    with listener() as (hook, pushes), rt.serve(hook) as running:
        yield RtBench(running.url, running.secrets, pushes)


# --- Roundup ---


class RoundupBench:
    """An agent, and an administrator who may remove issues."""

    agent = "agent"
    agent_statuses: Mapping[DeskStatus, str] = {
        DeskStatus.IN_PROGRESS: "in-progress",
        DeskStatus.WAITING_USER: "need-eg",
        DeskStatus.ON_HOLD: "deferred",
        DeskStatus.RESOLVED: "resolved",
        DeskStatus.NEW: "unread",
    }
    priorities: tuple[str, ...] = ("critical", "urgent", "bug", "feature", "wish")

    def __init__(self, url: str, secrets: Mapping[str, str], pushes: list[Push]) -> None:
        self.pushes = pushes
        self._url, self._secrets = url, secrets
        options = {"account": "bridge", "public": "public"}
        ours = {"password": secrets["bridge"], "push": secrets["push"]}
        self.settings = DeskSettings("roundup", "roundup", url, options, ours, allow_private=True)

    def _call(self, method: str, path: str, body: object = None, *, account: str = "agent", **headers: str) -> Any:
        own = {"Origin": self._url, "X-Requested-With": "tests", **headers}
        return call(method, f"{self._url}/rest/data/{path}", basic(account, self._secrets[account]), body, **own)

    def _etag(self, remote_id: str) -> str:
        return str(self._call("GET", f"issue/{remote_id}")["data"]["@etag"])

    def _change(self, remote_id: str, change: Mapping[str, object]) -> None:
        self._call("PATCH", f"issue/{remote_id}", change, **{"If-Match": self._etag(remote_id)})

    def _says(self, remote_id: str, text: str, **marked: object) -> None:
        made = self._call("POST", "msg", {"author": "agent", "date": ".", "content": text, **marked})
        self._change(remote_id, {"@op": "add", "messages": [made["data"]["id"]]})

    def agent_reply(self, remote_id: str, text: str) -> None:
        self._says(remote_id, text, public=True)

    def agent_note(self, remote_id: str, text: str) -> None:
        self._says(remote_id, text)
        self._says(remote_id, text, public=False)

    def agent_sends(self, remote_id: str, text: str, name: str, content: bytes) -> None:
        self._says(remote_id, text, public=True, files=[self._file(name, content)])

    def agent_keeps(self, remote_id: str, name: str, content: bytes) -> list[str]:
        noted, unmarked, alone = (self._file(name, content) for _ in range(3))
        self._says(remote_id, "For us", public=False, files=[noted])
        self._says(remote_id, "For us", files=[unmarked])
        self._change(remote_id, {"@op": "add", "files": [noted, unmarked, alone]})
        return [noted, unmarked, alone]

    def _file(self, name: str, content: bytes) -> str:
        key, url = basic("agent", self._secrets["agent"]), f"{self._url}/rest/data/file"
        own = {"Origin": self._url, "X-Requested-With": "tests"}
        kind = "application/octet-stream"
        return str(upload(url, key, {"name": name, "type": kind}, ("content", name, content), **own)["data"]["id"])

    def priority(self, remote_id: str) -> str:
        found = self._call("GET", f"issue/{remote_id}?@verbose=2&@fields=priority")
        return str(found["data"]["attributes"]["priority"]["name"])

    def agent_status(self, remote_id: str, canonical: DeskStatus) -> None:
        self._change(remote_id, {"@op": "replace", "status": self.agent_statuses[canonical]})

    def agent_merges(self, remote_id: str, into: str) -> None:
        self._change(remote_id, {"@op": "replace", "superseder": [into]})

    def agent_takes(self, remote_id: str) -> None:
        self._change(remote_id, {"@op": "replace", "assignedto": "agent"})

    def agent_removes(self, remote_id: str) -> None:
        self._call("DELETE", f"issue/{remote_id}", {}, account="admin", **{"If-Match": self._etag(remote_id)})

    def reference_count(self, ref: str) -> int:
        return len(self._call("GET", "issue?" + urlencode({"external_ref:": ref}))["data"]["collection"])

    def opening(self, remote_id: str) -> str:
        messages = self._call("GET", f"issue/{remote_id}")["data"]["attributes"]["messages"]
        item = self._call("GET", f"msg?id={messages[0]['id']}&@fields=content&@verbose=3")["data"]["collection"][0]
        return str(item["content"])


@contextmanager
def roundup_bench() -> Iterator[Bench]:
    with listener() as (hook, pushes), roundup.serve(hook) as running:
        yield RoundupBench(running.url, running.secrets, pushes)


# --- django-helpdesk ---


class DjangoHelpdeskBench:
    """An agent with the number 2."""

    agent = "#2"
    agent_statuses: Mapping[DeskStatus, str] = {
        DeskStatus.IN_PROGRESS: "2",
        DeskStatus.ON_HOLD: "on_hold",
        DeskStatus.RESOLVED: "3",
        DeskStatus.CLOSED: "4",
        DeskStatus.MERGED: "5",
        DeskStatus.NEW: "1",
    }
    priorities: tuple[str, ...] = ("1", "2", "3", "4", "5")

    def __init__(self, url: str, secrets: Mapping[str, str]) -> None:
        self.pushes: list[Push] = []
        self._url, self._key = url, basic("agent", secrets["agent"])
        options = {"account": "bridge", "queue": "1", "user": "1"}
        ours = {"password": secrets["bridge"]}
        self.settings = DeskSettings("helpdesk", "django_helpdesk", url, options, ours, allow_private=True)

    def _call(self, method: str, path: str, body: object = None) -> Any:
        return call(method, f"{self._url}/api/{path}", self._key, body)

    def _says(self, remote_id: str, text: str, **more: object) -> str:
        made = self._call("POST", "followups/", {"ticket": int(remote_id), "user": 2, "comment": text, **more})
        return str(made["id"])

    def agent_reply(self, remote_id: str, text: str) -> None:
        self._says(remote_id, text, public=True)

    def agent_note(self, remote_id: str, text: str) -> None:
        self._says(remote_id, text, public=False)
        self._call("PATCH", f"tickets/{remote_id}/", {"resolution": text})

    def agent_sends(self, remote_id: str, text: str, name: str, content: bytes) -> None:
        self._file(self._says(remote_id, text, public=True), name, content)

    def agent_keeps(self, remote_id: str, name: str, content: bytes) -> list[str]:
        note = self._says(remote_id, "For us", public=False)
        opening = str(self._call("GET", f"tickets/{remote_id}/")["followup_set"][0]["id"])
        return [self._file(note, name, content), self._file(opening, name, content)]

    def _file(self, followup: str, name: str, content: bytes) -> str:
        fields = {"followup": followup, "filename": name, "mime_type": "text/plain"}
        url = f"{self._url}/api/followups-attachments/"
        return str(upload(url, self._key, fields, ("file", name, content))["id"])

    def priority(self, remote_id: str) -> str:
        return str(self._call("GET", f"tickets/{remote_id}/")["priority"])

    def agent_status(self, remote_id: str, canonical: DeskStatus) -> None:
        word = self.agent_statuses[canonical]
        held = {"on_hold": True, "status": 1} if word == "on_hold" else {"on_hold": False, "status": int(word)}
        self._call("PATCH", f"tickets/{remote_id}/", held)

    def agent_merges(self, remote_id: str, into: str) -> None:
        self._call("PATCH", f"tickets/{remote_id}/", {"merged_to": int(into), "status": 5})

    def agent_takes(self, remote_id: str) -> None:
        self._call("PATCH", f"tickets/{remote_id}/", {"assigned_to": 2})

    def agent_removes(self, remote_id: str) -> None:
        self._call("DELETE", f"tickets/{remote_id}/")

    def reference_count(self, ref: str) -> int:
        tickets = self._call("GET", "tickets/?page_size=1000")["results"]
        return sum(ticket["custom_external_ref"] == ref for ticket in tickets)

    def opening(self, remote_id: str) -> str:
        return str(self._call("GET", f"tickets/{remote_id}/")["description"])

    def said(self, remote_id: str) -> list[str]:
        """Everything said after the opening, private or not."""
        return [str(item["comment"]) for item in self._call("GET", f"tickets/{remote_id}/")["followup_set"][1:]]

    def title(self, remote_id: str) -> str:
        """Under which title the desk has it now."""
        return str(self._call("GET", f"tickets/{remote_id}/")["title"])


@contextmanager
def django_helpdesk_bench() -> Iterator[Bench]:
    with django_helpdesk.serve() as running:
        yield DjangoHelpdeskBench(running.url, running.secrets)


BENCHES: Mapping[str, Callable[[], AbstractContextManager[Bench]]] = {
    "rt": rt_bench,
    "roundup": roundup_bench,
    "django_helpdesk": django_helpdesk_bench,
}

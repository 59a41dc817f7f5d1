"""A small service desk that nobody sells, unlike those that come as files: the one that the guide connects.

API key in a header, every answer with code 200 and errors in its body, pages by offset and limit, a journal with a
`private` flag, times of the desk's own clock without a zone, nothing pushed.
"""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from bridge.desks.contract import DeskSettings, DeskStatus

ZONE = ZoneInfo("Asia/Kathmandu")
KEYS = {"key-of-the-bridge": "bridge", "key-of-agent": "agent"}
STATES = ("open", "taken", "waiting", "solved", "archived")
MOST = 50  # entries of a page, whatever is asked for


class Refused(Exception):  # noqa: N818 - says what happened
    """An error of the desk: its code and words."""


class Kontor:
    """The desk's records; `journey` is the only way between states where it is given."""

    def __init__(self, journey: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.cases: dict[int, dict[str, Any]] = {}
        self.lock, self.entries, self.revision, self.file_number = threading.RLock(), 0, 0, 0
        self.journey, self.asked = journey, list[str]()

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any, user: str) -> Any:
        with self.lock:
            parts = path.strip("/").split("/")[2:]
            self.asked.append(f"{method} {path}")
            if parts == ["whoami"]:
                return {"user": {"login": user}, "version": "7.1"}
            if parts == ["cases"]:
                return self.create(body, user) if method == "POST" else self.listed(query)
            case = self.cases.get(int(parts[1])) if parts[1:] and parts[1].isdigit() else None
            if case is None:
                raise Refused("not-found", "There is no such case")
            if parts[2:] == ["journal"]:
                return self.say(case, body, user) if method == "POST" else self.page(case["journal"], query)
            if parts[2:3] == ["files"]:
                return self.file(case, parts[3])
            if parts[2:] == ["priority"]:
                case["priority"] = body["priority"]
                return {"id": self.touched(case)["id"]}
            if parts[2:] == ["state"]:
                return self.go(case, body["state"])
            return shown(case)

    def listed(self, query: Mapping[str, str]) -> Any:
        if unknown := set(query) - {"xref", "changed_after", "offset", "limit"}:
            raise Refused("bad-field", f"Cases have no field {min(unknown)}")
        found = [case for case in self.cases.values() if query.get("xref", "") in case["xref"]]
        found = [case for case in found if case["changed"] >= query.get("changed_after", "")]
        return self.page([shown(case) for case in found], query)

    def page(self, rows: list[Any], query: Mapping[str, str]) -> Any:
        start = int(query.get("offset", "0"))
        return {"rows": rows[start : start + min(MOST, int(query.get("limit", "50")))], "count": None}

    def create(self, body: Any, user: str) -> Any:
        if unknown := set(body) - {"subject", "body", "kind", "urgency", "xref", "contact"}:
            raise Refused("bad-field", f"Cases have no field {min(unknown)}")
        number = max(self.cases, default=0) + 1
        case = {"id": number, "no": f"K-{number:05}", "subject": body["subject"], "body": body["body"]}
        self.cases[number] = {
            **case,
            "state": "open",
            "xref": body["xref"],
            "priority": "C",
            "files": {},
            "owner": None,
            "merged_into": None,
            "journal": [],
        }
        return {"id": self.touched(self.cases[number])["id"]}

    def say(self, case: dict[str, Any], body: Any, user: str) -> Any:
        self.entries += 1
        at = self.touched(case)["changed"]
        said = {"time": at, "by": {"login": user}, "text": body["text"], "private": body["private"]}
        files = [self.keep(case, file) for file in body.get("files", [])]
        case["journal"].append({"id": self.entries, **said, "files": files})
        return {"id": self.entries}

    def keep(self, case: dict[str, Any], file: dict[str, str]) -> dict[str, Any]:
        """A file of the case; who knows its number may read it, as at many a desk."""
        self.file_number += 1
        case["files"][self.file_number] = file["data"]
        size = len(base64.b64decode(file["data"]))
        return {"id": self.file_number, "name": file["name"], "type": file["type"], "size": size}

    def file(self, case: dict[str, Any], number: str) -> Any:
        if int(number) not in case["files"]:
            raise Refused("not-found", "There is no such file")
        return {"data": case["files"][int(number)]}

    def go(self, case: dict[str, Any], state: str) -> Any:
        if state not in STATES:
            raise Refused("bad-state", f"{state} is no state")
        if self.journey is not None and state not in self.journey[case["state"]]:
            raise Refused("bad-state", f"{case['state']} cannot become {state}")
        case["state"] = state
        return {"id": self.touched(case)["id"]}

    def touched(self, case: dict[str, Any]) -> dict[str, Any]:
        self.revision += 1
        case["changed"] = datetime.now(ZONE).strftime("%Y-%m-%d %H:%M:%S")
        case["revision"] = self.revision
        return case


def shown(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case without what hangs on it."""
    return {name: value for name, value in case.items() if name not in ("journal", "files")}


class _Handler(BaseHTTPRequestHandler):
    desk: Kontor

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        length = int(self.headers.get("Content-Length", "0"))
        body = json.loads(self.rfile.read(length)) if length else None
        try:
            user = KEYS.get(self.headers.get("X-Kontor-Key", ""))
            if user is None:
                raise Refused("no-access", "This key is not known")
            made = {"ok": True, **self.desk.answer(self.command, asked.path, query, body, user)}
        except Refused as error:
            made = {"ok": False, "error": {"code": error.args[0], "text": error.args[1]}}
        data = json.dumps(made).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do  # noqa: N815 - names of the standard library


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server with this handler, as long as it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def kontor(
    journey: Mapping[str, tuple[str, ...]] | None = None, desk: Kontor | None = None
) -> Iterator[tuple[str, Kontor]]:
    """The desk, or this one, and its address."""
    desk = desk or Kontor(journey)
    with serving(type("Handler", (_Handler,), {"desk": desk})) as url:
        yield url, desk


class KontorBench:
    """An agent of the small desk."""

    agent = "agent"
    agent_statuses: Mapping[DeskStatus, str] = {
        DeskStatus.IN_PROGRESS: "taken",
        DeskStatus.WAITING_USER: "waiting",
        DeskStatus.RESOLVED: "solved",
        DeskStatus.CLOSED: "archived",
        DeskStatus.NEW: "open",
    }
    priorities: tuple[str, ...] = ("A", "B", "C", "D", "E")

    def __init__(self, url: str, desk: Kontor) -> None:
        self._desk = desk
        self.settings, self.pushes = settings_for(url), list[Any]()

    def _say(self, remote_id: str, text: str, private: bool, *files: dict[str, str]) -> None:
        with self._desk.lock:
            said = {"text": text, "private": private, "files": files}
            self._desk.say(self._desk.cases[int(remote_id)], said, "agent")

    def agent_reply(self, remote_id: str, text: str) -> None:
        self._say(remote_id, text, private=False)

    def agent_note(self, remote_id: str, text: str) -> None:
        self._say(remote_id, text, private=True)

    def agent_sends(self, remote_id: str, text: str, name: str, content: bytes) -> None:
        self._say(remote_id, text, False, _file(name, content))

    def agent_keeps(self, remote_id: str, name: str, content: bytes) -> list[str]:
        with self._desk.lock:
            case, before = self._desk.cases[int(remote_id)], self._desk.file_number
            self._say(remote_id, "For us", True, _file(name, content))
            self._desk.keep(case, _file(name, content))
            return [str(number) for number in case["files"] if number > before]

    def priority(self, remote_id: str) -> str:
        return str(self._desk.cases[int(remote_id)]["priority"])

    def agent_status(self, remote_id: str, canonical: DeskStatus) -> None:
        with self._desk.lock:
            self._desk.go(self._desk.cases[int(remote_id)], self.agent_statuses[canonical])

    def agent_takes(self, remote_id: str) -> None:
        with self._desk.lock:
            self._desk.cases[int(remote_id)]["owner"] = {"login": "agent"}

    def agent_merges(self, remote_id: str, into: str) -> None:
        with self._desk.lock:
            self._desk.cases[int(remote_id)]["merged_into"] = int(into)

    def agent_removes(self, remote_id: str) -> None:
        with self._desk.lock:
            del self._desk.cases[int(remote_id)]

    def reference_count(self, ref: str) -> int:
        with self._desk.lock:
            return sum(case["xref"] == ref for case in self._desk.cases.values())

    def opening(self, remote_id: str) -> str:
        return str(self._desk.cases[int(remote_id)]["body"])


def _file(name: str, content: bytes) -> dict[str, str]:
    return {"name": name, "type": "", "data": base64.b64encode(content).decode()}


def settings_for(url: str, **options: str) -> DeskSettings:
    """What an administrator enters for the desk."""
    entered = {"zone": "Asia/Kathmandu", **options}
    return DeskSettings("kontor", "guide", url, entered, {"key": "key-of-the-bridge"}, allow_private=True)


NOON = datetime(2026, 2, 3, 12, tzinfo=ZONE)

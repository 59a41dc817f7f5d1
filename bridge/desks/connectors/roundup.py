"""Roundup over its REST interface.

Options: `account` (needed), `public` (needed: which messages everybody may read: the name of a yes-no property of
messages, or `all` for a tracker without private messages), `ref_property`, `url_property`, `class_property` (the last
two may be empty), `priorities` (five names, highest first). Secrets: `password` and `push`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bridge.desks.contract import (
    Capabilities,
    Changes,
    Comment,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    Health,
    NotAtDeskError,
    NotDoneError,
    Outgoing,
    OutgoingComment,
    OutgoingFile,
    RemoteFile,
    RemoteRef,
    Snapshot,
)

from . import cursors, files, pushes, texts
from .asking import Line, basic
from .numbers import number_of
from .priorities import word_for
from .statuses import StatusMap

STATUSES = {
    "unread": DeskStatus.NEW,
    "in-progress": DeskStatus.IN_PROGRESS,
    "chatting": DeskStatus.IN_PROGRESS,
    "testing": DeskStatus.IN_PROGRESS,
    "need-eg": DeskStatus.WAITING_USER,
    "deferred": DeskStatus.ON_HOLD,
    "resolved": DeskStatus.RESOLVED,
    "done-cbb": DeskStatus.RESOLVED,
}
PRIORITIES = "critical,urgent,bug,feature,wish"
ALL = "all"
LONGEST_TITLE = 255
PAGE = 100
AT_ONCE = 50  # messages asked for in one address
OVERLAP = timedelta(minutes=5)  # changes are stamped when they begin and seen when they end
STAMP = "%Y-%m-%d.%H:%M:%S"
EARLIEST = "1970-01-02.00:00:00"


class Roundup:
    """A tracker of Roundup with its issues."""

    def __init__(self, settings: DeskSettings) -> None:
        options, self._secrets = settings.options, settings.secrets
        self._account = options.get("account", "")
        self._public = options.get("public", "")
        self._ref_property = options.get("ref_property", "") or "external_ref"
        self._url_property = options.get("url_property", "thread_url")
        self._class_property = options.get("class_property", "query_type")
        names = (options.get("priorities") or PRIORITIES).split(",")
        self._priorities = [name.strip() for name in names if name.strip()]
        self._statuses = StatusMap(STATUSES, settings.statuses)
        self._url = settings.url.rstrip("/")
        parts = urlsplit(self._url)
        key = basic(self._account, self._secrets.get("password", ""))
        origin = f"{parts.scheme}://{parts.netloc}"
        self._line = Line(settings, {"Authorization": key, "Origin": origin, "X-Requested-With": "Isthmus"})

    def capabilities(self) -> Capabilities:
        """Private messages only exist where a property tells them apart."""
        return Capabilities(
            private_comments=self._public not in ("", ALL),
            statuses=self._statuses.settable,
            push=bool(self._secrets.get("push")),
            priorities=len(self._priorities) > 0,
            files=bool(self._public),
            file_limit=files.LARGEST,
        )

    def health(self) -> Health:
        """Also raises `DeskRefusedError` where the tracker lacks a property, or it is not said what is public."""
        found = self._collection("user", [("username:", self._account), ("@fields", "username")])
        if not any(item.get("username") == self._account for item in found):
            raise DeskKeyError(f"the tracker does not show us an account {self._account!r}")
        if not self._public:
            raise DeskRefusedError("say which messages are public: a property of messages, or 'all'")
        self._some("issue", self._ref_property)
        self._some("msg", "files")
        if self._public != ALL:
            self._some("msg", self._public)
        return Health(self._account, "Roundup")

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        """Asks for exactly this reference."""
        asked = [(f"{self._ref_property}:", ref), ("@fields", self._ref_property), ("@sort", "id")]
        found = [item for item in self._collection("issue", asked) if item.get(self._ref_property) == ref]
        return self._ref(min((item["id"] for item in found), key=int)) if found else None

    def create(self, query: Outgoing) -> RemoteRef:
        """The first message comes before the issue; a one-time link keeps the issue from being made twice."""
        fields = {
            "title": texts.one_line(query.title, LONGEST_TITLE),
            "status": self._statuses.theirs(DeskStatus.NEW),
            "messages": [self._message(texts.opening(query), public=True)],
            self._ref_property: query.ref,
            **({"priority": self._priority(query.priority)} if self._priorities else {}),
            **({self._url_property: query.thread_url} if self._url_property else {}),
            **({self._class_property: query.query_class} if self._class_property else {}),
        }
        link = self._line.json("POST", "/rest/data/issue/@poe", body={})["data"]["link"]
        number = str(self._line.json("POST", link, body=fields)["data"]["id"])
        if self._issue(number).get(self._ref_property) != query.ref:
            raise NotDoneError(f"issue {number} does not carry our reference in {self._ref_property}")
        return self._ref(number)

    def get(self, remote_id: str) -> Snapshot:
        """An issue with a superseder is `MERGED`. The message that opened it is no comment."""
        item = self._issue(remote_id)
        raw = _word(item.get("status"), "name")
        return Snapshot(
            ref=self._ref(remote_id),
            our_ref=str(item.get(self._ref_property) or ""),
            status=DeskStatus.MERGED if item.get("superseder") else self._statuses.ours(raw),
            raw_status=raw,
            comments=tuple(self._comments(item)),
            assignee=_word(item.get("assignedto"), "username"),
            updated_at=_time(item["activity"]),
        )

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        """Files, a message that they hang on, then its place in the issue: only this publishes anything.

        What an agent does in between is not lost.
        """
        if not comment.public and self._public in ("", ALL):
            raise DeskRefusedError("this tracker has no private messages")
        etag = self._etag(remote_id)
        uploaded = [self._upload(file) for file in comment.files]
        number = self._message(texts.spoken(comment), public=comment.public, files=uploaded)
        self._patch(remote_id, etag, {"@op": "add", "messages": [number], "files": uploaded})
        seen = [item for item in self._messages(self._issue(remote_id), everything=True) if item["id"] == number]
        if not seen or comment.key not in seen[0]["content"]:
            raise NotDoneError(f"message {number} is not in issue {remote_id}")
        files.must_hang(comment.files, self._files(seen)[number])
        return number

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        """Refused by the tracker where it has no such status."""
        word = self._statuses.theirs(status)
        self._patch(remote_id, self._etag(remote_id), {"@op": "replace", "status": word})
        now = _word(self._issue(remote_id).get("status"), "name")
        if now != word:
            raise NotDoneError(f"the status is {now}, not {word}")

    def set_priority(self, remote_id: str, priority: int) -> None:
        """Refused by the tracker where it has no such priority."""
        word = self._priority(priority)
        self._patch(remote_id, self._etag(remote_id), {"@op": "replace", "priority": word})
        now = _word(self._issue(remote_id).get("priority"), "name")
        if now != word:
            raise NotDoneError(f"the priority is {now}, not {word}")

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        """Only what hangs on a public message of this issue."""
        file = files.hanging(self.get(remote_id), file_id)
        kinds = {"Accept": "application/octet-stream, */*;q=0.5"}  # else it answers with a kind that it does not have
        return self._line.ask("GET", f"/rest/data/file/{number_of(file.id)}/binary_content", headers=kinds).body

    def changes_since(self, cursor: str) -> Changes:
        """By the time of the last activity, to the second: issues of the last minutes are compared, not only counted.

        Our account must have no time zone of its own in the tracker, or UTC.
        """
        before: dict[str, Any] = cursors.unpack(cursor) if cursor else {"at": self._newest(), "seen": {}}
        since = (_time(before["at"]) - OVERLAP).strftime(STAMP)
        items = {item["id"]: item for item in self._active(since)}
        marks = {number: cursors.digest(item) for number, item in items.items()}
        ids = tuple(number for number, mark in marks.items() if before["seen"].get(number) != mark)
        at = max((item["activity"] for item in items.values()), default=before["at"])
        edge = _time(at) - OVERLAP
        seen = {number: mark for number, mark in marks.items() if _time(items[number]["activity"]) >= edge}
        return Changes(ids if cursor else (), cursors.pack(at=at, seen=seen))

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        """As the detector in the documentation signs."""
        pushes.verify(self._secrets.get("push", ""), headers, body)

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The issue that it names."""
        return pushes.ticket_of(body, "issue")

    # --- asking ---

    def _collection(self, kind: str, asked: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            page = [*asked, ("@page_size", str(PAGE)), ("@page_index", str(number))]
            items = self._line.json("GET", f"/rest/data/{kind}", page)["data"]["collection"]
            yield from items
            if len(items) < PAGE:
                return
            number += 1

    def _some(self, kind: str, name: str) -> None:
        """Raises `DeskRefusedError` where this kind of item has no such property for us."""
        asked = [("@fields", name), ("@page_size", "1"), ("@page_index", "1")]
        self._line.json("GET", f"/rest/data/{kind}", asked)

    def _issue(self, number: str) -> dict[str, Any]:
        """From the list, because an issue that was retired is still there under its own address."""
        names = ["activity", "status", "priority", "messages", "superseder", "assignedto", self._ref_property]
        asked = [("id", number_of(number)), ("@fields", ",".join(names)), ("@verbose", "2")]
        for item in self._collection("issue", asked):
            if str(item["id"]) == number:
                return item
        raise NotAtDeskError(f"there is no issue {number}")

    def _etag(self, number: str) -> str:
        self._issue(number)
        return self._line.ask("GET", f"/rest/data/issue/{number}").headers.get("etag", "")

    def _patch(self, number: str, etag: str, change: Mapping[str, object]) -> None:
        self._line.ask("PATCH", f"/rest/data/issue/{number}", body=change, headers={"If-Match": etag})

    def _message(self, text: str, *, public: bool, files: Sequence[str] = ()) -> str:
        """Its number. The author must be named, or the issue is refused later."""
        mark = {self._public: public} if self._public not in ("", ALL) else {}
        body = {"author": self._account, "date": ".", "content": text, "files": list(files), **mark}
        return str(self._line.json("POST", "/rest/data/msg", body=body)["data"]["id"])

    def _upload(self, file: OutgoingFile) -> str:
        """Its number. Until a message has it, it hangs on nothing."""
        kind = files.type_of(file.name, file.content_type)
        body = files.multipart([("name", files.name_of(file)), ("type", kind), ("content", file)])
        return str(self._line.json("POST", "/rest/data/file", body=body)["data"]["id"])

    def _newest(self) -> str:
        asked = [("@sort", "-activity"), ("@fields", "activity"), ("@page_size", "1"), ("@page_index", "1")]
        found = self._line.json("GET", "/rest/data/issue", asked)["data"]["collection"]
        return str(found[0]["activity"]) if found else EARLIEST

    def _active(self, since: str) -> Iterator[dict[str, Any]]:
        names = "activity,status,messages,superseder,assignedto,title"
        return self._collection("issue", [("activity", f"{since};"), ("@fields", names), ("@sort", "activity,id")])

    # --- reading ---

    def _messages(self, item: Mapping[str, Any], *, everything: bool = False) -> Iterator[dict[str, Any]]:
        """The messages of an issue; only the public ones, which are none where nobody said what is public."""
        if not self._public and not everything:
            return
        telling = self._public not in ("", ALL)
        names = ["author.username", "author.realname", "date", "content", "files", *([self._public] if telling else [])]
        numbers = [str(message["id"]) for message in item.get("messages") or []]
        for start in range(0, len(numbers), AT_ONCE):
            asked = [("id", number) for number in numbers[start : start + AT_ONCE]]
            found = self._collection("msg", [*asked, ("@fields", ",".join(names)), ("@verbose", "3")])
            for message in found:
                if everything or not telling or message.get(self._public) in (1, True):
                    yield message

    def _comments(self, item: Mapping[str, Any]) -> Iterator[Comment]:
        opened = min((str(message["id"]) for message in item.get("messages") or []), key=int, default="")
        messages = sorted(self._messages(item), key=lambda message: int(message["id"]))
        hanging = self._files(messages)
        for message in messages:
            number, name = str(message["id"]), str(message.get("author.username") or "")
            own, kept = name == self._account, tuple(hanging[number])
            words = files.words_for(texts.clean(str(message.get("content") or "")), kept)
            if words and not (own and number == opened):
                author = str(message.get("author.realname") or name)
                yield Comment(number, _time(message["date"]), author, words, own=own, files=kept)

    def _files(self, messages: Sequence[Mapping[str, Any]]) -> dict[str, list[RemoteFile]]:
        """The files of each message, by its number."""
        linked = {str(one["id"]): [str(file["id"]) for file in one.get("files") or []] for one in messages}
        numbers = sorted({number for some in linked.values() for number in some}, key=int)
        found: dict[str, RemoteFile] = {}
        for start in range(0, len(numbers), AT_ONCE):
            asked = [("id", number) for number in numbers[start : start + AT_ONCE]]
            for item in self._collection("file", [*asked, ("@fields", "name,type")]):
                name = str(item.get("name") or f"file{item['id']}")
                found[str(item["id"])] = RemoteFile(str(item["id"]), name, files.type_of(name, item.get("type") or ""))
        return {message: [found[number] for number in some if number in found] for message, some in linked.items()}

    def _ref(self, number: str) -> RemoteRef:
        return RemoteRef(number, number, f"{self._url}/issue{number}")

    def _priority(self, priority: int) -> str:
        names = self._priorities
        return word_for(priority, {number: names[min(number, len(names)) - 1] for number in range(1, 6) if names})


def _word(linked: Mapping[str, Any] | None, name: str) -> str:
    return str((linked or {}).get(name) or "")


def _time(stamp: str) -> datetime:
    """Roundup separates day and time with a full stop, and answers in UTC."""
    return texts.utc(stamp.replace(".", "T", 1))

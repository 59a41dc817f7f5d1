"""Request Tracker 5 over its second REST interface.

Options: `queue` (needed), `ref_field`, `url_field`, `class_field` (custom fields, `url_field` and `class_field` may be
empty), `account` (our name there, needed with a password). Secrets: `token`, or `password`, and `push`.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote

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
from community.core.numbers import whole_number

from . import cursors, files, pushes, texts
from .asking import Line, basic
from .numbers import number_of
from .priorities import word_for
from .statuses import StatusMap

STATUSES = {
    "new": DeskStatus.NEW,
    "open": DeskStatus.IN_PROGRESS,
    "stalled": DeskStatus.WAITING_USER,
    "resolved": DeskStatus.RESOLVED,
    "rejected": DeskStatus.REJECTED,
    "deleted": DeskStatus.DELETED,
}
PRIORITIES = {1: 100, 2: 75, 3: 50, 4: 25, 5: 0}
LONGEST_SUBJECT = 200
PAGE = 100
OVERLAP = 50  # transactions may be committed in another order than they were numbered
SIZE = re.compile(r"(?mi)^Content-Length:\s*([0-9]+)")
SPOKEN = ("text/plain", "text/html")
# RT hides some transactions only after it cut the pages, so a page could be empty in the middle: these leave them out.
TOLD = "Type != 'EmailRecord' AND Type != 'CommentEmailRecord' AND Type != 'Comment'"


class RequestTracker:
    """A queue of a Request Tracker."""

    def __init__(self, settings: DeskSettings) -> None:
        options, self._secrets = settings.options, settings.secrets
        self._queue = options.get("queue", "")
        self._ref_field = options.get("ref_field", "") or "ExternalRef"
        self._url_field = options.get("url_field", "ThreadURL")
        self._class_field = options.get("class_field", "QueryType")
        self._account, self._known_as = options.get("account", ""), ""
        self._statuses = StatusMap(STATUSES, settings.statuses)
        self._url = settings.url.rstrip("/")
        token = self._secrets.get("token", "")
        key = f"token {token}" if token else basic(self._account, self._secrets.get("password", ""))
        self._line = Line(settings, {"Authorization": key})

    def capabilities(self) -> Capabilities:
        """Notes are possible too, where the account has the right to write them."""
        return Capabilities(
            private_comments=True,
            statuses=self._statuses.settable,
            push=bool(self._secrets.get("push")),
            priorities=True,
            files=True,
            file_limit=files.LARGEST,
        )

    def health(self) -> Health:
        """Also raises `DeskRefusedError` where the queue or the field for our reference is not there for us."""
        version = self._get("rt").get("Version", "")
        account = self._us()
        try:
            queue = self._get(f"queue/{quote(self._queue, safe='')}")
        except NotAtDeskError as error:
            raise DeskRefusedError(f"there is no queue {self._queue!r} for {account}") from error
        if self._ref_field not in [field.get("name") for field in queue.get("TicketCustomFields") or []]:
            raise DeskRefusedError(f"queue {self._queue!r} shows {account} no custom field {self._ref_field!r}")
        return Health(account, f"RT {version}")

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        """Asks RT's search, and takes only what has exactly this reference."""
        query = f"Queue = {_quoted(self._queue)} AND CF.{{{self._ref_field}}} = {_quoted(ref)}"
        asked = {"query": query, "orderby": "id", "order": "ASC", "fields": "CustomFields"}
        for item in self._pages("tickets", asked):
            if self._ref_of(item) == ref:
                return self._ref(item)
        return None

    def create(self, query: Outgoing) -> RemoteRef:
        """The custom fields must be those of the queue: RT makes the query without them and says nothing."""
        fields = {self._ref_field: query.ref, self._url_field: query.thread_url, self._class_field: query.query_class}
        made = self._post(
            "ticket",
            {
                "Queue": self._queue,
                "Subject": texts.one_line(query.title, LONGEST_SUBJECT),
                "Requestor": [query.requester.address],
                "Content": texts.opening(query),
                "ContentType": "text/plain",
                "Priority": PRIORITIES.get(query.priority, 0),
                "CustomFields": {name: value for name, value in fields.items() if name and value},
            },
        )
        number = str(made["id"]) if isinstance(made, dict) and made.get("id") else ""
        if not number:
            raise NotDoneError(f"RT made no query: {made}")
        seen = self._ticket(number)
        if self._ref_of(seen) != query.ref:
            raise NotDoneError(f"query {number} does not carry our reference in {self._ref_field}")
        return self._ref(seen)

    def get(self, remote_id: str) -> Snapshot:
        """A query that was merged into another one is `MERGED`."""
        answer = self._line.ask("GET", f"/REST/2.0/ticket/{number_of(remote_id)}")
        item: dict[str, Any] = self._line.read(answer)
        merged = str(item["id"]) != remote_id
        raw = str(item["Status"])
        owner = _name(item.get("Owner"))
        return Snapshot(
            ref=RemoteRef(remote_id, remote_id, self._page(remote_id)),
            our_ref=self._ref_of(item),
            status=DeskStatus.MERGED if merged else self._statuses.ours(raw),
            raw_status=raw,
            comments=() if merged else tuple(self._comments(remote_id)),
            assignee="" if owner == "Nobody" else owner,
            updated_at=texts.utc(item["LastUpdated"]),
            sequence=_sequence(answer.headers.get("etag", "")),
        )

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        """RT does not say which id a reply got, so the newest one with our key is looked for. Files go along."""
        verb = "correspond" if comment.public else "comment"
        words = {"Content": texts.spoken(comment), "ContentType": "text/plain"}
        self._ticket(remote_id)  # to write where there is nothing is "not allowed" rather than "not there"
        body = files.multipart([("JSON", json.dumps(words)), *(("Attachments", _kept(file)) for file in comment.files)])
        said = self._post(f"ticket/{remote_id}/{verb}", body if comment.files else words)
        kind = "Correspond" if comment.public else "Comment"
        for written in reversed(list(self._spoken(remote_id, kind))):
            text, kept = self._said(written["id"])
            if comment.key in text:
                files.must_hang(comment.files, kept)
                return str(written["id"])
        raise NotDoneError(f"RT said {said}, and the words are not there, or not for us to read")

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        """RT answers with success also where it refuses, so only what is read back counts."""
        word = self._statuses.theirs(status)
        path = f"ticket/{number_of(remote_id)}"
        if self._get(path)["Status"] == word:
            return
        said = self._line.json("PUT", f"/REST/2.0/{path}", body={"Status": word})
        if self._get(path)["Status"] != word:
            raise NotDoneError(f"RT said {said}, and the status is not {word}")

    def set_priority(self, remote_id: str, priority: int) -> None:
        """RT counts upwards; as with statuses, only what is read back counts."""
        wanted = word_for(priority, PRIORITIES)
        path = f"ticket/{number_of(remote_id)}"
        if _whole(self._get(path)["Priority"]) == wanted:
            return
        said = self._line.json("PUT", f"/REST/2.0/{path}", body={"Priority": wanted})
        if _whole(now := self._get(path)["Priority"]) != wanted:
            raise NotDoneError(f"RT said {said}, and the priority is {now}, not {wanted}")

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        """RT is asked what it hangs on, whatever the id says."""
        query = json.dumps([{"field": "id", "value": number_of(file_id)}])
        public = {str(item["id"]) for item in self._spoken(remote_id, "Correspond") if item["Type"] == "Correspond"}
        for part in self._pages("attachments", {"query": query, "fields": "Filename,TransactionId"}, all_shown=True):
            if str(part["id"]) == file_id and part.get("Filename") and _transaction(part) in public:
                return base64.b64decode(self._get(f"attachment/{file_id}")["Content"])
        raise NotAtDeskError(f"no public words of {remote_id} have a file {file_id}")

    def changes_since(self, cursor: str) -> Changes:
        """By the numbers of RT's transactions; a few are asked for again, because they may appear late."""
        if not cursor:
            newest = islice(self._transactions({"order": "DESC", "per_page": str(OVERLAP)}, 0), OVERLAP)
            return Changes((), _cursor([int(item["id"]) for item in newest], 0))
        before = cursors.unpack(cursor)
        last, seen = int(before["last"]), {int(number) for number in before["seen"]}
        items = list(self._transactions({"order": "ASC"}, max(0, last - OVERLAP)))
        fresh = [item for item in items if int(item["id"]) not in seen]
        ids = dict.fromkeys(str(item["ObjectId"]) for item in fresh if item["ObjectType"] == "RT::Ticket")
        return Changes(tuple(ids), _cursor([*seen, *(int(item["id"]) for item in items)], last))

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        """As the scrip in the documentation signs."""
        pushes.verify(self._secrets.get("push", ""), headers, body)

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The ticket that it names."""
        return pushes.ticket_of(body, "ticket")

    def _us(self) -> str:
        """Our name. A token of RT says whose it is by number."""
        parts = self._secrets.get("token", "").split("-")
        if len(parts) == 3 and parts[1].isdigit() and not self._known_as:
            self._known_as = str(self._get(f"user/{parts[1]}")["Name"])
        if not (self._known_as or self._account):
            raise DeskKeyError("the name of our account is missing")
        return self._known_as or self._account

    # --- asking ---

    def _get(self, path: str) -> Any:
        return self._line.json("GET", f"/REST/2.0/{path}")

    def _post(self, path: str, body: object) -> Any:
        return self._line.json("POST", f"/REST/2.0/{path}", body=body)

    def _ticket(self, number: str) -> dict[str, Any]:
        item: dict[str, Any] = self._get(f"ticket/{number_of(number)}")
        return item

    def _pages(self, path: str, asked: Mapping[str, str], *, all_shown: bool = False) -> Iterator[dict[str, Any]]:
        """RT neither tells everybody how many there are nor fills its pages where it hides something.

        So pages are asked for until one is empty, or is not full where nothing can be hidden.
        """
        number, full = 0, True
        while full:
            number += 1
            page = {"per_page": str(PAGE), **asked, "page": str(number)}
            items = self._line.json("GET", f"/REST/2.0/{path}", page)["items"]
            yield from items
            full = len(items) >= (PAGE if all_shown else 1)

    def _transactions(self, order: Mapping[str, str], after: int) -> Iterator[dict[str, Any]]:
        query = f"id > {after} AND TicketQueue = {_quoted(self._queue)} AND {TOLD}"
        return self._pages("transactions", {"query": query, "fields": "ObjectId,ObjectType", "orderby": "id", **order})

    def _spoken(self, number: str, kind: str) -> Iterator[dict[str, Any]]:
        """The transactions of one kind, oldest first."""
        query = f"ObjectType = 'RT::Ticket' AND ObjectId = {number_of(number)} AND Type = '{kind}'"
        asked = {"fields": "Type,Created,Creator", "fields[Creator]": "Name,RealName", "orderby": "id", "order": "ASC"}
        return self._pages("transactions", {"query": query, **asked}, all_shown=True)

    def _comments(self, number: str) -> Iterator[Comment]:
        us = self._us()
        for item in self._spoken(number, "Correspond"):
            text, kept = self._said(str(item["id"])) if item["Type"] == "Correspond" else ("", [])
            if words := files.words_for(text, kept):
                name, real = _name(item["Creator"]), item["Creator"].get("RealName")
                at = texts.utc(item["Created"])
                yield Comment(str(item["id"]), at, str(real or name), words, own=name == us, files=tuple(kept))

    def _said(self, transaction: str) -> tuple[str, list[RemoteFile]]:
        """The words of a transaction, which are the first part that is text and no file, and its files."""
        asked = {"fields": "ContentType,Filename,Headers"}
        parts = list(self._pages(f"transaction/{transaction}/attachments", asked, all_shown=True))
        words = [part for part in parts if part.get("ContentType") in SPOKEN and not part.get("Filename")]
        return self._text(words[0]) if words else "", [_file(part) for part in parts if part.get("Filename")]

    def _text(self, part: Mapping[str, Any]) -> str:
        content = self._get(f"attachment/{part['id']}")["Content"]  # in lists it is not encoded
        text = base64.b64decode(content).decode("utf-8", "replace")
        return texts.from_html(text) if part["ContentType"] == "text/html" else texts.clean(text)

    # --- reading ---

    def _ref_of(self, item: Mapping[str, Any]) -> str:
        fields = item.get("CustomFields") or []
        values = [value for field in fields if field.get("name") == self._ref_field for value in field["values"]]
        return str(values[0]) if values else ""

    def _ref(self, item: Mapping[str, Any]) -> RemoteRef:
        number = str(item["id"])
        return RemoteRef(number, number, self._page(number))

    def _page(self, number: str) -> str:
        return f"{self._url}/Ticket/Display.html?id={number}"


def _name(reference: Mapping[str, Any] | None) -> str:
    return str((reference or {}).get("Name") or (reference or {}).get("id") or "")


def _kept(file: OutgoingFile) -> OutgoingFile:
    """As RT keeps it unchanged: it rewrites text in other encodings, and takes mails apart."""
    kind = files.type_of(file.name, file.content_type)
    changed = not _is_utf8(file.content) if kind.startswith("text/") else kind.startswith(("message/", "multipart/"))
    return replace(file, content_type=files.UNKNOWN) if changed else file


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except ValueError:
        return False
    return True


def _file(part: Mapping[str, Any]) -> RemoteFile:
    name = str(part["Filename"])
    size = SIZE.search(part.get("Headers") or "")
    kind = files.type_of(name, part.get("ContentType") or "")
    return RemoteFile(str(part["id"]), name, kind, int(size[1]) if size else 0)


def _transaction(part: Mapping[str, Any]) -> str:
    """What an attachment hangs on; some answers give the number, some more."""
    told = part.get("TransactionId")
    return str(told.get("id") if isinstance(told, dict) else told)


def _whole(value: object) -> int | None:
    """A priority as RT answers: a number, or text with one."""
    text = str(value)
    number = whole_number(text.removeprefix("-"))
    return -number if number is not None and text.startswith("-") else number


def _quoted(text: str) -> str:
    """A string of RT's query language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _sequence(etag: str) -> int:
    """RT's ETag of a ticket is the number of its last transaction."""
    number = etag.removeprefix("W/").strip('"')
    return whole_number(number) or 0


def _cursor(numbers: list[int], last: int) -> str:
    newest = max(numbers, default=last)
    return cursors.pack(last=newest, seen=sorted({number for number in numbers if number > newest - OVERLAP}))

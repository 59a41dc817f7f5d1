"""django-helpdesk over its REST interface.

Options: `queue` (needed, a number), `user` (the number of our account; else it is taken from who opened a ticket),
`account` (our name), `ref_field`, `url_field`, `class_field` (custom fields; the last two may be empty),
`search_depth` (how many tickets back a reference is looked for). Secret: `password`.

The interface neither finds by reference nor tells when a ticket changed, and its pushes are not signed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bridge.desks.contract import (
    Capabilities,
    Changes,
    Comment,
    DeskBusyError,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    Health,
    NotAtDeskError,
    NotDoneError,
    Outgoing,
    OutgoingComment,
    OutgoingFile,
    PushRefusedError,
    RemoteFile,
    RemoteRef,
    Snapshot,
)

from . import cursors, files, texts
from .asking import BRIEFLY, Line, basic
from .numbers import number_of
from .priorities import word_for
from .statuses import StatusMap

OPEN, REOPENED, RESOLVED, CLOSED, DUPLICATE = "1", "2", "3", "4", "5"
WORKED_ON = "assigned"
HELD = "on_hold"
STATUSES = {
    REOPENED: DeskStatus.IN_PROGRESS,
    WORKED_ON: DeskStatus.IN_PROGRESS,
    HELD: DeskStatus.ON_HOLD,
    RESOLVED: DeskStatus.RESOLVED,
    CLOSED: DeskStatus.CLOSED,
    DUPLICATE: DeskStatus.MERGED,
    OPEN: DeskStatus.NEW,
}
PRIORITIES = {number: number for number in range(1, 6)}
LONGEST_TITLE = 200
DEPTH = 1000
PAGE = 100
# The desk renders every follow-up as a Django template, so that braces would run as code, vanish, or end in an error.
BRACES = re.compile(r"\{(?=[{%#])|(?<=%)\}")


class DjangoHelpdesk:
    """A queue of a django-helpdesk."""

    def __init__(self, settings: DeskSettings) -> None:
        options = settings.options
        self._queue = _whole(options, "queue", 0)
        self._user = _whole(options, "user", 0)
        self._depth = _whole(options, "search_depth", DEPTH)
        self._account = options.get("account", "")
        self._ref_field = "custom_" + (options.get("ref_field", "") or "external_ref")
        self._url_field = options.get("url_field", "thread_url")
        self._class_field = options.get("class_field", "query_type")
        self._statuses = StatusMap(STATUSES, settings.statuses)
        self._url = settings.url.rstrip("/")
        self._line = Line(settings, {"Authorization": basic(self._account, settings.secrets.get("password", ""))})

    def capabilities(self) -> Capabilities:
        """No push: what the desk sends is not signed. A ticket cannot be made new again, only reopened."""
        return Capabilities(
            private_comments=True,
            statuses=frozenset(
                status for status in self._statuses.settable if self._statuses.theirs(status) not in (OPEN, WORKED_ON)
            ),
            priorities=True,
            files=True,
            file_limit=files.LARGEST,
        )

    def health(self) -> Health:
        """Also raises `DeskRefusedError` where the field for our reference is missing or we may not make tickets."""
        described = self._line.json("OPTIONS", "/api/tickets/")
        fields = described.get("actions", {}).get("POST")
        if not fields:
            raise DeskRefusedError(f"{self._account} may not make tickets")
        if self._ref_field not in fields:
            raise DeskRefusedError(f"tickets have no field {self._ref_field}")
        self._page("followups", 1, size=1)
        return Health(self._account, "django-helpdesk")

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        """Looks through the newest tickets, as many as the option `search_depth` says."""
        found = None
        for looked, ticket in enumerate(self._newest_first("tickets")):
            if looked >= self._depth:
                break
            if ticket.get(self._ref_field) == ref:
                found = self._ref(str(ticket["id"]))
        return found

    def create(self, query: Outgoing) -> RemoteRef:
        """The desk may answer with an error and have made the ticket: search before trying again."""
        fields = {self._url_field: query.thread_url, self._class_field: query.query_class}
        ticket = self._line.json(
            "POST",
            "/api/tickets/",
            body={
                "queue": self._queue,
                "title": texts.one_line(query.title, LONGEST_TITLE),
                "description": texts.opening(query),
                "submitter_email": query.requester.address,
                "priority": query.priority,
                self._ref_field: query.ref,
                **{f"custom_{name}": value for name, value in fields.items() if name},
            },
        )
        number = str(ticket["id"])
        if self._ticket(number).get(self._ref_field) != query.ref:
            raise NotDoneError(f"ticket {number} does not carry our reference in {self._ref_field}")
        return self._ref(number)

    def get(self, remote_id: str) -> Snapshot:
        """A ticket that was merged into another one, or marked as a duplicate, is `MERGED`."""
        return self._snapshot(remote_id, self._ticket(remote_id))

    def _snapshot(self, remote_id: str, ticket: Mapping[str, Any]) -> Snapshot:
        raw = _raw(ticket)
        assigned = ticket.get("assigned_to")
        return Snapshot(
            ref=self._ref(remote_id),
            our_ref=str(ticket.get(self._ref_field) or ""),
            status=DeskStatus.MERGED if ticket.get("merged_to") else self._statuses.ours(raw),
            raw_status=raw,
            comments=tuple(self._comments(ticket)),
            assignee=f"#{assigned}" if assigned else "",
            updated_at=max((texts.utc(item["date"]) for item in ticket["followup_set"]), default=None),
        )

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        """Without a title, which would rename the ticket. Words with files stay private until all of them are there."""
        words = _as_template(texts.spoken(comment))
        user = {"user": self._user} if self._user else {}
        public = comment.public and not comment.files
        body = {"ticket": int(number_of(remote_id)), "comment": words, "public": public, **user}
        self._ticket(remote_id)
        number = str(self._line.json("POST", "/api/followups/", body=body)["id"])
        if comment.files:
            self._hang(remote_id, number, comment)
        item = self._followup(remote_id, number)
        if item is None or item["public"] is not comment.public or comment.key not in (item["comment"] or ""):
            raise NotDoneError(f"follow-up {number} is not in ticket {remote_id} as it was sent")
        files.must_hang(comment.files, _files(item))
        return number

    def _hang(self, remote_id: str, number: str, comment: OutgoingComment) -> None:
        """Hang the files on a follow-up that is still private; it goes again where the desk does not take them all."""
        try:
            for file in comment.files:
                self._upload(number, file)
            files.must_hang(comment.files, _files(self._followup(remote_id, number) or {}))
        except (DeskRefusedError, NotDoneError):
            self._line.ask("DELETE", f"/api/followups/{number}/")
            raise
        if comment.public:
            self._line.json("PATCH", f"/api/followups/{number}/", body={"public": True})

    def _upload(self, number: str, file: OutgoingFile) -> None:
        kind = files.type_of(file.name, file.content_type)
        described = [("followup", number), ("filename", files.name_of(file)), ("mime_type", kind)]
        body = files.multipart([*described, ("size", str(len(file.content))), ("file", file)])
        self._line.ask("POST", "/api/followups-attachments/", body=body)

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        """Holding a ticket is a mark of its own beside the status; every other status takes it away."""
        if status not in self.capabilities().statuses:
            raise DeskRefusedError(f"this desk has no status for {status}")
        word = self._statuses.theirs(status)
        change: dict[str, object] = {"on_hold": True} if word == HELD else {"status": word, "on_hold": False}
        if word == HELD and _raw(self._ticket(remote_id)) in (RESOLVED, CLOSED, DUPLICATE):
            change["status"] = REOPENED
        self._line.json("PATCH", f"/api/tickets/{number_of(remote_id)}/", body=change)
        now = _raw(self._ticket(remote_id))
        if now != word:
            raise NotDoneError(f"the status is {now}, not {word}")

    def set_priority(self, remote_id: str, priority: int) -> None:
        """The desk counts as we do."""
        wanted = word_for(priority, PRIORITIES)
        self._line.json("PATCH", f"/api/tickets/{number_of(remote_id)}/", body={"priority": wanted})
        now = self._ticket(remote_id)["priority"]
        if now != wanted:
            raise NotDoneError(f"the priority is {now}, not {wanted}")

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        """From the address that the desk tells, which must be its own; many serve files without asking who comes."""
        ticket = self._ticket(remote_id)
        file = files.hanging(self._snapshot(remote_id, ticket), file_id)
        told = [part for item in ticket["followup_set"] for part in item.get("followupattachment_set") or []]
        address = next(str(part["file"]) for part in told if str(part["id"]) == file.id)
        return self._line.ask("GET", address).body

    def changes_since(self, cursor: str) -> Changes:
        """Compares the open tickets of ours with how they were, and takes new follow-ups of all others.

        A change of a closed ticket without a follow-up stays unseen until the ticket is asked for.
        """
        before: dict[str, Any] = cursors.unpack(cursor) if cursor else {"last": -1, "open": {}}
        fresh = list(self._followups_after(int(before["last"]))) if cursor else self._latest_followup()
        now = {str(ticket["id"]): self._mark(ticket) for ticket in self._open_tickets()}
        known = before["open"]
        ids = [number for number in {**known, **now} if known.get(number) != now.get(number)]
        ids += [str(item["ticket"]) for item in fresh if str(item["ticket"]) not in now]
        last = max((int(item["id"]) for item in fresh), default=max(0, int(before["last"])))
        return Changes(tuple(dict.fromkeys(ids)) if cursor else (), cursors.pack(last=last, open=now))

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        """Always refused: the desk does not sign."""
        raise PushRefusedError("django-helpdesk does not sign what it pushes")

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """Always refused, as no push can be verified."""
        raise PushRefusedError("django-helpdesk does not sign what it pushes")

    # --- asking ---

    def _ticket(self, number: str) -> dict[str, Any]:
        ticket: dict[str, Any] = self._line.json("GET", f"/api/tickets/{number_of(number)}/")
        return ticket

    def _followup(self, number: str, wanted: str) -> dict[str, Any] | None:
        items: list[dict[str, Any]] = self._ticket(number)["followup_set"]
        return next((item for item in items if str(item["id"]) == wanted), None)

    def _page(self, kind: str, number: int, *, size: int = 0, **chosen: str) -> dict[str, Any]:
        asked = {"page": str(number), "page_size": str(size or PAGE), **chosen}
        try:
            page: dict[str, Any] = self._line.json("GET", f"/api/{kind}/", asked)
        except NotAtDeskError as error:
            raise DeskBusyError(f"page {number} of the {kind} went away: {error}", BRIEFLY) from error
        return page

    def _newest_first(self, kind: str) -> Iterator[dict[str, Any]]:
        """The desk lists oldest first, so pages are asked for from the last one, which may have got a successor."""
        number = max(1, -(-int(self._page(kind, 1, size=1)["count"]) // PAGE))
        page = self._page(kind, number)
        while page.get("next"):
            number += 1
            page = self._page(kind, number)
        while True:
            yield from reversed(page["results"])
            number -= 1
            if not number:
                return
            page = self._page(kind, number)

    def _latest_followup(self) -> list[dict[str, Any]]:
        return [item for _, item in zip(range(PAGE), self._newest_first("followups"), strict=False)]

    def _followups_after(self, last: int) -> Iterator[dict[str, Any]]:
        """In the order of time, which is not quite that of numbers: stops where a whole page is known."""
        known = 0
        for item in self._newest_first("followups"):
            known = 0 if int(item["id"]) > last else known + 1
            if not known:
                yield item
            elif known >= PAGE:
                return

    def _open_tickets(self) -> Iterator[dict[str, Any]]:
        """Those that carry a reference, of which most are ours."""
        number, more = 1, True
        while more:
            page = self._page("tickets", number, status=f"{OPEN},{REOPENED}")
            yield from (ticket for ticket in page["results"] if ticket.get(self._ref_field))
            number, more = number + 1, bool(page.get("next"))

    # --- reading ---

    def _comments(self, ticket: Mapping[str, Any]) -> Iterator[Comment]:
        """Only what is marked as public, in the order of time; the follow-up that repeats the description is none."""
        items = sorted(ticket["followup_set"], key=lambda item: (texts.utc(item["date"]), item["id"]))
        us = self._user or _opener(items, ours=bool(ticket.get(self._ref_field)))
        for place, item in enumerate(items):
            text = texts.clean(item.get("comment") or "")
            opening = place == 0 and text == texts.clean(ticket.get("description") or "")
            kept = _files(item) if item.get("public") is True and not opening else ()
            words = files.words_for(text, kept)
            if item.get("public") is True and words and not opening:
                author = f"#{item['user']}" if item.get("user") else ""
                own = bool(us) and item.get("user") == us
                yield Comment(str(item["id"]), texts.utc(item["date"]), author, words, own=own, files=kept)

    def _mark(self, ticket: Mapping[str, Any]) -> str:
        said = [(item["id"], item["public"], item["comment"], _files(item)) for item in ticket["followup_set"]]
        return cursors.digest(_raw(ticket), ticket.get("assigned_to"), ticket.get("merged_to"), said)

    def _ref(self, number: str) -> RemoteRef:
        return RemoteRef(number, number, f"{self._url}/tickets/{number}/")


def _files(item: Mapping[str, Any]) -> tuple[RemoteFile, ...]:
    """What hangs on a follow-up."""
    return tuple(
        RemoteFile(
            str(part["id"]),
            str(part["filename"]),
            files.type_of(str(part["filename"]), part.get("mime_type") or ""),
            int(part.get("size") or 0),
        )
        for part in sorted(item.get("followupattachment_set") or [], key=lambda part: int(part["id"]))
    )


def _raw(ticket: Mapping[str, Any]) -> str:
    """One word for the status, the hold and whether somebody works on it."""
    status = str(ticket["status"])
    if status in (OPEN, REOPENED) and ticket.get("on_hold"):
        return HELD
    return WORKED_ON if status == OPEN and ticket.get("assigned_to") else status


def _opener(items: Iterable[Mapping[str, Any]], *, ours: bool) -> int:
    """Who opened the ticket, if it is one of ours."""
    first = next(iter(items), None)
    return int(first["user"] or 0) if ours and first else 0


def _as_template(text: str) -> str:
    """Text that comes out unchanged when Django renders it as a template."""
    return BRACES.sub(lambda brace: '{{ "' + brace.group() + '" }}', text)


def _whole(options: Mapping[str, str], name: str, usual: int) -> int:
    """Raises `DeskRefusedError` where the option is no number."""
    entered = options.get(name, "").strip()
    if entered and not (entered.isascii() and entered.isdigit()):
        raise DeskRefusedError(f"{name} is a number, not {entered!r}")
    return int(entered) if entered else usual

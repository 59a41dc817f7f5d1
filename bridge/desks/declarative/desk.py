"""A desk that a file describes, as the bridge sees every desk."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bridge.desks.connectors.files import LARGEST, must_hang
from bridge.desks.connectors.texts import one_line, opening, spoken
from bridge.desks.contract import (
    Capabilities,
    Changes,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    Health,
    NotAtDeskError,
    NotDoneError,
    Outgoing,
    OutgoingComment,
    RemoteRef,
    Snapshot,
)
from community.core.markup.renderer import render

from . import files, push
from .changes import changes_since
from .description import Description, shipped
from .paging import pages
from .paths import read_path
from .reading import Entry, Reader, as_comment, text_at
from .templates import Values, written
from .wire import Wire

LONGEST_TITLE = 200
PRIORITIES = range(1, 6)
PREFIX = "file:"
GONE = frozenset({DeskStatus.MERGED, DeskStatus.DELETED})
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]*")


class DeclarativeDesk:
    """Speaks to a desk as its file says. Implements `bridge.desks.contract.Desk`."""

    def __init__(self, description: Description, settings: DeskSettings) -> None:
        """Raises `DeskRefusedError` where secrets or options lack, or a status that was entered is none of ours."""
        wrong = sorted(set(settings.statuses.values()) - set(DeskStatus))
        if wrong:
            raise DeskRefusedError(f"no such status: {', '.join(wrong)}")
        self.wire = Wire(description, settings)
        self.description = description = self.wire.description
        self._reader = Reader(description, self.wire.values, settings.statuses)
        self._account = ""
        self._push_secret = settings.secrets.get(description.part("push").get("secret", ""), "")
        self._written = self._words_to_write(settings.statuses)

    def _words_to_write(self, entered: Mapping[str, str]) -> dict[str, str]:
        """The words that were entered, where the file writes the words that it reads, and not names of transitions."""
        part = self.description.part("status")
        read = {*part["read"], *(rule["word"] for rule in part.get("rules", []) if "word" in rule)}
        if not all(written(word) in read for word in part.get("write", {}).values()):
            return {}
        return (
            {status: word for word, status in reversed([*entered.items()])} if self.description.steps("status") else {}
        )

    def capabilities(self) -> Capabilities:
        """What the file describes."""
        part = self.description.part
        chains = [part("status").get("write", {}), *part("status").get("from", {}).values(), self._written]
        return Capabilities(
            private_comments=bool(part("note")),
            statuses=frozenset(DeskStatus(status) for chain in chains for status in chain) - GONE,
            push=bool(part("push")) and bool(self._push_secret),
            comment_limit=part("desk").get("comment_limit", 0),
            priorities=bool(part("priority")),
            files=bool(part("files")),
            file_limit=part("files").get("limit", LARGEST) if part("files") else 0,
        )

    def health(self) -> Health:
        """Who the desk says we are."""
        part = self.description.part("health")
        document, values = self.wire.step(part, self.wire.values)
        if "account_is" in part:
            account = values.text(part["account_is"])
        else:
            account = text_at(read_path(part["account"]), document)
        if not account:
            raise DeskKeyError(f"the desk answers and does not say who we are: nothing at “{part['account']}”")
        self._account = account
        for check in part.get("checks", []):
            self.wire.step(check, self.wire.values)
        return Health(account, text_at(self.description.path("health", "version"), document))

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        """The oldest query with exactly our reference."""
        part, found = self.description.part("find"), None
        for remote_id in self._with_ref(part, ref):
            found = remote_id
            if not part.get("newest_first"):
                break
        if found is None:
            return None
        document, values = self._ticket(found)
        return self._reader.ref(found, document, values)

    def _with_ref(self, part: Mapping[str, Any], ref: str) -> Iterator[str]:
        for entries, _reply in pages(self.wire, part, self.wire.values.also(ref=ref)):
            for entry in entries:
                remote_id = text_at(read_path(part["id"]), entry)
                carried = self._carried(part, entry, remote_id) if remote_id else ""
                if carried == ref:
                    yield remote_id

    def _carried(self, part: Mapping[str, Any], entry: object, remote_id: str) -> str:
        if "ref" in part:
            return self._reader.our_ref(entry, read_path(part["ref"]))
        return self._reader.our_ref(self._ticket(remote_id)[0])

    def create(self, query: Outgoing) -> RemoteRef:
        """Send the query, and read it back."""
        limit = self.description.part("desk").get("title_limit", LONGEST_TITLE)
        values = self.wire.values.also(
            ref=query.ref,
            title=one_line(query.title, limit),
            text=self._formed(opening(query)),
            impact=query.impact,
            urgency=query.urgency,
            priority=query.priority,
            requester_name=query.requester.name,
            requester_address=query.requester.address,
            thread_url=query.thread_url,
            people=query.people,
            tags=list(query.tags),
            **{"class": query.query_class},
        )
        _document, values = self.wire.steps(self.description.steps("create"), values)
        remote_id = written(values.known["id"])
        ticket, values = self._ticket(remote_id)
        if (carried := self._reader.our_ref(ticket)) != query.ref:
            words = f"carries “{carried}” instead of our reference {query.ref}"
            raise NotDoneError(f"query {remote_id} was made and {words}")
        return self._reader.ref(remote_id, ticket, values)

    def get(self, remote_id: str) -> Snapshot:
        """The query with its public comments."""
        document, values = self._ticket(remote_id)
        public = [one for one in self.entries(document, values) if one.public and (one.text or one.files)]
        return self._reader.ticket(remote_id, document, values, tuple(as_comment(one) for one in public))

    def _ticket(self, remote_id: str) -> tuple[Any, Values]:
        if not ID.fullmatch(remote_id):
            raise NotAtDeskError(f"“{remote_id}” is no id of a query")
        document, values = self.wire.step(self.description.part("ticket"), self.wire.values.also(id=remote_id))
        item = self.description.path("ticket", "item")
        document = item.one(document) if item else document
        if not isinstance(document, dict):
            raise NotAtDeskError(f"the desk's answer holds no query {remote_id}")
        number = text_at(self.description.path("ticket", "number"), document) or remote_id
        return document, values.also(number=number)

    def entries(self, ticket: object, values: Values) -> list[Entry]:
        """Everything said at the query, private words too: for checks, never for people."""
        part = self.description.part("comments")
        if "own" in part:
            values = values.also(account=self._account or self.health().account)
        if part.get("needs") and not values.known[part["needs"]]:
            return []
        if "path" in part:
            found = [entry for entries, _reply in pages(self.wire, part, values) for entry in entries]
        else:
            found = read_path(part["items"]).all(ticket)
        read = [self._reader.entry(entry, values) for entry in found]
        read = read[::-1] if part.get("newest_first") else read
        return read[1:] if part.get("opening") and read and self._opens(read[0], ticket) else read

    def _opens(self, entry: Entry, ticket: object) -> bool:
        """Whether an entry repeats the text that the query was made with: that holds our reference."""
        return bool(ref := self._reader.our_ref(ticket)) and _has(entry, ref)

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        """Send the words, and look for them at the desk, where they must be as public as they were meant."""
        if not comment.public:
            return self._note(remote_id, comment)
        steps = self.description.steps("reply")
        if comment.files:
            steps = self._steps_with_files() or steps
        self._ticket(remote_id)
        files.send(self.wire, steps, self._words(remote_id, comment), comment.files)
        found = self._spoken(remote_id, comment)
        must_hang(comment.files, found.files)
        return found.id

    def _steps_with_files(self) -> list[Mapping[str, Any]]:
        if not self.description.part("files"):
            raise DeskRefusedError(f"{self.description.name} takes no files from us")
        return self.description.steps("files.reply")

    def _note(self, remote_id: str, comment: OutgoingComment) -> str:
        steps = self.description.steps("note")
        if not steps or comment.files:
            what = "files in internal notes" if steps else "internal notes"
            raise DeskRefusedError(f"{self.description.name} takes no {what} from us")
        self._ticket(remote_id)
        _document, values = self.wire.steps(steps, self._words(remote_id, comment))
        if not self.description.part("note").get("seen", True):
            return written(values.known.get("comment_id", comment.key))
        return self._spoken(remote_id, comment).id

    def _words(self, remote_id: str, comment: OutgoingComment) -> Values:
        return self.wire.values.also(id=remote_id, key=comment.key, text=self._formed(spoken(comment)))

    def _spoken(self, remote_id: str, comment: OutgoingComment) -> Entry:
        """Our words as they are at the desk now."""
        found = [entry for entry in self.entries(*self._ticket(remote_id)) if _has(entry, comment.key)]
        if not found:
            raise NotDoneError(f"the words {comment.key} are not at query {remote_id}")
        if found[-1].public != comment.public:
            meant = ("public", "private") if comment.public else ("private", "public")
            raise NotDoneError(f"the words {comment.key} should be {meant[0]} at query {remote_id} and are {meant[1]}")
        return found[-1]

    def set_priority(self, remote_id: str, priority: int) -> None:
        """Send the desk's word, and read it back."""
        part, path = self.description.part("priority"), self.description.path("ticket", "priority")
        if not part or path is None or priority not in PRIORITIES:
            raise DeskRefusedError(f"{self.description.name} does not take the priority {priority} from us")
        values = self.wire.values.also(id=remote_id, priority=priority)
        wanted = values.text(part["value"])
        if text_at(path, self._ticket(remote_id)[0]) == wanted:
            return
        self.wire.steps(self.description.steps("priority"), values)
        if (now := text_at(path, self._ticket(remote_id)[0])) != wanted:
            raise NotDoneError(f"the priority of query {remote_id} should be “{wanted}” and is “{now}”")

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        """Only what hangs on public words of this very query, whatever the id says."""
        for entry in self.entries(*self._ticket(remote_id)):
            if entry.public and file_id in entry.addresses:
                named = self.wire.values.also(id=remote_id, file_id=file_id, file_address=entry.addresses[file_id])
                return files.fetch(self.wire, self.description, named)
        raise NotAtDeskError(f"no public words of query {remote_id} have a file {file_id[:80]!r}")

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        """Go to the status, over others where the file says so, and read it back."""
        now = self.get(remote_id)
        part = self.description.part("status")
        ways = {**part.get("write", {}), **part.get("from", {}).get(now.raw_status, {}), **self._written}
        if status not in ways or status in GONE:
            raise DeskRefusedError(f"{self.description.name} does not take the status “{status}” from us")
        if now.status == status:
            return
        steps = [step for step in self.description.steps("status") if status in step.get("for", (status,))]
        for word in ways[status] if isinstance(ways[status], list) else [ways[status]]:
            values = self.wire.values.also(id=remote_id, status=word, wanted=status.value, now=now.raw_status)
            self.wire.steps(steps, values)
        if (after := self.get(remote_id)).status != status:
            raise NotDoneError(f"the status of query {remote_id} should be “{status}” and is “{after.raw_status}”")

    def changes_since(self, cursor: str) -> Changes:
        """Queries in the desk's list of changes that are not older than the cursor, with some overlap."""
        return changes_since(self.wire, self._reader, cursor)

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises `PushRefusedError` unless the desk signed it. One seen before only makes us read again."""
        push.verify(self.description, self._push_secret, headers, body)

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The ids in the push."""
        return push.ids(self.description, body)

    def _formed(self, text: str) -> str:
        return render(text).html if self.description.part("desk").get("text") == "html" else text


def connect(description: Description, settings: DeskSettings) -> DeclarativeDesk:
    """The desk that a file describes, with what an administrator entered. Raises `DeskRefusedError`."""
    return DeclarativeDesk(description, settings)


def _has(entry: Entry, key: str) -> bool:
    return key in entry.text or key in entry.text.replace("\\", "")


def connect_shipped(settings: DeskSettings) -> DeclarativeDesk:
    """The desk of a kind such as `file:roundup`, whose file comes with the program. Raises `DeskRefusedError`."""
    known = shipped()
    name = settings.kind.removeprefix(PREFIX)
    if name not in known:
        raise DeskRefusedError(f"no desk file is called {name}: there are {', '.join(known)}")
    return connect(known[name], settings)

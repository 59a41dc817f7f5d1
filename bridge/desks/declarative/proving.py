"""A desk file put to the test against the live desk, step by step."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bridge.desks.contract import (
    DeskError,
    DeskKeyError,
    DeskSettings,
    DeskStatus,
    NotDoneError,
    Outgoing,
    OutgoingComment,
    OutgoingFile,
    RemoteRef,
    Requester,
)

from .description import Description
from .desk import DeclarativeDesk, connect

ENDS = (DeskStatus.REJECTED, DeskStatus.CLOSED, DeskStatus.RESOLVED)
THREAD = "https://community.example/threads/1"


@dataclass(frozen=True)
class Step:
    """One thing that was tried. `ok` is None where it could not be: the file or the desk has no such thing."""

    name: str
    ok: bool | None
    words: str


class _Failed(Exception):  # noqa: N818 - says what happened
    """The desk did something else than expected."""


class Proof:
    """The steps against one desk. They make one query there, which is closed at the end where the file can."""

    def __init__(self, description: Description, settings: DeskSettings, address: str) -> None:
        """`address` is the requester's: the desk may write to it."""
        self._description, self._settings, self._address = description, settings, address
        self.desk: DeclarativeDesk = connect(description, settings)
        self.ref = f"proof:{uuid.uuid4()}"
        self._made = RemoteRef("", "")
        self._cursor = ""
        self._kept: dict[str, str] = {}

    def steps(self) -> Iterator[Step]:
        """Try everything, one step after the other; without a query there is no more to try."""
        yield self._tried("who we are", self._health)
        yield self._tried("a wrong key is refused", self._wrong_key)
        yield self._tried("the cursor begins", self._begins)
        yield self._tried("an unknown reference is not found", self._unknown)
        created = self._tried("a query is created", self._create)
        yield created
        if created.ok:
            yield from self._with_query()

    def _with_query(self) -> Iterator[Step]:
        yield self._tried("it is found by its reference", self._find)
        yield self._tried("it is read back", self._read)
        yield self._tried("a second hand-over would find it", self._again)
        yield self._tried("a public comment comes back as ours", self._public)
        can_note = self.desk.capabilities().private_comments
        nothing = Step(
            "a private comment is taken", None, "the file has no [note]: write one at the desk by hand and look"
        )
        yield self._tried("a private comment is taken", self._private) if can_note else nothing
        yield (
            self._tried("private words do not come back", self._leak)
            if can_note
            else replace(nothing, name="private words do not come back")
        )
        yield from self._more()
        for status in sorted(self.desk.capabilities().statuses - set(ENDS)) + sorted(
            self.desk.capabilities().statuses & set(ENDS), key=lambda one: one is DeskStatus.CLOSED
        ):
            yield self._tried(f"the status becomes “{status}”", lambda wanted=status: self._status(wanted))  # type: ignore[misc]
        yield self._tried("the cursor sees the changes", self._changes)
        yield self._tried("the desk is left tidy", self._tidy)

    def _more(self) -> Iterator[Step]:
        """What a file need not describe."""
        can = self.desk.capabilities()
        for name, part, there, action in (
            ("a file comes back whole", "files", can.files, self._file),
            ("the priority is set", "priority", can.priorities, self._priority),
        ):
            yield self._tried(name, action) if there else Step(name, None, f"the file has no [{part}]")

    def _tried(self, name: str, action: Callable[[], str]) -> Step:
        try:
            return Step(name, True, self.desk.wire.hide(action()))
        except (DeskError, _Failed) as error:
            return Step(name, False, self.desk.wire.hide(str(error)))

    def _health(self) -> str:
        health = self.desk.health()
        return f"{health.account} {health.version}".strip()

    def _wrong_key(self) -> str:
        wrong = {name: f"{value[::-1]}x" for name, value in self._settings.secrets.items()}
        try:
            connect(self._description, replace(self._settings, secrets=wrong)).health()
        except DeskKeyError as error:
            return str(error)
        except DeskError as error:
            raise _Failed(f"refused, but not as a wrong key; see answers.key and answers.key_when: {error}") from error
        raise _Failed("it was taken: the health call must be one that nobody may make without a key")

    def _begins(self) -> str:
        begun = self.desk.changes_since("")
        self._cursor = begun.cursor
        return begun.cursor[:80]

    def _unknown(self) -> str:
        if (found := self.desk.find_by_ref(self.ref)) is not None:
            raise _Failed(f"found query {found.number} under a reference that nobody has")
        return "nothing found"

    def _create(self) -> str:
        text = f"A test of the connection. It **may be deleted**.\n\n* one\n* two\n\n{THREAD}"
        requester = Requester("Connection test", self._address)
        query = Outgoing(self.ref, "Connection test äé中", text, "incident", 2, 2, 3, requester, THREAD)
        self._made = self.desk.create(query)
        return f"number {self._made.number}, id {self._made.id} {self._made.url}".strip()

    def _find(self) -> str:
        found = self.desk.find_by_ref(self.ref)
        if found != self._made:
            raise _Failed(f"found {found} instead of {self._made}; does a search need time until it knows a new query?")
        return f"number {found.number}"

    def _read(self) -> str:
        seen = self.desk.get(self._made.id)
        if seen.comments:
            raise _Failed(f"the first words came back as a comment, see comments.opening: {seen.comments[0].text[:80]}")
        at = (
            "no time, see ticket.updated"
            if seen.updated_at is None
            else f"changed {seen.updated_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        return f"status “{seen.raw_status}”, which is “{seen.status}”; {at}"

    def _again(self) -> str:
        if self.desk.find_by_ref(self.ref[:-1]) is not None or self.desk.find_by_ref(f"{self.ref}0") is not None:
            raise _Failed("a part of the reference was enough, or more than all of it: say find.ref")
        return self._find()

    def _say(self, public: bool) -> str:
        key = f"proof-{uuid.uuid4()}"
        self._kept["public" if public else "private"] = key
        return self.desk.add_comment(self._made.id, OutgoingComment(key, f"Words of a test ä中 < & >\n\n{key}", public))

    def _public(self) -> str:
        number = self._say(public=True)
        said = [one for one in self.desk.get(self._made.id).comments if one.id == number]
        if not said:
            raise _Failed(f"comment {number} was made and is not among the public ones, see comments.public")
        own = "ours" if said[0].own else "not recognised as ours, see comments.own"
        if not said[0].own:
            raise _Failed(f"comment {number} by {said[0].author} is {own}")
        return f"comment {number} by {said[0].author} at {said[0].at:%Y-%m-%d %H:%M:%S} UTC, {own}"

    def _private(self) -> str:
        return f"comment {self._say(public=False)}"

    def _leak(self) -> str:
        if self._kept["private"] in repr(self.desk.get(self._made.id)):
            raise _Failed("PRIVATE WORDS CAME BACK AS PUBLIC: see comments.public before anything else")
        return "none came back"

    def _file(self) -> str:
        key, content = f"proof-{uuid.uuid4()}", bytes(range(256)) * 4
        sent = OutgoingFile("test ä中.txt", "text/plain", content)
        number = self.desk.add_comment(self._made.id, OutgoingComment(key, f"A file\n\n{key}", files=(sent,)))
        kept = [file for one in self.desk.get(self._made.id).comments if one.id == number for file in one.files]
        if [file.name for file in kept] != [sent.name]:
            raise _Failed(f"comment {number} has these files instead of one, see files.items: {kept}")
        if self.desk.fetch_file(self._made.id, kept[0].id) != content:
            raise _Failed(f"file {kept[0].id} is not what was sent, see files.fetch.content")
        return f"“{kept[0].name}” ({kept[0].content_type}), {len(content)} bytes"

    def _priority(self) -> str:
        for priority in (1, 3):
            self.desk.set_priority(self._made.id, priority)
        return "set to 1, and back to 3"

    def _status(self, status: DeskStatus) -> str:
        self.desk.set_status(self._made.id, status)
        return f"“{self.desk.get(self._made.id).raw_status}” at the desk"

    def _changes(self) -> str:
        seen = self.desk.changes_since(self._cursor)
        if self._made.id not in seen.ids:
            raise _Failed(
                f"query {self._made.id} was changed and is not in the list, see [changes] and times.zone: {seen.ids}"
            )
        self._say(public=True)
        if self._made.id not in self.desk.changes_since(seen.cursor).ids:
            raise _Failed("a second change at once was missed: let the list of changes give more fields of a query")
        return f"{len(seen.ids)} seen, and a further change too"

    def _tidy(self) -> str:
        if (now := self.desk.get(self._made.id).status) in ENDS:
            return f"number {self._made.number} is “{now}” and may be deleted"
        able = [status for status in ENDS if status in self.desk.capabilities().statuses]
        if not able:
            raise _Failed(f"the file can end no query: close number {self._made.number} by hand")
        try:
            self.desk.set_status(self._made.id, able[0])
        except NotDoneError as error:
            raise _Failed(f"close number {self._made.number} by hand: {error}") from error
        return f"number {self._made.number} is “{able[0]}” and may be deleted"

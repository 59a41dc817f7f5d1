"""A desk on paper: what a service desk does, in memory, with every way of failing that real ones have shown."""

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge.desks.contract import (
    Capabilities,
    Changes,
    Comment,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    Health,
    NotAtDeskError,
    Outgoing,
    OutgoingComment,
    OutgoingFile,
    PushRefusedError,
    RemoteFile,
    RemoteRef,
    Snapshot,
)
from community.core.db import utcnow


@dataclass
class Sheet:
    """One query on paper; `private` words and their files are there and never leave. `taken` came with words."""

    ref: RemoteRef
    outgoing: Outgoing
    status: DeskStatus = DeskStatus.NEW
    comments: list[Comment] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    taken: list[OutgoingFile] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    priorities: list[int] = field(default_factory=list)
    sequence: int = 1


@dataclass
class Paper:
    """All that the desk holds, and how it fails: `trouble` is asked before and after each act, and may raise."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    trouble: Callable[[str], None] = lambda _moment: None
    numbers: int = 0
    refused: str = ""
    files: bool = True
    file_limit: int = 0
    priorities: bool = True

    def act(self, name: str) -> None:
        """Something is about to happen, or has just happened."""
        self.log.append(name)
        self.trouble(name)
        if name == self.refused:
            raise DeskRefusedError("the desk will not have it")

    def agent(
        self,
        remote_id: str,
        *,
        says: str = "",
        notes: str = "",
        status: DeskStatus | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Somebody at the desk does something; the files hang on the words, or on the note."""
        sheet = self.sheets[remote_id]
        sheet.sequence += 1
        hung = tuple(self._hang(sheet, name, data) for name, data in (files or {}).items())
        if says:
            self.numbers += 1
            sheet.comments.append(Comment(f"c{self.numbers}", utcnow(), "Rosa", says, files=hung))
        if notes:
            sheet.private.append(notes)
        if status:
            sheet.status = status
        self.changed.append(remote_id)

    def _hang(self, sheet: Sheet, name: str, data: bytes) -> RemoteFile:
        self.numbers += 1
        sheet.contents[f"f{self.numbers}"] = data
        return RemoteFile(f"f{self.numbers}", name, mimetypes.guess_type(name)[0] or "", len(data))


@dataclass
class PaperDesk:
    """The connector of the desk on paper."""

    settings: DeskSettings
    paper: Paper

    def capabilities(self) -> Capabilities:
        return Capabilities(
            statuses=frozenset(DeskStatus),
            push=True,
            priorities=self.paper.priorities,
            files=self.paper.files,
            file_limit=self.paper.file_limit,
        )

    def health(self) -> Health:
        self.paper.act("health")
        return Health("bridge")

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        self.paper.act("find")
        return next((sheet.ref for sheet in self.paper.sheets.values() if sheet.outgoing.ref == ref), None)

    def create(self, query: Outgoing) -> RemoteRef:
        self.paper.act("create")
        number = str(len(self.paper.sheets) + 1)
        made = RemoteRef(number, f"#{number}")
        self.paper.sheets[number] = Sheet(made, query)
        self.paper.act("created")
        return made

    def get(self, remote_id: str) -> Snapshot:
        self.paper.act("get")
        sheet = self._sheet(remote_id)
        return Snapshot(
            sheet.ref, sheet.outgoing.ref, sheet.status, sheet.status, tuple(sheet.comments), sequence=sheet.sequence
        )

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        self.paper.act("files" if comment.files else "comment")
        sheet = self._sheet(remote_id)
        sheet.taken += comment.files
        self.paper.numbers += 1
        made = Comment(f"c{self.paper.numbers}", utcnow(), "bridge", comment.text, own=True)
        sheet.comments.append(made)
        sheet.sequence += 1
        self.paper.act("commented")
        return made.id

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        self.paper.act("status")
        sheet = self._sheet(remote_id)
        sheet.status, sheet.sequence = status, sheet.sequence + 1

    def set_priority(self, remote_id: str, priority: int) -> None:
        self.paper.act("priority")
        sheet = self._sheet(remote_id)
        sheet.priorities.append(priority)
        sheet.sequence += 1

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        self.paper.act("fetch")
        sheet = self._sheet(remote_id)
        if file_id not in {file.id for comment in sheet.comments for file in comment.files}:
            raise NotAtDeskError("no such file, or not one for everybody")
        self.paper.act("fetched")
        return sheet.contents[file_id]

    def changes_since(self, cursor: str) -> Changes:
        self.paper.act("changes")
        begin = int(cursor or len(self.paper.changed))
        return Changes(tuple(dict.fromkeys(self.paper.changed[begin:])), str(len(self.paper.changed)))

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        if headers.get("x-sign") != self.settings.secrets["push"]:
            raise PushRefusedError("wrong sign")

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        return (body.decode(),)

    def _sheet(self, remote_id: str) -> Sheet:
        if remote_id not in self.paper.sheets:
            raise NotAtDeskError("no such sheet")
        return self.paper.sheets[remote_id]

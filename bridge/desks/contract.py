"""What the bridge asks of a service desk, in our own words. Every connector speaks to its desk behind this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol


class DeskStatus(StrEnum):
    """How a query stands at a desk, whatever the desk calls it."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING_USER = "waiting_user"
    WAITING_DESK = "waiting_desk"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"
    DELETED = "deleted"


@dataclass(frozen=True)
class Capabilities:
    """What a desk can do; the bridge and its pages offer nothing else.

    `statuses` are those that `set_status` takes. `comment_limit` is in characters, `file_limit` in bytes for one file;
    0 stands for none. `priorities` says that `set_priority` works, `files` that files cross in both directions.
    """

    find: bool = True
    read: bool = True
    public_comments: bool = True
    private_comments: bool = False
    statuses: frozenset[DeskStatus] = frozenset()
    changes: bool = True
    push: bool = False
    comment_limit: int = 0
    priorities: bool = False
    files: bool = False
    file_limit: int = 0


@dataclass(frozen=True)
class Health:
    """A desk that answers: under which name it knows us, and what it says of itself."""

    account: str
    version: str = ""


@dataclass(frozen=True)
class Requester:
    """Whom the desk may write to: a name and an address, which may be an alias of ours."""

    name: str
    address: str


@dataclass(frozen=True)
class Outgoing:
    """A query as it leaves: redacted, minimised for the desk, and under a reference that never changes.

    `ref` is the key of the hand-over: two creations with the same one must end as one query at the desk.
    Impact and urgency are 1 to 3, priority 1 (highest) to 5. `text` is Markdown.
    """

    ref: str
    title: str
    text: str
    query_class: str
    impact: int
    urgency: int
    priority: int
    requester: Requester
    thread_url: str
    people: int = 1
    tags: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Outgoing":
        """The value again, from what `dataclasses.asdict` made of it."""
        return cls(**{**kept, "requester": Requester(**kept["requester"]), "tags": tuple(kept["tags"])})


@dataclass(frozen=True)
class OutgoingFile:
    """A file that goes to the desk with the words it hangs on. `content` is all of it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class OutgoingComment:
    """Words that go to the desk. `key` is unique for ever and stands in the text, so that they can be found again."""

    key: str
    text: str
    public: bool = True
    files: tuple[OutgoingFile, ...] = ()


@dataclass(frozen=True)
class RemoteRef:
    """A query at a desk: the key of its interface, the number its people use, and its page where it has one."""

    id: str
    number: str
    url: str = ""


@dataclass(frozen=True)
class RemoteFile:
    """A file that hangs on public words at a desk; `fetch_file` brings what is in it. `size` is 0 where not told."""

    id: str
    name: str
    content_type: str
    size: int = 0


@dataclass(frozen=True)
class Comment:
    """Words at the desk that everybody may read. Private ones, and their files, never become a `Comment`."""

    id: str
    at: datetime
    author: str
    text: str
    own: bool = False
    files: tuple[RemoteFile, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A query as the desk has it now; its public comments in the desk's own order, oldest first.

    `sequence` grows with every change at the desk where the desk has such a number, else 0.
    """

    ref: RemoteRef
    our_ref: str
    status: DeskStatus
    raw_status: str
    comments: tuple[Comment, ...] = ()
    assignee: str = ""
    updated_at: datetime | None = None
    sequence: int = 0


@dataclass(frozen=True)
class Changes:
    """Ids of queries that changed since a cursor, each once, and the cursor to go on from."""

    ids: tuple[str, ...]
    cursor: str


class DeskError(Exception):
    """The desk did not do what was asked. The text is what the desk said, for the administrator's eyes."""


class DeskUnreachableError(DeskError):
    """No answer, or one that says nothing certain: it may have been done all the same. Search before trying again."""


class DeskBusyError(DeskError):
    """The desk asks for patience; nothing was done."""

    def __init__(self, text: str, wait: timedelta) -> None:
        super().__init__(text)
        self.wait = wait


class DeskRefusedError(DeskError):
    """The desk will not do this however often it is asked."""


class DeskKeyError(DeskRefusedError):
    """The desk does not know us: the key is wrong or has expired."""


class NotAtDeskError(DeskRefusedError):
    """There is no such query at the desk, or no longer."""


class NotDoneError(DeskError):
    """The desk said yes, and reading it back showed that it was not done."""


class PushRefusedError(Exception):
    """A push that was not signed by the desk, or is too old, or was seen before."""


class Desk(Protocol):
    """A service desk. Every method may raise `DeskError`; none tries again by itself."""

    def capabilities(self) -> Capabilities:
        """What this desk can do, without asking it."""

    def health(self) -> Health:
        """Ask the desk who we are. Raises `DeskKeyError` where it does not know us."""

    def find_by_ref(self, ref: str) -> RemoteRef | None:
        """The query created under our reference, if there is one; the oldest where there are several."""

    def create(self, query: Outgoing) -> RemoteRef:
        """Make a query and read it back. Raises `NotDoneError` where it does not carry our reference."""

    def get(self, remote_id: str) -> Snapshot:
        """The query as it stands now. Raises `NotAtDeskError`."""

    def add_comment(self, remote_id: str, comment: OutgoingComment) -> str:
        """Add words, and read back the id they got. Raises `NotDoneError` where they are not there."""

    def set_status(self, remote_id: str, status: DeskStatus) -> None:
        """Change the status and read it back. Raises `NotDoneError` where it did not change."""

    def set_priority(self, remote_id: str, priority: int) -> None:
        """Change the priority, 1 (highest) to 5, and read it back. Raises `NotDoneError` where it did not change."""

    def fetch_file(self, remote_id: str, file_id: str) -> bytes:
        """What is in a file of a public comment. Raises `NotAtDeskError` where it is not there or not public."""

    def changes_since(self, cursor: str) -> Changes:
        """What changed since the cursor; from now on where it is empty. Asked again and again, nothing is left out."""

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises `PushRefusedError` unless the desk signed exactly this body. Header names are in lower case."""

    def parse_push(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """Ids of the queries that a verified push speaks of. Its texts are not used: a push is only a hint."""


@dataclass(frozen=True)
class DeskSettings:
    """What an administrator entered for a desk. `secrets` are in the clear here and nowhere else.

    `statuses` maps the desk's own words to ours and wins over what the connector assumes.
    """

    key: str
    kind: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    statuses: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False

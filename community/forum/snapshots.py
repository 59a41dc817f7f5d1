"""Frozen values of what the forum holds, for packages above and for slots; made without reading anything more."""

from dataclasses import asdict, dataclass
from datetime import datetime

from community.accounts.models import Member
from community.core.addresses import address
from community.core.policies import avatar_url, initials
from community.spaces.models import Space

from .models import Attachment, Post, Thread


@dataclass(frozen=True)
class MemberSnapshot:
    """A person as pages show them."""

    id: int
    handle: str
    name: str
    role: str
    avatar_url: str | None
    initials: str
    role_kind: str
    language: str
    email: str


@dataclass(frozen=True)
class SpaceSnapshot:
    """A space as pages show it."""

    id: int
    slug: str
    name: str
    language: str
    is_open: bool
    service: str = ""
    service_critical: bool = False


@dataclass(frozen=True)
class PostSnapshot:
    """One contribution. `attachments` are the names of its files, `attachment_keys` their keys in the same order."""

    id: int
    number: int
    author: MemberSnapshot
    body: str
    html: str
    created_at: datetime
    helpful_count: int
    origin: str
    proposed: bool
    hidden: bool
    accepted: bool
    attachments: tuple[str, ...]
    attachment_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileSnapshot:
    """A file of a post; `hidden` with its post or its thread. `size` is in bytes."""

    key: str
    name: str
    content_type: str
    size: int
    post_id: int
    thread_id: int
    hidden: bool


@dataclass(frozen=True)
class StoredFile:
    """A checked file whose bytes are kept, and which no post shows yet. Sizes in bytes and in pixels."""

    key: str
    name: str
    content_type: str
    kind: str
    size: int
    width: int
    height: int

    @property
    def markdown(self) -> str:
        """What shows the file in a text."""
        name = self.name.replace("[", "(").replace("]", ")")
        mark = "!" if self.kind == "image" else ""
        return f"{mark}[{name}](/files/{self.key})"

    def row(self, member_id: int) -> Attachment:
        """The file as a member's, until a post shows it."""
        return Attachment(member_id=member_id, **asdict(self))


@dataclass(frozen=True)
class ThreadSnapshot:
    """A thread without its posts."""

    id: int
    title: str
    kind: str
    state: str
    space: SpaceSnapshot
    author: MemberSnapshot
    tags: tuple[str, ...]
    language: str
    reply_count: int
    have_too_count: int
    created_at: datetime
    solution_id: int | None
    restricted: bool
    organisation_id: int | None
    hidden: bool
    closed: bool
    fields: tuple[tuple[str, str], ...] = ()  # labels and values of what the space asked for

    @property
    def url(self) -> str:
        """Path of the thread's page."""
        return address("forum.thread", thread_id=self.id)


def member_snapshot(row: Member, *, role_kind: str = "") -> MemberSnapshot:
    """A member as others see them."""
    return MemberSnapshot(
        id=row.id,
        handle=row.handle,
        name=row.name,
        role=row.role,
        avatar_url=avatar_url(row.avatar_key),
        initials=initials(row.name),
        role_kind=role_kind or ("staff" if row.is_staff else "member"),
        language=row.language,
        email=row.email,
    )


def space_snapshot(row: Space) -> SpaceSnapshot:
    """A space as pages show it."""
    return SpaceSnapshot(row.id, row.slug, row.name, row.language, row.is_open, row.service, row.service_critical)


def snapshot_of(row: Thread) -> ThreadSnapshot:
    """A thread; its space and author must be loaded."""
    return ThreadSnapshot(
        id=row.id,
        title=row.title,
        kind=row.kind,
        state=row.state,
        space=space_snapshot(row.space),
        author=member_snapshot(row.author),
        tags=tuple(row.tags),
        language=row.language,
        reply_count=row.reply_count,
        have_too_count=row.have_too_count,
        created_at=row.created_at,
        solution_id=row.solution_id,
        restricted=row.restricted,
        organisation_id=row.organisation_id,
        hidden=row.hidden_at is not None,
        closed=row.closed_at is not None,
        fields=tuple((given["label"], given["value"]) for given in row.fields),
    )


def post_snapshot(row: Post, *, accepted: bool) -> PostSnapshot:
    """A post; its author must be loaded."""
    return PostSnapshot(
        id=row.id,
        number=row.number,
        author=member_snapshot(row.author),
        body=row.body,
        html=row.html,
        created_at=row.created_at,
        helpful_count=row.helpful_count,
        origin=row.origin,
        proposed=row.proposed,
        hidden=row.hidden_at is not None,
        accepted=accepted,
        attachments=tuple(str(item["name"]) for item in row.attachments),
        attachment_keys=tuple(str(item["key"]) for item in row.attachments),
    )


def file_snapshot(row: Attachment, post: Post) -> FileSnapshot:
    """A file of a post; the post's thread must be loaded."""
    return FileSnapshot(
        key=row.key,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        post_id=post.id,
        thread_id=post.thread_id,
        hidden=post.hidden_at is not None or post.thread.hidden_at is not None,
    )

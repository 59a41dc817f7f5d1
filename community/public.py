"""What packages above may ask of the community: ids in, frozen values out."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import joinedload

from community.accounts.availability import can_take_part
from community.accounts.known import person_called
from community.accounts.loading import actor_for
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import by_thousands, db
from community.core.policies import STAFF, Actor
from community.forum import operations, policies, queries
from community.forum.arranging.queries import joined as threads_joined
from community.forum.composing.files import content_of as file_content
from community.forum.composing.files import take_in as take_in_file
from community.forum.composing.files import upload_limit
from community.forum.composing.gates import Outcome, Verdict, Way, Writing
from community.forum.composing.gates import ask as ask_gates
from community.forum.composing.guarding import Guarded
from community.forum.composing.guarding import put as put_masked
from community.forum.composing.replying import put_reply as put_reply
from community.forum.composing.timing import open_for
from community.forum.models import Attachment, HaveToo, Post, Thread
from community.forum.models import State as State
from community.forum.reactions.affected import Affected
from community.forum.reactions.affected import affected_details as affected_details
from community.forum.reading.readers import readers
from community.forum.snapshots import (
    FileSnapshot,
    MemberSnapshot,
    PostSnapshot,
    SpaceSnapshot,
    StoredFile,
    ThreadSnapshot,
    file_snapshot,
    member_snapshot,
    post_snapshot,
    snapshot_of,
    space_snapshot,
)
from community.forum.tagging.giving import main_names as main_tags
from community.moderation.cases import open_case
from community.moderation.cases import settle as settle_case
from community.moderation.gates.held import Said, hold_back, own_text, waiting_at
from community.moderation.gates.held_kinds import HeldKind, Waiting, register_held_kind
from community.moderation.kinds import CaseKind, Decision, Shown, register_case_kind
from community.moderation.measures import end as end_measure
from community.moderation.measures import take as take_measure
from community.moderation.models import Case, Measure
from community.moderation.on_votes import void_votes
from community.moderation.targets import Target, TargetKind, register_target
from community.moderation.words import name_rule
from community.notifications.kinds import register as register_notification
from community.notifications.operations import notify
from community.organisations.queries import OrganisationSnapshot, organisations_of
from community.organisations.queries import everyone as organisations
from community.spaces.models import Space
from community.spaces.queries import all_visible_to, ids_visible_to
from community.superusers.deviations.subjects import Subject as DeviationSubject
from community.superusers.deviations.subjects import register_subject as register_deviation_subject
from community.superusers.duty.around import on_duty as on_duty
from community.superusers.duty.around import on_duty_in as on_duty_in
from community.superusers.letters.figures import register_figure
from community.superusers.rights.table import LevelStep

__all__ = [
    "Affected",
    "Case",
    "CaseKind",
    "Decision",
    "DeviationSubject",
    "FileSnapshot",
    "Guarded",
    "HeldKind",
    "LevelStep",
    "MemberSnapshot",
    "OrganisationSnapshot",
    "Outcome",
    "PostSnapshot",
    "Said",
    "Shown",
    "SpaceSnapshot",
    "StoredFile",
    "Target",
    "TargetKind",
    "ThreadSnapshot",
    "Verdict",
    "Waiting",
    "Way",
    "Writing",
    "actor_for",
    "affected_details",
    "ask_gates",
    "file_content",
    "hold_back",
    "main_tags",
    "name_rule",
    "notify",
    "open_case",
    "open_for",
    "organisations",
    "organisations_of",
    "own_text",
    "put_masked",
    "register_case_kind",
    "register_deviation_subject",
    "register_figure",
    "register_held_kind",
    "register_notification",
    "register_target",
    "settle_case",
    "take_in_file",
    "take_measure",
    "threads_joined",
    "upload_limit",
    "void_votes",
    "waiting_at",
]


def thread_snapshot(thread_id: int) -> ThreadSnapshot | None:
    """A thread whoever asks; the caller has checked that it may be seen."""
    return thread_snapshots([thread_id]).get(thread_id)


def thread_snapshots(thread_ids: Iterable[int]) -> dict[int, ThreadSnapshot]:
    """Several threads at once, whoever asks."""
    rows = db.session.scalars(
        select(Thread)
        .where(Thread.id.in_(list(thread_ids)))
        .options(joinedload(Thread.space), joinedload(Thread.author))
    )
    return {row.id: snapshot_of(row) for row in rows}


def threads_visible_to(actor: Actor, thread_ids: Iterable[int]) -> dict[int, ThreadSnapshot]:
    """Those of the threads that the actor may read."""
    return {id_: snapshot_of(row) for id_, row in queries.threads_by_id(actor, thread_ids).items()}


def thread_for(actor: Actor, thread_id: int) -> ThreadSnapshot | None:
    """A thread that the actor may read."""
    row = queries.thread_for(actor, thread_id)
    return snapshot_of(row) if row else None


def post_snapshots(thread_id: int, *, limit: int = 200) -> tuple[PostSnapshot, ...]:
    """The posts of a thread in order, hidden ones left out, at most `limit`."""
    solution = select(Thread.solution_id).where(Thread.id == thread_id).scalar_subquery()
    rows = db.session.execute(
        select(Post, (Post.id == solution).label("accepted"))
        .where(Post.thread_id == thread_id, Post.hidden_at.is_(None))
        .order_by(Post.number)
        .limit(limit)
        .options(joinedload(Post.author))
    )
    return tuple(post_snapshot(row, accepted=bool(accepted)) for row, accepted in rows)


def opening_and_answer(thread_id: int) -> tuple[PostSnapshot, PostSnapshot | None]:
    """The opening post of a thread and its accepted answer, if one is in view. Raises `LookupError` for no thread."""
    solution = select(Thread.solution_id).where(Thread.id == thread_id).scalar_subquery()
    shown = (Post.number == 1) | ((Post.id == solution) & Post.hidden_at.is_(None))
    rows = db.session.scalars(
        select(Post).where(Post.thread_id == thread_id, shown).order_by(Post.number).options(joinedload(Post.author))
    ).all()
    if not rows:
        raise LookupError(f"there is no thread {thread_id}")
    return post_snapshot(rows[0], accepted=False), post_snapshot(rows[1], accepted=True) if len(rows) > 1 else None


def posts_since(thread_id: int, moment: datetime, *, limit: int = 500) -> tuple[PostSnapshot, ...]:
    """Posts of a thread that were written after a moment, in order, hidden ones left out."""
    rows = db.session.scalars(
        select(Post)
        .where(Post.thread_id == thread_id, Post.created_at > moment, Post.number > 1, Post.hidden_at.is_(None))
        .order_by(Post.number)
        .limit(limit)
        .options(joinedload(Post.author))
    )
    return tuple(post_snapshot(row, accepted=False) for row in rows)


def post_snapshot_of(post_id: int) -> PostSnapshot | None:
    """One post whoever asks; `accepted` is not told."""
    row = db.session.scalar(select(Post).where(Post.id == post_id).options(joinedload(Post.author)))
    return post_snapshot(row, accepted=False) if row else None


def files_of_posts(post_ids: Collection[int]) -> dict[int, tuple[FileSnapshot, ...]]:
    """The files of several posts, whoever asks, in the order in which they were uploaded."""
    found: dict[int, tuple[FileSnapshot, ...]] = {}
    for file in _files(Attachment.post_id.in_(post_ids)) if post_ids else ():
        found[file.post_id] = (*found.get(file.post_id, ()), file)
    return found


def files_by_keys(keys: Collection[str]) -> dict[str, FileSnapshot]:
    """Those of the files that belong to a post, whoever asks."""
    return {file.key: file for file in _files(Attachment.key.in_(keys))} if keys else {}


def _files(condition: ColumnElement[bool]) -> list[FileSnapshot]:
    rows = db.session.execute(
        select(Attachment, Post)
        .join(Post, Post.id == Attachment.post_id)
        .where(condition)
        .order_by(Attachment.id)
        .options(joinedload(Post.thread))
    )
    return [file_snapshot(row, post) for row, post in rows]


def thread_ids_of_posts(post_ids: Collection[int]) -> dict[int, int]:
    """The thread of each post, as thread id to post id."""
    if not post_ids:
        return {}
    return {row[0]: row[1] for row in db.session.execute(select(Post.thread_id, Post.id).where(Post.id.in_(post_ids)))}


def members(member_ids: Iterable[int]) -> dict[int, MemberSnapshot]:
    """Several people at once."""
    wanted = set(member_ids)
    if not wanted:
        return {}
    rows = db.session.scalars(select(Member).where(Member.id.in_(wanted)))
    return {row.id: member_snapshot(row) for row in rows}


def staff() -> list[MemberSnapshot]:
    """The provider's people, by name."""
    rows = db.session.scalars(select(Member).where(Member.role.in_(STAFF)).order_by(Member.name))
    return [member_snapshot(row) for row in rows]


def spaces_visible_to(actor: Actor) -> list[SpaceSnapshot]:
    """Spaces that the actor may read, by name."""
    return [space_snapshot(row) for row in all_visible_to(actor)]


def space_ids_visible_to(actor: Actor) -> frozenset[int]:
    """Ids of the spaces that the actor may read."""
    return ids_visible_to(actor)


def all_space_ids() -> frozenset[int]:
    """Ids of all spaces, whoever asks; for jobs that prepare what is checked when it is shown."""
    return frozenset(db.session.scalars(select(Space.id)))


def spaces_of_threads(thread_ids: Collection[int]) -> dict[int, int]:
    """The space of each thread, whoever asks, read a thousand at a time."""
    return by_thousands(thread_ids, lambda ids: select(Thread.id, Thread.space_id).where(Thread.id.in_(ids)))


def joined_at(member_ids: Collection[int]) -> dict[int, datetime]:
    """When members joined, read a thousand at a time."""
    return by_thousands(member_ids, lambda ids: select(Member.id, Member.joined_at).where(Member.id.in_(ids)))


def give_back_votes(measure_ids: Collection[int], *, by_id: int) -> None:
    """End the measures by which votes were set aside: every vote counts again as it did."""
    for measure_id in sorted(measure_ids):
        end_measure(db.session.get_one(Measure, measure_id), by_id=by_id, how="undone")


def space(space_id: int) -> SpaceSnapshot | None:
    """A space whoever asks."""
    return space_snapshot(row) if (row := db.session.get(Space, space_id)) else None


def affected_members(thread_ids: Collection[int]) -> set[int]:
    """Authors of the threads and all who have one of them too, each once."""
    authors = select(Thread.author_id).where(Thread.id.in_(thread_ids))
    others = select(HaveToo.member_id).where(HaveToo.thread_id.in_(thread_ids))
    return set(db.session.scalars(authors.union(others)))


def readers_of(thread_id: int, member_ids: Iterable[int]) -> set[int]:
    """Those of the members who may read the thread now, asked at once."""
    return readers(db.session.get_one(Thread, thread_id), member_ids)


def super_users_of(space_ids: Collection[int], now: datetime) -> dict[int, set[int]]:
    """Ids of the super users of each of the spaces who can do something now: neither suspended nor silenced."""
    current = Grant.until.is_(None) | (Grant.until > now)
    rows = db.session.execute(
        select(Grant.space_id, Grant.member_id)
        .join(Grant.member)
        .where(Grant.space_id.in_(space_ids), Grant.kind == SUPER_USER, current, can_take_part(now))
    )
    found: dict[int, set[int]] = {}
    for space_id, member_id in rows:
        found.setdefault(space_id, set()).add(member_id)
    return found


def member_id_of(handle: str, actor: Actor | None = None) -> int | None:
    """Id of the member with this handle; where an actor is given, unless they do not know of somebody who waits."""
    if actor is None:
        return db.session.scalar(select(Member.id).where(Member.handle == handle))
    found = person_called(handle, actor)
    return found.id if found else None


def set_desk_state(thread_id: int, state: State | None) -> None:
    """What the bridge says of the thread's query: `desk`, `resolved`, `declined`, or None once there is none."""
    thread = db.session.get_one(Thread, thread_id)
    thread.desk_state = state.value if state else ""
    thread.settle()


def touch_threads(thread_ids: Collection[int]) -> None:
    """The pages of several threads show something else now."""
    changed = update(Thread).where(Thread.id.in_(sorted(thread_ids))).values(version=Thread.version + 1)
    if thread_ids:
        db.session.execute(changed)


def touch_thread(thread_id: int) -> None:
    """Something that the thread's page shows has changed in a package above."""
    db.session.get_one(Thread, thread_id).touch()


def restrict_thread(thread_id: int, *, by_id: int | None) -> None:
    """Show the thread to its author and to staff only, from this moment on."""
    operations.restrict(db.session.get_one(Thread, thread_id), by_id=by_id)


def unrestrict_thread(thread_id: int, *, by_id: int) -> None:
    """Show the thread again to whoever reads its space."""
    operations.unrestrict(db.session.get_one(Thread, thread_id), by_id=by_id)


def lock_thread(thread_id: int) -> None:
    """Let nobody else decide on the thread until this transaction ends."""
    db.session.execute(select(Thread.id).where(Thread.id == thread_id).with_for_update())


def can_reply(actor: Actor, thread_id: int) -> bool:
    """Whether the actor may reply in this thread."""
    thread = queries.thread_for(actor, thread_id)
    return thread is not None and policies.can_reply(actor, thread)


def take_back_answer(thread_id: int, *, by_id: int) -> None:
    """Take the accepted answer back, where there is one."""
    operations.unaccept(db.session.get_one(Thread, thread_id), by_id=by_id)


def reply_from_desk(
    thread_id: int,
    *,
    author_id: int,
    body: str,
    proposed: bool = False,
    at: datetime | None = None,
    files: Sequence[StoredFile] = (),
) -> int:
    """Show words of the service desk in the thread, `proposed` as its answer, with files; the post's id."""
    thread = db.session.get_one(Thread, thread_id)
    return operations.reply(
        thread, author_id=author_id, body=body, origin="desk", proposed=proposed, at=at, files=files
    ).id


def propose(post_id: int) -> int:
    """What the desk said before becomes its proposed answer; the post's id."""
    post = db.session.get_one(Post, post_id)
    post.proposed = True
    post.thread.touch()
    return post_id


def withdraw_proposal(post_id: int) -> None:
    """The desk's proposed answer did not help: from now on it is a reply like any other."""
    post = db.session.get_one(Post, post_id)
    post.proposed = False
    post.thread.touch()


def unresolved_threads(actor: Actor, *, limit: int = 50) -> list[ThreadSnapshot]:
    """Questions without an accepted answer and without a query, oldest first."""
    rows = queries.some_threads(
        actor,
        Thread.kind == "question",
        Thread.state.in_((State.OPEN, State.ANSWERED)),
        limit=limit,
        order="oldest",
    )
    return [snapshot_of(row) for row in rows]

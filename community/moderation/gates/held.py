"""What is held back: kept with everything that was typed, published once, refused with words, or taken back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from flask import url_for
from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import joinedload

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core import events
from community.core.db import db, insert_once, utcnow
from community.core.jobs import every
from community.core.policies import Actor
from community.drafts import operations as drafts
from community.drafts.models import DraftKind, Place
from community.drafts.operations import Basis, TooManyDrafts, Words
from community.forum import policies
from community.forum.composing.gates import Kept, Verdict, Way, register_holder
from community.forum.composing.publishing import Typed, is_unchanged, place_of, publish
from community.forum.models import Post, Thread
from community.forum.rendering import rendered
from community.spaces.models import Space
from community.spaces.policies import can_start_in

from ..cases import open_case, settle, waiting_case
from .events import HeldPublished, HeldRefused, HeldTakenBack, WritingHeld
from .models import HeldState, HeldWriting, TrustedWriter

KIND = "held"
KEPT = timedelta(days=90)  # what was decided, for whoever wrote it
LISTED = 100


def hold(who: Actor, kept: Kept, verdict: Verdict) -> str:
    """Keep it until somebody looked at it; where its author finds it. The same words twice wait once."""
    about, typed = kept.writing, kept.typed
    same = _same(who.id or 0, kept)
    if same is None:
        thread = db.session.get(Thread, about.thread_id) if about.thread_id is not None else None
        shown = rendered(typed.body, by_id=who.id)
        same = HeldWriting(
            member_id=who.id,
            kind=about.kind.value,
            space_id=about.space_id,
            thread_id=about.thread_id,
            title=typed.title or (thread.title if thread is not None else ""),
            body=typed.body,
            html=shown.html,
            language=shown.language,
            typed=typed.kept(),
            form=dict(kept.form),
            rule=verdict.rule,
            found=verdict.why,
            ip=about.ip,
        )
        db.session.add(same)
        db.session.flush()
        _open(same, staff_only=_is_for_staff(typed, thread))
    return url_for("held.waiting", _anchor=f"held-{same.id}")


def _same(member_id: int, kept: Kept) -> HeldWriting | None:
    return db.session.scalar(
        select(HeldWriting).where(
            HeldWriting.member_id == member_id,
            HeldWriting.state == HeldState.WAITING,
            HeldWriting.kind == kept.writing.kind.value,
            HeldWriting.body == kept.typed.body,
            HeldWriting.space_id == kept.writing.space_id,
            func.coalesce(HeldWriting.thread_id, 0) == (kept.writing.thread_id or 0),
        )
    )


def _is_for_staff(typed: Typed, thread: Thread | None) -> bool:
    if thread is not None:
        return thread.restricted or thread.organisation_id is not None
    return typed.organisation_id is not None


def _open(row: HeldWriting, *, staff_only: bool) -> None:
    open_case(
        KIND,
        KIND,
        row.id,
        rule=row.rule,
        space_id=row.space_id,
        member_id=row.member_id,
        staff_only=staff_only,
        by_id=row.member_id,
    )
    events.record(WritingHeld(actor_id=row.member_id, held_id=row.id, rule=row.rule))


def held(held_id: int) -> HeldWriting | None:
    """A row, whoever asks."""
    return db.session.get(HeldWriting, held_id)


def own(member_id: int) -> Sequence[HeldWriting]:
    """What waits of a person, and what was refused lately; the newest first."""
    wanted = select(HeldWriting).where(
        HeldWriting.member_id == member_id, HeldWriting.state.in_((HeldState.WAITING, HeldState.REFUSED))
    )
    return db.session.scalars(
        wanted.options(joinedload(HeldWriting.space)).order_by(HeldWriting.id.desc()).limit(LISTED)
    ).all()


def can_be_published(row: HeldWriting) -> bool:
    """Whether its author could publish it now: they are still here, and its place takes it."""
    author = db.session.get(Member, row.member_id)
    if not row.waits or author is None or author.suspended_at is not None:
        return False
    typed, actor = Typed.from_kept(row.typed), actor_for(row.member_id)
    if row.kind == Way.THREAD:
        space = db.session.get(Space, row.space_id)
        return space is not None and can_start_in(actor, space) and policies.can_start(actor, typed.kind)
    thread = place_of(typed)
    if thread is None or not policies.can_read_thread(actor, thread):
        return False
    if row.kind == Way.REPLY:
        return policies.can_reply(actor, thread)
    post = db.session.get(Post, typed.post_id)
    return post is not None and post.hidden_at is None and thread.closed_at is None and is_unchanged(typed)


def publish_held(row: HeldWriting, *, by_id: int) -> Post:
    """Publish it now, once. The case was decided in this transaction, so nobody else does the same."""
    _change(row, HeldState.PUBLISHED)
    post = publish(Typed.from_kept(row.typed), author_id=row.member_id)
    row.post_id = post.id
    events.record(HeldPublished(actor_id=by_id, held_id=row.id, member_id=row.member_id, post_id=post.id))
    return post


def trust_writer(row: HeldWriting, *, by_id: int) -> None:
    """Hold back nothing more of this person in the space for being new."""
    if row.space_id is not None:
        insert_once(TrustedWriter, member_id=row.member_id, space_id=row.space_id, by_id=by_id, at=utcnow())


def refuse_held(row: HeldWriting, *, by_id: int, words: str) -> None:
    """Leave it unpublished; its author reads why, and has their text among their drafts."""
    _change(row, HeldState.REFUSED, words)
    to_drafts(row)
    events.record(HeldRefused(actor_id=by_id, held_id=row.id, member_id=row.member_id))


def take_back(row: HeldWriting) -> int | None:
    """Its author takes it back into their drafts; the draft's id. Nothing where somebody decided meanwhile.

    The case is locked first, as whoever decides locks it, so that only one of both happens.
    """
    if waiting_case(KIND, KIND, row.id) is None:
        return None
    db.session.refresh(row)
    if not row.waits:
        return None
    _change(row, HeldState.TAKEN_BACK)
    settle(KIND, KIND, row.id, decision="taken_back", by_id=None)
    events.record(HeldTakenBack(actor_id=row.member_id, held_id=row.id))
    return to_drafts(row)


def _change(row: HeldWriting, state: HeldState, words: str = "") -> None:
    changed = (
        update(HeldWriting)
        .where(HeldWriting.id == row.id, HeldWriting.state == HeldState.WAITING)
        .values(state=state.value, words=words, decided_at=utcnow())
    )
    done = cast(CursorResult[Any], db.session.execute(changed, execution_options={"synchronize_session": False}))
    if not done.rowcount:
        raise LookupError(f"held writing {row.id} does not wait any more")
    db.session.refresh(row)


def to_drafts(row: HeldWriting) -> int | None:
    """Put the text among its author's drafts; nothing where they have too many, but then it stays on their list."""
    form = {name: values for name, values in row.form.items() if name != "space"}
    slug = row.space.slug if row.space is not None else ""
    title = row.title if row.kind == Way.THREAD or Typed.from_kept(row.typed).title else ""
    words = Words(title, row.body, slug if row.kind == Way.THREAD else "", form)
    try:
        return drafts.keep(row.member_id, _place(row), words, Basis()).id
    except TooManyDrafts:
        return None


def _place(row: HeldWriting) -> Place:
    typed = Typed.from_kept(row.typed)
    if row.kind == Way.THREAD:
        return Place(DraftKind.THREAD)
    if row.kind == Way.EDIT and typed.post_id is not None:
        return Place(DraftKind.EDIT, typed.post_id)
    thread = place_of(typed)
    return Place(DraftKind.REPLY, thread.id if thread is not None else typed.thread_id or 0)


@every(hours=24)
def forget_held() -> None:
    """What was decided long ago is removed; what was published stands where it was published."""
    decided = HeldWriting.state != HeldState.WAITING
    db.session.execute(delete(HeldWriting).where(decided, HeldWriting.decided_at < utcnow() - KEPT))


register_holder(hold)

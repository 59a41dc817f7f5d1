"""Threads, replies and people as things that can be flagged."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.core.policies import Actor
from community.forum import operations, queries
from community.forum.arranging.queries import joined
from community.forum.events import AnswerAccepted
from community.forum.models import Post, Thread

from .targets import Target, TargetKind, register_target

EXCERPT = 2000


def _of_post(post: Post) -> Target:
    thread = post.thread
    return Target(
        kind="thread" if post.opens else "post",
        id=thread.id if post.opens else post.id,
        author_id=post.author_id,
        space_id=thread.space_id,
        title=thread.title,
        html=post.html,
        words=post.body[:EXCERPT],
        address=url_for("forum.post", post_id=post.id),
        language=post.language,
        staff_only=thread.restricted or thread.organisation_id is not None,
        hidden=(thread if post.opens else post).hidden_at is not None,
        thread_id=thread.id,
    )


def _posts() -> Any:
    return (
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
    )


def _look_threads(ids: Collection[int]) -> dict[int, Target]:
    rows = db.session.scalars(_posts().where(Thread.id.in_(ids), Post.number == 1))
    return {post.thread_id: _of_post(post) for post in rows}


def _readable_threads(actor: Actor, ids: Collection[int]) -> set[int]:
    return set(queries.threads_by_id(actor, ids))


def _look_posts(ids: Collection[int]) -> dict[int, Target]:
    return {post.id: _of_post(post) for post in db.session.scalars(_posts().where(Post.id.in_(ids)))}


def _readable_posts(actor: Actor, ids: Collection[int]) -> set[int]:
    rows = db.session.scalars(_posts().where(queries.visible(actor), Post.id.in_(ids)))
    return {post.id for post in rows if post.hidden_at is None or queries.sees_hidden_post(actor, post)}


def _hide(post: Post, reason: str, by_id: int | None) -> dict[str, Any]:
    thread = db.session.get_one(Thread, post.thread_id, with_for_update={"of": Thread}, populate_existing=True)
    hidden = thread if post.opens else post
    if hidden.hidden_at is not None:
        return {"hidden": True}
    before = _as_solution(thread, post)
    operations.hide_post(post, by_id=by_id, reason=reason)
    return before


def _show(post: Post, before: dict[str, Any], by_id: int | None) -> None:
    thread = db.session.get_one(Thread, post.thread_id, with_for_update={"of": Thread}, populate_existing=True)
    hidden = thread if post.opens else post
    if before.get("hidden") or hidden.hidden_at is None or _taken_back_since(hidden, post):
        return
    operations.restore_post(post, by_id=by_id)
    if "solved_at" in before and thread.solution_id is None:
        _solve_again(thread, post, before)


def _taken_back_since(hidden: Thread | Post, post: Post) -> bool:
    """Whether its author deleted it while it was hidden: then it stays away."""
    return hidden.hidden_by_id is not None and hidden.hidden_by_id == post.author_id


def _as_solution(thread: Thread, post: Post) -> dict[str, Any]:
    """What hiding the accepted answer would forget."""
    if thread.solution_id != post.id:
        return {}
    return {
        "solved_at": _kept(thread.solved_at),
        "accepted_by": _accepted_by(thread, post),
        "confirmation_asked_at": _kept(thread.confirmation_asked_at),
        "confirmed_at": _kept(thread.confirmed_at),
    }


def _accepted_by(thread: Thread, post: Post) -> int | None:
    """Who accepted it last, here or in a thread from which it came."""
    subjects = [f"thread:{id_}" for id_ in joined([thread.id])[thread.id]]
    accepted = select(EventRecord.actor_id).where(
        EventRecord.subject.in_(subjects),
        EventRecord.name == AnswerAccepted.name,
        EventRecord.payload["post_id"].as_integer() == post.id,
    )
    return db.session.scalar(accepted.order_by(EventRecord.id.desc()).limit(1))


def _solve_again(thread: Thread, post: Post, before: dict[str, Any]) -> None:
    operations.accept(thread, post, by_id=before["accepted_by"])
    thread.solved_at = _moment(before["solved_at"]) or thread.solved_at
    thread.confirmation_asked_at = _moment(before["confirmation_asked_at"])
    thread.confirmed_at = _moment(before["confirmed_at"])


def _kept(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _of_member(member: Member) -> Target:
    return Target(
        kind="member",
        id=member.id,
        author_id=member.id,
        space_id=None,
        title=member.name,
        html=member.about_html,
        words=member.about[:EXCERPT],
        address=url_for("accounts.profile", handle=member.handle),
    )


def _look_members(ids: Collection[int]) -> dict[int, Target]:
    return {member.id: _of_member(member) for member in db.session.scalars(select(Member).where(Member.id.in_(ids)))}


def _readable_members(actor: Actor, ids: Collection[int]) -> set[int]:
    """Profiles are open to whoever is signed in, but for those of people who never confirmed their address."""
    if not actor.is_member:
        return set()
    confirmed = select(Member.id).where(Member.id.in_(ids), Member.email_confirmed_at.is_not(None))
    return set(db.session.scalars(confirmed))


register_target(
    TargetKind(
        "thread",
        _l("Thread"),
        _look_threads,
        _readable_threads,
        hide=lambda id_, reason, by: _hide(_opening_one(id_), reason, by),
        show=lambda id_, before, by: _show(_opening_one(id_), before, by),
    )
)
register_target(
    TargetKind(
        "post",
        _l("Reply"),
        _look_posts,
        _readable_posts,
        hide=lambda id_, reason, by: _hide(_one(id_), reason, by),
        show=lambda id_, before, by: _show(_one(id_), before, by),
    )
)
register_target(TargetKind("member", _l("Profile"), _look_members, _readable_members))


def _one(post_id: int) -> Post:
    post: Post = db.session.scalars(_posts().where(Post.id == post_id)).one()
    return post


def _opening_one(thread_id: int) -> Post:
    post: Post = db.session.scalars(_posts().where(Thread.id == thread_id, Post.number == 1)).one()
    return post

"""What members are told about threads, and about their own standing."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from community.accounts.events import RoleChanged
from community.accounts.loading import actor_for
from community.accounts.models import SUPER_USER, Grant, Member
from community.accounts.words import ROLES
from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import AnswerAccepted, PostEdited, ReplyPosted, ThreadStarted
from community.forum.models import HaveToo, Kind, Post, Subscription, Thread
from community.forum.policies import can_read_thread
from community.forum.queries import POSTS_A_PAGE
from community.spaces.models import Space

from .operations import notify


@subscribe(ReplyPosted)
def tell_of_reply(event: ReplyPosted, fact: Fact) -> None:
    """Followers hear of a reply, people it mentions of that; each person once, and a mention wins.

    Words of the service desk are told by the bridge to all who have the question, so here to the others only.
    """
    post = db.session.get_one(Post, event.post_id)
    if post.hidden_at is not None:
        return
    mentioned = _members_called(event.mentioned) - {event.actor_id}
    followers = _followers(event.thread_id)
    if event.origin == "desk":
        followers -= _having(post.thread)
    _tell(fact, "mention", mentioned, post, event.actor_id)
    _tell(fact, "reply", followers - mentioned, post, event.actor_id)


@subscribe(ThreadStarted)
def tell_of_thread(event: ThreadStarted, fact: Fact) -> None:
    """People whom the opening post mentions hear of it; an announcement reaches all who take part there."""
    post = db.session.get_one(Post, event.post_id)
    mentioned = _members_called(event.mentioned)
    _tell(fact, "mention", mentioned, post, event.actor_id)
    if event.kind == Kind.ANNOUNCEMENT:
        _tell(fact, "announcement", _taking_part(post.thread.space_id) - mentioned, post, event.actor_id)


@subscribe(PostEdited)
def tell_of_edit(event: PostEdited, fact: Fact) -> None:
    """People whom an edit mentions for the first time hear of it."""
    post = db.session.get_one(Post, event.post_id)
    if post.hidden_at is None:
        _tell(fact, "mention", _members_called(event.mentioned), post, event.actor_id)


@subscribe(AnswerAccepted)
def tell_of_answer(event: AnswerAccepted, fact: Fact) -> None:
    """Whoever wrote the answer hears that it was accepted, all who have the question that it is solved."""
    post = db.session.get_one(Post, event.post_id)
    if post.thread.solution_id != post.id:
        return
    others = _having(post.thread) - _muted(event.thread_id) - {event.solver_id}
    _tell(fact, "accepted", {event.solver_id}, post, event.actor_id)
    _tell(fact, "solved", others, post, event.actor_id)


@subscribe(RoleChanged)
def tell_of_standing(event: RoleChanged, fact: Fact) -> None:
    """Members hear what they are from now on, or no longer are."""
    member = db.session.get_one(Member, event.member_id)
    space = db.session.get(Space, event.space_id) if event.space_id else None
    notify(
        fact.id,
        "system",
        [member.id],
        "",
        url_for("accounts.profile", handle=member.handle),
        event.actor_id,
        render=lambda: _standing(event, space.name if space else ""),
    )


def _standing(event: RoleChanged, space: str) -> str:
    """The change in words, in the present language."""
    if not space:
        return _("Your role is now: %(role)s", role=ROLES.get(event.after, event.after))
    if event.after == SUPER_USER:
        return _("You are a super user of %(space)s now. Thank you.", space=space)
    if event.before == SUPER_USER:
        return _("You are no longer a super user of %(space)s. Thank you for what you did.", space=space)
    if event.after:
        return _("You can read %(space)s now.", space=space)
    return _("You no longer belong to %(space)s.", space=space)


def _tell(fact: Fact, kind: str, member_ids: Iterable[int | None], post: Post, actor_id: int | None) -> None:
    """Tell those of them who may read the thread now."""
    thread = post.thread
    readers = [
        id_
        for id_ in sorted(id_ for id_ in member_ids if id_ is not None and id_ != actor_id)
        if can_read_thread(actor_for(id_), thread)
    ]
    notify(fact.id, kind, readers, thread.title, _address(post), actor_id, thread_id=thread.id, excerpt=post.body)


def _address(post: Post) -> str:
    page = max(0, post.number - 2) // POSTS_A_PAGE + 1
    return url_for(
        "forum.thread",
        thread_id=post.thread_id,
        page=page if page > 1 else None,
        _anchor=None if post.opens else f"post-{post.id}",
    )


def _members_called(handles: Iterable[str]) -> set[int | None]:
    return set(db.session.scalars(select(Member.id).where(Member.handle.in_(list(handles)))))


def _followers(thread_id: int) -> set[int | None]:
    return set(
        db.session.scalars(
            select(Subscription.member_id).where(Subscription.thread_id == thread_id, Subscription.muted.is_(False))
        )
    )


def _muted(thread_id: int) -> set[int | None]:
    return set(
        db.session.scalars(
            select(Subscription.member_id).where(Subscription.thread_id == thread_id, Subscription.muted)
        )
    )


def _having(thread: Thread) -> set[int | None]:
    others = db.session.scalars(select(HaveToo.member_id).where(HaveToo.thread_id == thread.id))
    return {thread.author_id, *others}


def _taking_part(space_id: int) -> set[int | None]:
    """Who wrote in the space or holds a standing there."""
    writers = select(Post.author_id).join(Post.thread).where(Thread.space_id == space_id)
    return set(db.session.scalars(writers.union(select(Grant.member_id).where(Grant.space_id == space_id))))

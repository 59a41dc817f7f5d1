"""What members are told about threads, and about their own standing."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from community.accounts.events import RoleChanged
from community.accounts.known import KNOWN
from community.accounts.models import SUPER_USER, Grant, Member
from community.accounts.words import ROLES
from community.core.db import db
from community.core.events import EventRecord, Fact, subscribe
from community.following.queries import audience
from community.forum.events import AnswerAccepted, PostEdited, PostThanked, ReplyPosted, ThreadStarted
from community.forum.models import HaveToo, Kind, Post, Thread
from community.forum.queries import POSTS_A_PAGE
from community.forum.reading.readers import readers
from community.groups.rights import holders
from community.mentions.operations import people_called
from community.spaces.models import Space

from .models import Notification
from .operations import notify


@subscribe(ReplyPosted)
def tell_of_reply(event: ReplyPosted, fact: Fact) -> None:
    """Followers hear of a reply, people it mentions of that; each person once, and a mention wins.

    Words of the service desk are told by the bridge to all who have the question, so here to the others only. The
    post may stand in another thread by now.
    """
    post = db.session.get_one(Post, event.post_id)
    if post.hidden_at is not None:
        return
    found = audience(post.thread_id, by_id=event.actor_id)
    mentioned = _members_called(event.mentioned) - {event.actor_id} - found.deaf
    by_group = people_called(event.mentioned, event.actor_id) - mentioned - found.deaf
    followers: set[int | None] = set(found.new_post)
    if event.origin == "desk":
        followers -= _having(post.thread)
    _tell(fact, "mention", mentioned, post, event.actor_id)
    _tell(fact, "group-mention", by_group, post, event.actor_id)
    _tell(fact, "reply", followers - mentioned - by_group, post, event.actor_id)


@subscribe(ThreadStarted)
def tell_of_thread(event: ThreadStarted, fact: Fact) -> None:
    """People whom the opening post mentions hear of it, then those who follow what it is about, or its author.

    An announcement reaches all who take part in the space. Each person is told once.
    """
    post = db.session.get_one(Post, event.post_id)
    found = audience(event.thread_id, by_id=event.actor_id, of_id=event.actor_id)
    told: set[int | None] = set(found.deaf)
    groups: list[tuple[str, Iterable[int | None]]] = [
        ("mention", _members_called(event.mentioned)),
        ("group-mention", people_called(event.mentioned, event.actor_id)),
        ("announcement", _taking_part(post.thread.space_id) if event.kind == Kind.ANNOUNCEMENT else ()),
        ("thread", found.new_thread),
        ("followed-person", found.followers),
    ]
    for kind, members in groups:
        _tell(fact, kind, set(members) - told, post, event.actor_id)
        told.update(members)


@subscribe(PostEdited)
def tell_of_edit(event: PostEdited, fact: Fact) -> None:
    """People whom an edit mentions for the first time hear of it, each once."""
    post = db.session.get_one(Post, event.post_id)
    mentioned = _members_called(event.mentioned) if post.hidden_at is None else set()
    by_group = people_called(event.mentioned, event.actor_id) - mentioned if post.hidden_at is None else set()
    if mentioned or by_group:
        deaf = audience(post.thread_id, by_id=event.actor_id).deaf | _told_of_mention(post, mentioned | by_group)
        _tell(fact, "mention", mentioned - deaf, post, event.actor_id)
        _tell(fact, "group-mention", by_group - deaf, post, event.actor_id)


def _told_of_mention(post: Post, member_ids: Iterable[int | None]) -> set[int]:
    """Those who were told once that the post mentions them: texts are taken back, published again, and brought back."""
    told = (
        select(Notification.member_id)
        .join(EventRecord, EventRecord.id == Notification.event_id)
        .where(
            Notification.member_id.in_([id_ for id_ in member_ids if id_ is not None]),
            Notification.kind.in_(("mention", "group-mention")),
            EventRecord.payload["post_id"].as_integer() == post.id,
        )
    )
    return set(db.session.scalars(told))


@subscribe(AnswerAccepted)
def tell_of_answer(event: AnswerAccepted, fact: Fact) -> None:
    """Whoever wrote the answer hears that it was accepted, all who have the question that it is solved.

    So do those who watch the thread, and those who follow whoever wrote the answer. Each person is told once.
    """
    post = db.session.get_one(Post, event.post_id)
    if post.thread.solution_id != post.id:
        return
    found = audience(post.thread_id, by_id=event.actor_id, of_id=event.solver_id)
    told: set[int | None] = set(found.deaf)
    groups: list[tuple[str, Iterable[int | None]]] = [
        ("accepted", {event.solver_id}),
        ("solved", _having(post.thread)),
        ("answer", found.new_post),
        ("followed-person", found.followers),
    ]
    for kind, members in groups:
        _tell(fact, kind, set(members) - told, post, event.actor_id)
        told.update(members)


@subscribe(PostThanked)
def tell_of_thanks(event: PostThanked, fact: Fact) -> None:
    """Authors hear who thanked them; once for each post, however often somebody thanks and takes it back."""
    post = db.session.get_one(Post, event.post_id)
    told = select(Notification.id).where(
        Notification.member_id == event.author_id,
        Notification.kind == "thanks",
        Notification.actor_id == event.actor_id,
        Notification.url == _address(post),
        Notification.event_id != fact.id,
    )
    if post.hidden_at is None and db.session.scalar(told.limit(1)) is None:
        _tell(fact, "thanks", {event.author_id}, post, event.actor_id)


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
    told = readers(thread, (id_ for id_ in member_ids if id_ is not None and id_ != actor_id))
    if not told:
        return
    notify(fact.id, kind, told, thread.title, _address(post), actor_id, thread_id=thread.id, excerpt=post.body)


def _address(post: Post) -> str:
    page = max(0, post.number - 2) // POSTS_A_PAGE + 1
    return url_for(
        "forum.thread",
        thread_id=post.thread_id,
        page=page if page > 1 else None,
        _anchor=None if post.opens else f"post-{post.id}",
    )


def _members_called(handles: Iterable[str]) -> set[int | None]:
    return set(db.session.scalars(select(Member.id).where(Member.handle.in_(list(handles)), KNOWN)))


def _having(thread: Thread) -> set[int | None]:
    others = db.session.scalars(select(HaveToo.member_id).where(HaveToo.thread_id == thread.id))
    return {thread.author_id, *others}


def _taking_part(space_id: int) -> set[int | None]:
    """Who wrote in the space, or holds a standing there by appointment or by a group."""
    writers = select(Post.author_id).join(Post.thread).where(Thread.space_id == space_id)
    standing = select(Grant.member_id).where(Grant.space_id == space_id)
    return set(db.session.scalars(writers.union(standing, holders(space_id))))

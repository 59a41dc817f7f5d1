"""Telling people of reactions to what they wrote, and of what they wanted to be reminded of."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.following.queries import audience
from community.forum.events import AnswerConfirmed, BookmarkDue, ConfirmationAsked, HaveTooAdded
from community.forum.models import HaveToo, Post, Thread
from community.forum.reactions.bookmarks import Bookmark
from community.forum.reading.readers import readers

from .kinds import register
from .models import Notification
from .operations import notify

register(
    "too",
    _l("People have your problem too"),
    mail=False,
    sentence=_l("%(name)s has your problem too"),
    why=_l("You get this mail because it is your question."),
    icon="too",
    together=lambda _news, people: ngettext(
        "%(num)s person has your problem too", "%(num)s people have your problem too", people
    ),
)
register(
    "lasted",
    _l("Did an answer last?"),
    sentence=_l("Did the answer last? Please say so in your thread"),
    why=_l("You get this mail because it is your question."),
    icon="solved",
)
register(
    "confirmed",
    _l("Your answer lasted"),
    mail=False,
    sentence=_l("Your answer lasted, %(name)s says"),
    why=_l("You get this mail because you wrote the answer."),
    icon="solved",
)
register(
    "reminder",
    _l("A bookmark you wanted to be reminded of"),
    sentence=_l("You wanted to be reminded of this"),
    why=_l("You get this mail because you asked to be reminded of a bookmark."),
    icon="clock",
    group="own",
)


@subscribe(HaveTooAdded)
def tell_of_too(event: HaveTooAdded, fact: Fact) -> None:
    """The author hears who has the problem too; once of each person, however often they say so and take it back."""
    thread = db.session.get_one(Thread, event.thread_id)
    having = select(HaveToo.member_id).where(HaveToo.thread_id == thread.id, HaveToo.member_id == event.actor_id)
    told = select(Notification.id).where(
        Notification.member_id == thread.author_id,
        Notification.kind == "too",
        Notification.actor_id == event.actor_id,
        Notification.thread_id == thread.id,
        Notification.event_id != fact.id,
    )
    if db.session.scalar(having) is not None and db.session.scalar(told.limit(1)) is None:
        _tell_author(fact.id, "too", thread, thread.author_id, _page(thread), by_id=event.actor_id)


@subscribe(ConfirmationAsked)
def ask_whether_it_lasted(event: ConfirmationAsked, fact: Fact) -> None:
    """Ask the author, unless it was said meanwhile or another answer stands there."""
    thread = db.session.get_one(Thread, event.thread_id)
    if thread.solution_id == event.post_id and thread.confirmed_at is None:
        _tell_author(fact.id, "lasted", thread, event.author_id, _page(thread, "lasted"))


@subscribe(AnswerConfirmed)
def tell_of_confirmation(event: AnswerConfirmed, fact: Fact) -> None:
    """Whoever wrote the answer hears that it lasted."""
    post = db.session.get_one(Post, event.post_id)
    if post.thread.solution_id == post.id:
        _tell_author(fact.id, "confirmed", post.thread, event.solver_id, _place(post), by_id=event.actor_id)


@subscribe(BookmarkDue)
def remind(event: BookmarkDue, fact: Fact) -> None:
    """Remind of a bookmark, in its owner's own words where there are some."""
    marked, post = db.session.get(Bookmark, event.bookmark_id), db.session.get_one(Post, event.post_id)
    if marked is None or post.hidden_at is not None or not readers(post.thread, [event.member_id]):
        return
    note, title = marked.note, post.thread.title
    notify(
        fact.id,
        "reminder",
        [event.member_id],
        title,
        _place(post),
        None,
        render=(lambda: _("%(note)s: %(title)s", note=note, title=title)) if note else None,
        thread_id=post.thread_id,
    )


def _tell_author(
    event_id: int, kind: str, thread: Thread, member_id: int, url: str, *, by_id: int | None = None
) -> None:
    """Tell somebody of what they wrote, who may read it and did not mute it."""
    if member_id in audience(thread.id, by_id=by_id).deaf:
        return
    told = readers(thread, [member_id])
    if told:
        notify(event_id, kind, told, thread.title, url, by_id, thread_id=thread.id)


def _page(thread: Thread, anchor: str | None = None) -> str:
    return url_for("forum.thread", thread_id=thread.id, _anchor=anchor)


def _place(post: Post) -> str:
    return url_for("forum.post", post_id=post.id)

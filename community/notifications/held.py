"""Authors are told what became of words that somebody looked at before others could read them."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.models import Post
from community.moderation.gates.events import HeldPublished, HeldRefused
from community.moderation.gates.models import HeldWriting

from .kinds import register
from .operations import notify

register(
    "held-decided",
    _l("What you wrote was looked at"),
    sentence=_l("What you wrote was looked at"),
    why=_l("You get this mail because you wrote it."),
    icon="shield",
)


@subscribe(HeldPublished)
def tell_of_publishing(event: HeldPublished, fact: Fact) -> None:
    """It can be read now."""
    post = db.session.get(Post, event.post_id)
    if post is None:
        return
    title = post.thread.title

    def said() -> str:
        return _("It is published: %(title)s", title=title)

    address = url_for("forum.post", post_id=post.id)
    notify(fact.id, "held-decided", [event.member_id], "", address, None, render=said, thread_id=post.thread_id)


@subscribe(HeldRefused)
def tell_of_refusal(event: HeldRefused, fact: Fact) -> None:
    """It stays unpublished; the reason is said, and the text is among the drafts."""
    row = db.session.get(HeldWriting, event.held_id)
    if row is None:
        return
    words, address = row.words, url_for("held.waiting", _anchor=f"held-{row.id}")

    def said() -> str:
        return _("It was not published; you have your text among your drafts")

    notify(fact.id, "held-decided", [event.member_id], "", address, None, render=said, excerpt=words)

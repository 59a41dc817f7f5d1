"""Authors are told what became of words that somebody looked at before others could read them."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.models import Post
from community.moderation.gates import held
from community.moderation.gates.events import HeldPublished, HeldRefused, HeldReopened
from community.moderation.gates.models import HeldWriting

from .kinds import register
from .operations import notify

KIND = "held-decided"
Said = Callable[[], str]

register(
    KIND,
    _l("What you wrote was looked at"),
    sentence=_l("What you wrote was looked at"),
    why=_l("You get this mail because you wrote it."),
    icon="shield",
    group="own",
)


@subscribe(HeldPublished)
def tell_of_publishing(event: HeldPublished, fact: Fact) -> None:
    """It can be read now."""
    row, post = db.session.get(HeldWriting, event.held_id), db.session.get(Post, event.post_id)
    if row is None:
        return
    title, thread_id = (post.thread.title, post.thread_id) if post is not None else (row.title, None)

    def said() -> str:
        return _("It is published: %(title)s", title=title)

    _tell(fact.id, row, said, held.address_of(row), thread_id)


def _tell(
    fact_id: int, row: HeldWriting, said: Said, address: str, thread_id: int | None = None, words: str = ""
) -> None:
    notify(fact_id, KIND, [row.member_id], "", address, None, render=said, thread_id=thread_id, excerpt=words)


@subscribe(HeldRefused)
def tell_of_refusal(event: HeldRefused, fact: Fact) -> None:
    """It stays unpublished; the reason is said, and the text is among the drafts."""
    row = db.session.get(HeldWriting, event.held_id)
    if row is None:
        return
    form_of_its_own = bool(held.goes_on(row))

    def said() -> str:
        if form_of_its_own:
            return _("It was not published; you can go on with your text")
        return _("It was not published; you have your text among your drafts")

    _tell(fact.id, row, said, held.list_of(row), words=row.words)


@subscribe(HeldReopened)
def tell_of_reopening(event: HeldReopened, fact: Fact) -> None:
    """Whoever decided took that back: nobody else reads it for now, and it is decided anew."""
    row = db.session.get(HeldWriting, event.held_id)
    if row is None:
        return
    title = row.title

    def said() -> str:
        return _("The decision was taken back; it waits for approval again: %(title)s", title=title)

    _tell(fact.id, row, said, held.list_of(row))

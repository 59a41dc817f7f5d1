"""What members are told about changes that somebody proposed to a text."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import EditSuggested, SuggestionAccepted, SuggestionRefused
from community.forum.models import Post
from community.forum.reading.readers import readers

from .kinds import register
from .operations import notify

register(
    "suggested-edit",
    _l("Somebody suggests a change to what you wrote"),
    mail=False,
    sentence=_l("%(name)s suggests a change to what you wrote"),
    why=_l("You get this mail because you wrote the post."),
    icon="edit",
    group="own",
)
register(
    "suggestion-decided",
    _l("Your suggested edit was decided"),
    mail=False,
    sentence=_l("%(name)s decided on your suggested edit"),
    why=_l("You get this mail because you suggested the edit."),
    icon="review",
    group="own",
)


@subscribe(EditSuggested)
def tell_the_author(event: EditSuggested, fact: Fact) -> None:
    """The author of the post decides, among others."""
    post = db.session.get_one(Post, event.post_id)
    _tell(event, fact, "suggested-edit", post.author_id, post)


@subscribe(SuggestionAccepted)
def tell_of_acceptance(event: SuggestionAccepted, fact: Fact) -> None:
    """Whoever proposed it hears that it is done."""
    _tell(event, fact, "suggestion-decided", event.suggester_id, db.session.get_one(Post, event.post_id))


@subscribe(SuggestionRefused)
def tell_of_refusal(event: SuggestionRefused, fact: Fact) -> None:
    """Whoever proposed it hears why it is not."""
    post = db.session.get_one(Post, event.post_id)
    _tell(event, fact, "suggestion-decided", event.suggester_id, post, event.word)


def _tell(
    event: EditSuggested | SuggestionAccepted | SuggestionRefused,
    fact: Fact,
    kind: str,
    member_id: int,
    post: Post,
    word: str = "",
) -> None:
    if post.hidden_at is not None or not readers(post.thread, [member_id]):
        return
    address = url_for("suggesting.suggestion", suggestion_id=event.suggestion_id)
    notify(
        fact.id,
        kind,
        [member_id],
        post.thread.title,
        address,
        event.actor_id,
        thread_id=post.thread_id,
        excerpt=word,
    )

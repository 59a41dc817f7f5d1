"""Changes that members propose to posts of others. Nothing is overwritten: who accepts has seen the present text."""

from datetime import timedelta
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core import events
from community.core.db import db, utcnow

from ..arranging.operations import ArrangingError
from ..editing.operations import edit_post, locked
from ..events import EditSuggested, SuggestionAccepted, SuggestionRefused, SuggestionWithdrawn
from ..models import Post
from .models import Outcome, SuggestedEdit, title_of

OPEN_A_DAY = 5  # suggestions of one member that may wait, of those sent within a day
DAY = timedelta(days=1)


def mark_of(post: Post) -> str:
    """Tells one text of a post from another, to see that nobody changed it while somebody decided."""
    return mark(title_of(post), post.body)


def mark(title: str, body: str) -> str:
    """The same of a title and a text."""
    return sha256(f"{title}\n{body}".encode()).hexdigest()[:16]


def suggest(post: Post, *, member_id: int, title: str, body: str, reason: str) -> SuggestedEdit:
    """Propose a text; the same one again is the one that waits.

    Raises `ArrangingError` where it changes nothing, or the member has enough of them waiting.
    """
    post = locked(post)
    title = title if post.opens else ""
    if body == post.body and title == title_of(post):
        raise ArrangingError(_l("You changed nothing."))
    mine = (SuggestedEdit.post_id == post.id, SuggestedEdit.member_id == member_id, SuggestedEdit.state == Outcome.OPEN)
    same = select(SuggestedEdit).where(*mine, SuggestedEdit.title == title, SuggestedEdit.body == body)
    if (again := db.session.scalar(same.limit(1))) is not None:
        return again
    if waiting_of(member_id) >= OPEN_A_DAY:
        raise ArrangingError(_l("Five of your suggestions wait already. Send the next one when some are decided."))
    made = SuggestedEdit(
        post_id=post.id,
        member_id=member_id,
        base_title=title_of(post),
        base_body=post.body,
        title=title,
        body=body,
        reason=reason,
    )
    db.session.add(made)
    _count(post, +1)
    db.session.flush()
    events.record(EditSuggested(actor_id=member_id, thread_id=post.thread_id, post_id=post.id, suggestion_id=made.id))
    return made


def waiting_of(member_id: int) -> int:
    """How many of a member's suggestions of the last day wait; one request of theirs at a time asks this."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())
    wanted = select(func.count()).select_from(SuggestedEdit)
    mine = (SuggestedEdit.member_id == member_id, SuggestedEdit.state == Outcome.OPEN)
    return db.session.scalar(wanted.where(*mine, SuggestedEdit.created_at > utcnow() - DAY)) or 0


def _count(post: Post, by: int) -> None:
    post.suggested_count = Post.suggested_count + by
    post.thread.touch()


def _take(suggestion: SuggestedEdit, state: Outcome, by_id: int, word: str = "") -> Post:
    """Decide it, once. Raises `ArrangingError` where somebody did already."""
    post = locked(suggestion.post)
    db.session.refresh(suggestion)
    if not suggestion.is_open:
        raise ArrangingError(_l("Somebody else decided on this a moment ago."))
    suggestion.state, suggestion.word = state.value, word
    suggestion.decided_at, suggestion.decided_by_id = utcnow(), by_id
    _count(post, -1)
    return post


def accept(suggestion: SuggestedEdit, *, by_id: int, seen: str, title: str, body: str) -> None:
    """Let the post read so, as it was proposed or with changes. `seen` is the mark of the text that was looked at.

    Raises `ArrangingError` where the post was changed since.
    """
    post = _take(suggestion, Outcome.ACCEPTED, by_id)
    if mark_of(post) != seen:
        raise ArrangingError(_l("The post was changed a moment ago. Look at it as it is now."))
    edit_post(post, editor_id=suggestion.member_id, body=body, title=title, reason=suggestion.reason)
    events.record(
        SuggestionAccepted(
            actor_id=by_id,
            thread_id=post.thread_id,
            post_id=post.id,
            suggestion_id=suggestion.id,
            suggester_id=suggestion.member_id,
            changed=body != suggestion.body or (post.opens and title != suggestion.title),
        )
    )


def refuse(suggestion: SuggestedEdit, *, by_id: int, word: str) -> None:
    """Leave the post as it is, and say why."""
    post = _take(suggestion, Outcome.REFUSED, by_id, word)
    events.record(
        SuggestionRefused(
            actor_id=by_id,
            thread_id=post.thread_id,
            post_id=post.id,
            suggestion_id=suggestion.id,
            suggester_id=suggestion.member_id,
            word=word,
        )
    )


def withdraw(suggestion: SuggestedEdit, *, by_id: int) -> None:
    """Whoever proposed it takes it back."""
    post = _take(suggestion, Outcome.WITHDRAWN, by_id)
    events.record(
        SuggestionWithdrawn(actor_id=by_id, thread_id=post.thread_id, post_id=post.id, suggestion_id=suggestion.id)
    )

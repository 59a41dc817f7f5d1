"""What staff do with words that came by mail and wait: let everybody read them, keep them as a note, put them aside."""

from flask_babel import gettext as _

from bridge.handovers.models import DeskMessage, MessageState
from bridge.queries import operations as query_operations
from bridge.queries import policies, queries
from bridge.queries.models import Query, StepKind
from community.core.db import db, utcnow
from community.core.policies import Actor

ASIDE = "put aside: "


class NotHeldError(Exception):
    """Somebody was faster, or the query is finished: nothing was done. The text says so to the person who asked."""


def release(message: DeskMessage, by: Actor, *, public: bool = True, text: str | None = None) -> list[int]:
    """Let the words of a held message be said in the threads, or with `public=False` noted at the desk only.

    `text` takes the place of what came, where somebody changed it. They are said under the desk's own account, never
    under a person's: who wrote a mail is not proven. The ids of the posts. Raises `NotHeldError`.
    """
    query = _begin(message)
    words = (message.text if text is None else text).strip()
    if public:
        if not policies.can_talk(query):
            raise NotHeldError(_("This query is finished. Reopen it first, or keep the mail as a note."))
        message.post_ids = query_operations.reply(query, words, by_id=message.hand_over.desk.speaker_id)
        _record(query, by, _("Released a mail of %(author)s.", author=message.author))
    else:
        _record(query, by, _("Mail of %(author)s:", author=message.author) + f"\n\n{words}")
    message.state, message.sent_at = MessageState.RECEIVED.value, utcnow()
    db.session.flush()
    return list(message.post_ids)


def note(message: DeskMessage, by: Actor, *, text: str | None = None) -> None:
    """Keep the words of a held message as a note that never leaves the desk. Raises `NotHeldError`."""
    release(message, by, public=False, text=text)


def discard(message: DeskMessage, reason: str, by: Actor) -> None:
    """Put a held message aside; the reason is on the record. Raises `NotHeldError`."""
    query = _begin(message)
    _record(query, by, _("Put aside a mail of %(author)s: %(reason)s", author=message.author, reason=reason))
    message.state, message.sent_at = MessageState.RECEIVED.value, utcnow()
    message.error = f"{ASIDE}{reason}"[:2000]
    db.session.flush()


def _begin(message: DeskMessage) -> Query:
    """The message and its query, locked, so that two clicks cannot both count."""
    query = queries.locked(message.hand_over.query_id)
    db.session.refresh(message, with_for_update=True)
    if query is None or message.state != MessageState.HELD:
        raise NotHeldError(_("Somebody else has dealt with this mail already."))
    return query


def _record(query: Query, by: Actor, text: str) -> None:
    query_operations.record(query, StepKind.NOTED, by.id, utcnow(), text=text)

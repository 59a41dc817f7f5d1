"""Facts about letters of recognition. Names are never changed."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LetterMoved(Event):
    """A letter came to another place.

    drafted, redrafted, shown, changed, agreed, asked, hours_allowed, hours_refused, signed, discarded, shared, revoked
    """

    name = "superusers.letter.moved"
    subject = "letter_id"
    letter_id: int
    what: str

"""The watched words of an installation and its spaces: kept, tried, and found in what is about to be published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from community.core.db import db, utcnow
from community.core.sensitive.trying import Unusable, usable

from .models import Action, Look, WatchedWord
from .watching import Form, Span, forms_of, masked, spans_of_pattern, spans_of_word

MOST = 1_000  # for one space, and for all
LONGEST_WORD = 80
ACTIONS = {
    Action.REFUSE: _l("Refuse it: the author is asked to write it differently"),
    Action.HOLD: _l("Hold it: somebody looks at it first"),
    Action.FLAG: _l("Publish it and report it to those who review"),
    Action.MASK: _l("Publish it with the word masked"),
}
ACTION_SAID = {
    Action.REFUSE: _l("refused"),
    Action.HOLD: _l("held"),
    Action.FLAG: _l("reported"),
    Action.MASK: _l("masked"),
}
LOOKS = {Look.WORD: _l("A word or phrase"), Look.PATTERN: _l("A regular expression")}


@dataclass(frozen=True)
class Hit:
    """A watched text that was found: what stands there, and where."""

    word: WatchedWord
    found: str
    spans: Sequence[Span]


def words_for(space_id: int | None, *, own: bool = False) -> list[WatchedWord]:
    """What is watched for in a space: everywhere and there; with `own` only what was set there itself."""
    here = WatchedWord.space_id == space_id if space_id is not None else WatchedWord.space_id.is_(None)
    where = here if own else or_(here, WatchedWord.space_id.is_(None))
    return list(db.session.scalars(select(WatchedWord).where(where).order_by(WatchedWord.text, WatchedWord.id)))


def add(space_id: int | None, *, look: str, text: str, action: str, by_id: int) -> WatchedWord:
    """Watch for one more. Raises `Unusable` for a pattern that is wrong, finds nothing, or slows everybody down."""
    if look == Look.PATTERN:
        usable(text)
    elif not _is_word(text):
        raise Unusable("long" if len(text) > LONGEST_WORD else "empty")
    row = WatchedWord(space_id=space_id, look=look, text=text, action=action, by_id=by_id, at=utcnow())
    db.session.add(row)
    db.session.flush()
    return row


def _is_word(text: str) -> bool:
    return len(text) <= LONGEST_WORD and any(sign.isalnum() for sign in text)


def hits(words: Iterable[WatchedWord], text: str) -> list[Hit]:
    """Which of the words stand in a text."""
    forms, found = forms_of(text), []
    for word in words:
        spans = _spans(word, text, forms)
        if spans:
            start, end = spans[0]
            found.append(Hit(word, text[start:end], spans))
    return found


def _spans(word: WatchedWord, text: str, forms: Sequence[Form]) -> list[Span]:
    if word.look == Look.PATTERN:
        return spans_of_pattern(word.text, text, forms)
    return spans_of_word(word.text, forms)


def new_hits(words: Sequence[WatchedWord], text: str, before: str) -> list[Hit]:
    """The same, without what stood in the text before an edit."""
    found = hits(words, text)
    if not found or not before:
        return found
    stood = {hit.word.id for hit in hits([hit.word for hit in found], before)}
    return [hit for hit in found if hit.word.id not in stood]


def strongest(found: Iterable[Hit], action: Action) -> Hit | None:
    """The first that asks for this."""
    return next((hit for hit in found if hit.word.action == action), None)


def without(text: str, words: Iterable[WatchedWord]) -> str:
    """The text with everything masked that is to be."""
    found = hits([word for word in words if word.action == Action.MASK], text)
    return masked(text, [span for hit in found for span in hit.spans]) if found else text

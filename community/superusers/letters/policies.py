"""Who reads, writes, signs and shares letters of recognition."""

from datetime import datetime

from community.core.policies import Actor

from ..appointing.policies import can_run
from .models import OPEN, SHOWN, SILENCE, Letter, LetterState


def is_theirs(actor: Actor, letter: Letter) -> bool:
    """Whether it is about the actor."""
    return actor.is_member and letter.member_id == actor.id


def can_see(actor: Actor, letter: Letter) -> bool:
    """The person, once it was shown to them, and for ever; else who runs the programme."""
    if is_theirs(actor, letter):
        return letter.state in (*SHOWN, LetterState.SIGNED)
    return can_run(actor)


def can_see_version(actor: Actor, letter: Letter, number: int) -> bool:
    """What was a draft is for who wrote it."""
    was_shown = letter.shown_from is not None and number >= letter.shown_from
    return can_see(actor, letter) and (was_shown or not is_theirs(actor, letter))


def can_write(actor: Actor, letter: Letter) -> bool:
    """Who runs the programme, until it is signed; nobody their own."""
    return can_run(actor) and not is_theirs(actor, letter) and letter.state in OPEN


def can_show(actor: Actor, letter: Letter) -> bool:
    """A draft; and once more as it is, where a change was asked that is not made."""
    return can_write(actor, letter) and letter.state in (LetterState.DRAFT, LetterState.ASKED)


def can_sign(actor: Actor, letter: Letter, now: datetime) -> bool:
    """Once the person finds it right, or has said nothing against it for a week."""
    silent = letter.state == LetterState.SHOWN and letter.shown_at is not None and letter.shown_at <= now - SILENCE
    return can_write(actor, letter) and (letter.state == LetterState.AGREED or silent)


def can_answer(actor: Actor, letter: Letter) -> bool:
    """The person, while it is not signed: they find it right, ask for a change, or allow their hours."""
    return is_theirs(actor, letter) and letter.state in SHOWN


def can_share(actor: Actor, letter: Letter) -> bool:
    """The person alone, what is signed."""
    return is_theirs(actor, letter) and letter.state == LetterState.SIGNED

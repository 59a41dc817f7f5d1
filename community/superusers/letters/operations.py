"""Letters of recognition: drafted, shown, agreed to, signed, and shared by the person whom they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from community.accounts.models import Member, hash_token, new_token
from community.core import events
from community.core.db import db, utcnow
from community.core.markup import render

from ..agreements.operations import hashed
from .events import LetterMoved
from .figures import HOURS, counted
from .models import MOST_LINKS, OPEN, SHOWN, Letter, LetterLink, LetterState, LetterVersion


class ChangedError(Exception):
    """What somebody was about to sign is not the letter any more."""


@dataclass(frozen=True)
class Told:
    """What a letter says."""

    addressee: str
    language: str
    begins_on: date
    ends_on: date
    words: str
    figures: Sequence[str]


def draft(member: Member, told: Told, *, by_id: int) -> Letter:
    """Write a letter; the person sees it once it is shown to them."""
    made = Letter(member_id=member.id, by_id=by_id, made_at=utcnow(), version=1, hours_allowed=False)
    made.state = LetterState.DRAFT.value
    _fill(made, told)
    db.session.add(made)
    db.session.flush()
    _keep(made, by_id)
    _record(made, "drafted", by_id)
    return made


def change(letter: Letter, told: Told, *, by_id: int) -> bool:
    """Say it anew; who was shown it already is asked to look at it again.

    False where nothing is different, and where somebody signed or discarded it meanwhile.
    """
    lock(letter)
    if letter.state not in OPEN:
        return False
    before = content_of(letter)
    _fill(letter, told)
    db.session.flush()
    if content_of(letter) == before:
        return False
    letter.version += 1
    _keep(letter, by_id)
    if letter.state == LetterState.DRAFT:
        _record(letter, "redrafted", by_id)
    else:
        letter.state, letter.shown_at, letter.wish = LetterState.SHOWN.value, utcnow(), ""
        _record(letter, "changed", by_id)
    return True


def count_again(letter: Letter, *, by_id: int) -> bool:
    """Take the figures from the record as it is now."""
    told = Told(letter.addressee, letter.language, letter.begins_on, letter.ends_on, letter.words, letter.told)
    return change(letter, told, by_id=by_id)


def show(letter: Letter, *, by_id: int) -> None:
    """Let the person read it."""
    letter.state, letter.shown_at, letter.wish = LetterState.SHOWN.value, utcnow(), ""
    letter.shown_from = letter.shown_from or letter.version
    _record(letter, "shown", by_id)


def agree(letter: Letter) -> None:
    """The person finds it right."""
    letter.state, letter.wish = LetterState.AGREED.value, ""
    _record(letter, "agreed", letter.member_id)


def ask_for_change(letter: Letter, wish: str) -> None:
    """The person would like it to tell something else, or less."""
    letter.state, letter.wish = LetterState.ASKED.value, wish
    _record(letter, "asked", letter.member_id)


def allow_hours(letter: Letter, *, allowed: bool) -> None:
    """The person lets their hours stand in it, or takes them out: a new version, which they have seen themselves."""
    lock(letter)
    if letter.hours_allowed == allowed or letter.state not in SHOWN:
        return
    letter.hours_allowed = allowed
    _count(letter)
    letter.version += 1
    db.session.flush()
    _keep(letter, letter.member_id)
    _record(letter, "hours_allowed" if allowed else "hours_refused", letter.member_id)


def sign(letter: Letter, *, member: Member, hash_seen: str) -> None:
    """Sign the letter that was shown. Raises `ChangedError` for another text."""
    if hash_seen != hash_of(letter):
        raise ChangedError(letter.id)
    letter.state, letter.signed_at = LetterState.SIGNED.value, utcnow()
    letter.signed_by_id, letter.signed_name = member.id, member.name
    _record(letter, "signed", member.id)


def discard(letter: Letter, *, by_id: int) -> None:
    """It is not written after all."""
    letter.state = LetterState.DISCARDED.value
    _record(letter, "discarded", by_id)


def share(letter: Letter, note: str) -> str | None:
    """A new address of the letter: its secret, known to nobody else from now on. None where there are too many."""
    if len(letter.open_links) >= MOST_LINKS:
        return None
    token = new_token()
    db.session.add(LetterLink(letter_id=letter.id, token_hash=hash_token(token), note=note, made_at=utcnow()))
    db.session.flush()
    db.session.expire(letter, ["links"])
    _record(letter, "shared", letter.member_id)
    return token


def revoke(link: LetterLink) -> None:
    """It opens nothing from now on."""
    if link.revoked_at is None:
        link.revoked_at = utcnow()
        _record(link.letter, "revoked", link.letter.member_id)


def content_of(letter: Letter) -> dict[str, Any]:
    """The letter as data: what is signed. What there was none of is not mentioned."""
    return {
        "super_user": letter.member.name,
        "addressee": letter.addressee,
        "language": letter.language,
        "begins_on": letter.begins_on.isoformat(),
        "ends_on": letter.ends_on.isoformat(),
        "figures": {key: letter.figures[key] for key in letter.told if letter.figures.get(key)},
        "words": letter.words,
    }


def hash_of(letter: Letter) -> str:
    """The hash of the present version."""
    return letter.versions[-1].hash


def lock(letter: Letter) -> None:
    """Let nobody else change it, nor sign or answer what is being changed, until this transaction ends."""
    unchanged = update(Letter).where(Letter.id == letter.id).values(version=Letter.version)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
    db.session.refresh(letter)


def _fill(letter: Letter, told: Told) -> None:
    letter.addressee, letter.language = told.addressee, told.language
    letter.begins_on, letter.ends_on = told.begins_on, told.ends_on
    letter.words, letter.words_html = told.words, render(told.words).html
    letter.told = list(told.figures)
    _count(letter)


def _count(letter: Letter) -> None:
    """What the person did not allow is not even counted."""
    keys = [key for key in letter.told if letter.hours_allowed or key not in HOURS]
    letter.figures = dict(counted(letter.member_id, letter.begins_on, letter.ends_on, keys))


def _keep(letter: Letter, by_id: int | None) -> None:
    content = content_of(letter)
    kept = LetterVersion(
        letter_id=letter.id, number=letter.version, content=content, hash=hashed(content), by_id=by_id, at=utcnow()
    )
    db.session.add(kept)
    db.session.flush()
    db.session.expire(letter, ["versions"])


def _record(letter: Letter, what: str, by_id: int | None) -> None:
    events.record(LetterMoved(actor_id=by_id, letter_id=letter.id, what=what))

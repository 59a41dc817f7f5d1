"""Keeping texts that are not published yet, so that none is lost: not to a crash, not to a second window."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, String, and_, delete, func, literal, or_, select, update
from sqlalchemy import cast as cast_to

from community.accounts.models import Member
from community.core.db import db, insert_once, utcnow
from community.core.jobs import every
from community.core.numbers import whole_number

from .models import Draft, DraftKind, Place

MOST = 200  # drafts of one member
KEPT = timedelta(days=180)  # since the last change


class TooManyDrafts(Exception):  # noqa: N818 - says what happened
    """The member has as many drafts as may be kept."""


class DraftGone(Exception):  # noqa: N818 - says what happened
    """The draft that was to be written on is not there any more: published or removed meanwhile."""


@dataclass(frozen=True)
class Words:
    """What stands in a form: title, text, the space's slug, and the rest by field."""

    title: str = ""
    body: str = ""
    space: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not (self.title.strip() or self.body.strip())


@dataclass(frozen=True)
class Basis:
    """What the writing window knows: the draft it goes on with, that draft's version, and who writes."""

    draft_id: int = 0
    version: int = 0
    writer: str = ""


def keep(member_id: int, place: Place, words: Words, basis: Basis) -> Draft:
    """Keep a text. Where another window wrote on the same draft meanwhile, this text gets a row of its own.

    So the newer is found first and the older is there still. Raises `TooManyDrafts`, and `DraftGone` where the draft
    was published or removed meanwhile.
    """
    if basis.draft_id:
        going_on = _own(member_id, place, basis)
        again = update(Draft).where(*going_on, _unchanged_since(basis)).values(**_values(words, basis))
        again = again.values(version=Draft.version + 1).returning(Draft)
        found = db.session.scalar(again, execution_options={"populate_existing": True})
        if found is not None:
            return found
        if db.session.scalar(select(Draft.id).where(*going_on)) is None:
            raise DraftGone
    return _begin(member_id, place, words, basis)


def _own(member_id: int, place: Place, basis: Basis) -> tuple[Any, ...]:
    return (
        Draft.id == basis.draft_id,
        Draft.member_id == member_id,
        Draft.kind == str(place.kind),
        Draft.target_id == place.target_id,
    )


def _unchanged_since(basis: Basis) -> Any:
    """An answer that got lost on its way does not make a window's own saving somebody else's."""
    mine = and_(Draft.writer == basis.writer, Draft.writer != "")
    return or_(Draft.version == basis.version, mine)


def _values(words: Words, basis: Basis) -> dict[str, Any]:
    return {
        "title": words.title,
        "body": words.body,
        "space": words.space,
        "fields": words.fields,
        "writer": basis.writer,
        "updated_at": utcnow(),
    }


def _begin(member_id: int, place: Place, words: Words, basis: Basis) -> Draft:
    """A row of its own, under the place's key where that is free. Locks the member, so that the limit holds."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())
    if (db.session.scalar(select(func.count(Draft.id)).where(Draft.member_id == member_id)) or 0) >= MOST:
        raise TooManyDrafts
    row = {"member_id": member_id, "kind": str(place.kind), "target_id": place.target_id} | _values(words, basis)
    key = place.key
    while not insert_once(Draft, key=key, version=1, **row):
        key = f"{place.key}:{secrets.token_hex(4)}"
    return db.session.scalars(select(Draft).where(Draft.member_id == member_id, Draft.key == key)).one()


def clear(member_id: int, place: Place, basis: Basis) -> None:
    """Everything was wiped out in the window that wrote the draft: it goes, unless another window wrote on it."""
    db.session.execute(delete(Draft).where(*_own(member_id, place, basis), _unchanged_since(basis)))


def remove(member_id: int, draft_id: int) -> bool:
    """Throw a draft of the member's away; whether there was one."""
    gone = delete(Draft).where(Draft.id == draft_id, Draft.member_id == member_id)
    return bool(cast(CursorResult[Any], db.session.execute(gone)).rowcount)


def published(member_id: int, place: Place, *, body: str, draft_id: int) -> None:
    """Remove what has become a post, and copies of it, in the transaction that makes it one; other versions stay."""
    same = and_(Draft.kind == str(place.kind), Draft.target_id == place.target_id, Draft.body == body)
    db.session.execute(delete(Draft).where(Draft.member_id == member_id, or_(Draft.id == draft_id, same)))


def moved(before: Place, after: Place) -> None:
    """What was begun for one place belongs to another one from now on, everybody's."""
    there = update(Draft).where(Draft.kind == str(before.kind), Draft.target_id == before.target_id)
    key = literal(f"{after.key}:m") + cast_to(Draft.id, String)
    db.session.execute(
        there.values(kind=str(after.kind), target_id=after.target_id, key=key),
        execution_options={"synchronize_session": False},
    )


@every(hours=24)
def forget_old_drafts() -> None:
    """Drafts that nobody touched for `KEPT` are removed."""
    db.session.execute(delete(Draft).where(Draft.updated_at < utcnow() - KEPT))


def place_of(text: str) -> Place | None:
    """The place that a page named by its key, or nothing for what is none."""
    kind, _colon, digits = text.partition(":")
    number = whole_number(digits)
    if text == DraftKind.THREAD:
        return Place(DraftKind.THREAD)
    if kind in (DraftKind.REPLY, DraftKind.EDIT) and number is not None:
        return Place(DraftKind(kind), number)
    return None

"""Asking before a text is published that has something in it which others should not read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column
from wtforms import Field

from community.core import events
from community.core.db import Base, db, utcnow
from community.core.forms import TAG, PageForm, split_tags
from community.core.sensitive.finding import Finding, OwnPattern, find, masked
from community.core.sensitive.trying import usable

from ..events import PublishedAsItIs
from ..models import Post, Thread

MOST_SHOWN = 5
MASK, KEEP = "mask", "keep"
TAGS_FIELD = "tags"
WORDS = {
    "password": _l("password"),
    "token": _l("token"),
    "key": _l("private key"),
    "card": _l("card number"),
    "id": _l("ID number"),
    "account": _l("bank account"),
    "addresses": _l("e-mail address"),
    "phones": _l("phone number"),
}
LOOKS = {
    "password": _l("This looks like a password"),
    "token": _l("This looks like a token or a key of a program"),
    "key": _l("This looks like a private key"),
    "card": _l("This looks like the number of a payment card"),
    "id": _l("This looks like the number of an identity card"),
    "account": _l("This looks like the number of a bank account"),
    "addresses": _l("This looks like a list of e-mail addresses"),
    "phones": _l("This looks like a list of phone numbers"),
}


class GuardPattern(Base):
    """Something else that this installation wants to be asked about; `name` is what stands in its place."""

    __tablename__ = "guard_pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    pattern: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)


def own_patterns() -> list[GuardPattern]:
    """The installation's patterns by name."""
    return list(db.session.scalars(select(GuardPattern).order_by(GuardPattern.name)))


def add_pattern(name: str, pattern: str, *, by_id: int) -> GuardPattern:
    """Look for something else too. Raises `sensitive.trying.Unusable` for a pattern that would slow everybody down."""
    usable(pattern)
    row = GuardPattern(name=name, pattern=pattern, by_id=by_id)
    db.session.add(row)
    db.session.flush()
    return row


@dataclass(frozen=True)
class Place:
    """Where something was found: in which field, in which line, and what stands around it."""

    label: object
    finding: Finding


@dataclass(frozen=True)
class Question:
    """What is asked about all finds of one kind."""

    kind: str
    looks: str
    word: str
    places: Sequence[Place]
    choice: str

    @property
    def shown(self) -> Sequence[Place]:
        """The first places; the others look like them."""
        return self.places[:MOST_SHOWN]


@dataclass(frozen=True)
class Guard:
    """What the page asks, and the marks of what it has shown."""

    questions: Sequence[Question]
    marks: str


class Guarded(PageForm):
    """A form whose texts are looked at before they are published; the answer comes with the same form.

    What stood there before an edit is not asked about again. After `validate`, `as_it_is` names the kinds that the
    person chose to publish.
    """

    guarded: tuple[str, ...] = ("title", "body")
    guard: Guard | None = None
    as_it_is: tuple[str, ...] = ()

    def guarded_fields(self) -> list[Field]:
        """The fields that others will read."""
        return [self[name] for name in self.guarded if name in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then ask about what was found in them, until each kind has its answer."""
        if not super().validate(extra_validators):
            return False
        own = own_patterns()
        kinds = [OwnPattern(f"own{row.id}", re.compile(row.pattern)) for row in own]
        names = {f"own{row.id}": row.name for row in own}
        found = [(field, new_in(field, kinds)) for field in self.guarded_fields()]
        seen = frozenset(request.form.get("guard-seen", "").split())
        if any(one.mark not in seen or not _choice(one.kind) for _field, ones in found for one in ones):
            self.guard = _asked(found, names)
            self.form_errors.append(_("Somebody else should perhaps not read all of this. Please choose below."))
            return False
        fits = True
        for field, ones in found:
            hidden = [one for one in ones if _choice(one.kind) == MASK]
            if hidden:
                fits = put(self, field, masked(field.data, hidden, lambda kind: _word(kind, names))) and fits
        kept = {one.kind for _field, ones in found for one in ones if _choice(one.kind) == KEEP}
        self.as_it_is = tuple(sorted(kept))
        return fits


def put(form: PageForm, field: Field, text: str) -> bool:
    """Let a field say this, masked; of tags, those that still are some. Whether the form takes it like that."""
    if field.short_name != TAGS_FIELD:
        field.data = text
        return bool(field.validate(form))
    field.data = " ".join(name for name in split_tags(text) if TAG.match(name))
    own = getattr(type(form), f"validate_{TAGS_FIELD}", None)
    return bool(field.validate(form, [own] if own is not None else []))


def new_in(field: Field, own: Sequence[OwnPattern]) -> list[Finding]:
    """What was found in a field and did not stand in it before."""
    found = find(field.data or "", own)
    if not found or not isinstance(field.object_data, str):
        return found
    before = {one.mark for one in find(field.object_data, own)}
    return [one for one in found if one.mark not in before]


def note(form: Guarded, written: Post | Thread, *, by_id: int) -> None:
    """Remember that whoever wrote it was asked and published it as it is: which kinds, never what."""
    if form.as_it_is:
        post = written.posts[0] if isinstance(written, Thread) else written
        event = PublishedAsItIs(actor_id=by_id, thread_id=post.thread_id, post_id=post.id, kinds=form.as_it_is)
        events.record(event)


def _choice(kind: str) -> str:
    given = request.form.get(f"guard-{kind}", "")
    return given if given in (MASK, KEEP) else ""


def _word(kind: str, names: dict[str, str]) -> str:
    return names.get(kind) or str(WORDS[kind])


def _asked(found: Iterable[tuple[Field, list[Finding]]], names: dict[str, str]) -> Guard:
    places: dict[str, list[Place]] = {}
    for field, ones in found:
        for one in ones:
            places.setdefault(one.kind, []).append(Place(field.label.text, one))
    questions = [
        Question(kind, _looks(kind, names), _word(kind, names), ones, _choice(kind) or MASK)
        for kind, ones in places.items()
    ]
    marks = dict.fromkeys(place.finding.mark for ones in places.values() for place in ones)
    return Guard(questions, " ".join(marks))


def _looks(kind: str, names: dict[str, str]) -> str:
    return str(LOOKS[kind]) if kind in LOOKS else _("This looks like: %(what)s", what=names[kind])

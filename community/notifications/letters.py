"""What people are told of letters of recognition."""

from collections.abc import Callable, Collection

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.superusers.letters.events import LetterMoved
from community.superusers.letters.models import Letter, LetterState
from community.superusers.letters.policies import can_see

from .kinds import register
from .operations import notify
from .places import Facts


def _seen(actor: Actor, facts: Facts) -> Collection[int]:
    asked = {payload["letter_id"] for payload in facts.values()}
    rows = db.session.scalars(select(Letter).where(Letter.id.in_(asked)))
    seen = {row.id for row in rows if can_see(actor, row)}
    return [id_ for id_, payload in facts.items() if payload["letter_id"] in seen]


register(
    "letter",
    _l("Letters of recognition"),
    sentence=_l("About a letter of recognition"),
    why=_l("You get this mail because a letter of recognition is about you, or you wrote it."),
    icon="star",
    reads=_seen,
    group="super_users",
)


@subscribe(LetterMoved)
def tell_of_letter(event: LetterMoved, fact: Fact) -> None:
    """The person hears that they are asked to look, and that it is signed; whoever wrote it hears the answer."""
    found = db.session.get(Letter, event.letter_id)
    if found is None or found.state == LetterState.DISCARDED:
        return
    name = found.member.name
    said: dict[str, tuple[int | None, Callable[[], str]]] = {
        "shown": (found.member_id, lambda: _("A letter about what you did waits for your look")),
        "changed": (found.member_id, lambda: _("The letter about what you did was changed; please look again")),
        "signed": (found.member_id, lambda: _("A letter of recognition is signed, and yours")),
        "agreed": (found.by_id, lambda: _("%(name)s finds the letter right; it can be signed", name=name)),
        "asked": (found.by_id, lambda: _("%(name)s asks for a change in the letter", name=name)),
    }
    if event.what in said:
        who, words = said[event.what]
        people = [who] if who is not None else []
        address = url_for("letters.one", letter_id=found.id)
        notify(fact.id, "letter", people, "", address, event.actor_id, render=words)

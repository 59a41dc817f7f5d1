"""The ledger written again from the facts, as if each had been followed the moment it happened."""

from dataclasses import dataclass, field

from sqlalchemy import delete, select, update

from community.core.db import db
from community.core.events import Event, EventRecord, Fact

from .ledger import NAMES, deed_of, enter, stand
from .models import BadgeAward, LedgerEntry, Standing
from .rules import Deed, claims


@dataclass
class Together:
    """Scopes that are settled at once, and their facts so far."""

    scopes: set[str]
    deeds: list[Deed] = field(default_factory=list)


def rebuild() -> int:
    """Replace ledger, standings and badges by what the facts say; how many facts were read.

    All in the present transaction, which is as long as there are facts: the worker waits for it.
    """
    db.session.scalars(select(Standing.member_id).order_by(Standing.member_id).with_for_update()).all()
    db.session.execute(update(LedgerEntry).values(reverses_id=None))
    for table in (LedgerEntry, BadgeAward, Standing):
        db.session.execute(delete(table))
    db.session.expire_all()
    concerned: set[int] = set()
    so_far: dict[str, Together] = {}
    count = 0
    for row in db.session.scalars(select(EventRecord).where(EventRecord.name.in_(NAMES)).order_by(EventRecord.id)):
        deed = deed_of(row)
        known = _known(so_far, row.subject, deed.event)
        known.deeds.append(deed)
        concerned.update(enter(known.scopes, Fact(row.id, row.at), claims(known.deeds)))
        count += 1
    for member_id in sorted(concerned):
        stand(member_id)
    return count


def _known(so_far: dict[str, Together], scope: str, event: Event) -> Together:
    """What is settled with a scope from this fact on."""
    known = so_far.setdefault(scope, Together({scope}))
    other_id = getattr(event, "target_id", None) or getattr(event, "new_thread_id", None)
    if other_id is not None:
        other = so_far.get(f"thread:{other_id}", Together({f"thread:{other_id}"}))
        if other is not known:
            known = Together(known.scopes | other.scopes, [*known.deeds, *other.deeds])
        so_far.update(dict.fromkeys(known.scopes, known))
    return known

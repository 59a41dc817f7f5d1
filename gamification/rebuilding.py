"""The ledger written again from the facts, as if each had been followed the moment it happened."""

from collections import defaultdict

from sqlalchemy import delete, select, update

from community.core.db import db
from community.core.events import EventRecord, Fact

from .ledger import NAMES, deed_of, enter, stand
from .models import BadgeAward, LedgerEntry, Standing
from .rules import Deed, claims


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
    so_far: dict[str, list[Deed]] = defaultdict(list)
    count = 0
    for row in db.session.scalars(select(EventRecord).where(EventRecord.name.in_(NAMES)).order_by(EventRecord.id)):
        so_far[row.subject].append(deed_of(row))
        concerned.update(enter(row.subject, Fact(row.id, row.at), claims(so_far[row.subject])))
        count += 1
    for member_id in sorted(concerned):
        stand(member_id)
    return count

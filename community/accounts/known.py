"""Who is known here. Somebody who registered is nobody to others until the address is confirmed and they are let in.

Their name, handle and picture came from them alone: shown before anybody looked, they would be a free page for
advertising, and a word on who tried to join. Imported accounts that nobody claimed are known by what they wrote.
"""

from sqlalchemy import or_, select

from community.core.db import db
from community.core.policies import Actor

from .models import Member

KNOWN = or_(Member.email_confirmed_at.is_not(None), Member.password_hash == "")


def is_known(member: Member) -> bool:
    """The same of one member."""
    return member.email_confirmed_at is not None or not member.password_hash


def person_called(handle: str, who: Actor) -> Member | None:
    """Whoever has this handle, as `who` sees people: staff see also those who wait, everybody else themselves."""
    found: Member | None = db.session.scalar(select(Member).where(Member.handle == handle))
    if found is None or is_known(found) or who.is_staff or who.id == found.id:
        return found
    return None

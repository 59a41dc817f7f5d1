"""Mail that does not arrive: counted for the address it went to, and no more sent there once it is too often."""

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.mail import matching
from community.core.mail.matching import Arrival
from community.core.numbers import LARGEST_NUMBER, whole_number

from . import addressing
from .planning import BOUNCES_HOLD, row_of


def count_bounce(member_id: int, address: str, words: str) -> None:
    """Note that a mail server gave up on a letter to this address."""
    row = row_of(member_id, locked=True)
    now = utcnow()
    stale = row.bounced_at is None or row.bounced_at < now - BOUNCES_HOLD
    if stale or row.bounced_address != address:
        row.bounce_count = 0
    row.bounce_count += 1
    row.bounced_at, row.bounced_address, row.bounce_words = now, address, " ".join(words.split())[:300]


def resume(member_id: int) -> None:
    """Send mail to the address again."""
    row_of(member_id, locked=True).bounce_count = 0


def note_bounce(arrival: Arrival) -> None:
    """Count what a mail server reports, where it has given up; what machines say otherwise is nothing to us."""
    bounce = arrival.letter.bounce
    member = db.session.get(Member, int(arrival.target.partition("-")[0]))
    if bounce is not None and bounce.final and member is not None:
        count_bounce(member.id, member.email, f"{bounce.status} {bounce.words}")


def _by_address(ids: tuple[int, ...]) -> str | None:
    return str(ids[0]) if len(ids) == 1 and ids[0] <= LARGEST_NUMBER else None


def _by_reference(key: str) -> str | None:
    member_id = key.partition("-")[0]
    return member_id if whole_number(member_id) is not None else None


def _take(arrival: Arrival) -> None:
    """People have nothing to write there; what they write comes to nothing, as for any address that nobody reads."""


matching.register(
    matching.Feature(
        name=addressing.BACK, take=_take, note=note_bounce, by_address=_by_address, by_reference=_by_reference
    )
)

"""What standings would be if some votes did not count: asked before somebody decides so. Nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, tuple_

from community.core.db import db, utcnow
from community.forum.events import VoteSetAside

from .ledger import deeds_of, together
from .models import LedgerEntry
from .rules import RULES, Claim, Deed, claims

Day = tuple[int, str, date]


@dataclass(frozen=True)
class VoteThere:
    """A vote that counts: on which post of whom, by whom, and in which thread."""

    post_id: int
    author_id: int
    voter_id: int
    helpful: bool
    thread_id: int


def points_lost(votes: Collection[VoteThere]) -> dict[int, int]:
    """How many points each author would lose, after the limits of posts and of days; in a few statements."""
    changes: Counter[Day] = Counter()
    scopes = together({f"thread:{vote.thread_id}" for vote in votes})
    known = deeds_of(frozenset().union(*scopes.values()))
    aside = [_aside(vote, place) for place, vote in enumerate(votes)]
    for sign, due in ((-1, claims(known)), (+1, claims([*known, *aside]))):
        changes.update(_by_day(due, sign))
    lost: Counter[int] = Counter()
    sums = _sums(changes)
    for (member_id, rule, day), change in changes.items():
        most, has = RULES[rule].daily, sums.get((member_id, rule, day), 0)
        ends = [has, has + change] if most is None else [min(has, most), min(has + change, most)]
        lost[member_id] += ends[0] - ends[1]
    return {member_id: points for member_id, points in lost.items() if points}


def _aside(vote: VoteThere, place: int) -> Deed:
    """The fact that there would be, later than all that are known."""
    event = VoteSetAside(
        actor_id=None,
        thread_id=vote.thread_id,
        post_id=vote.post_id,
        author_id=vote.author_id,
        voter_id=vote.voter_id,
        helpful=vote.helpful,
    )
    return Deed(2**62 + place, utcnow(), event)


def _by_day(due: Iterable[Claim], sign: int) -> Counter[Day]:
    points: Counter[Day] = Counter()
    for claim in due:
        points[claim.member_id, claim.rule, claim.at.date()] += sign * claim.points
    return points


def _sums(days: Collection[Day]) -> dict[Day, int]:
    """What the ledger has by each rule for each of these days, before its limit."""
    key = LedgerEntry.member_id, LedgerEntry.rule, LedgerEntry.day
    rows = select(*key, func.sum(LedgerEntry.points)).where(tuple_(*key).in_(list(days))).group_by(*key)
    return {(row[0], row[1], row[2]): int(row[3]) for row in db.session.execute(rows)} if days else {}

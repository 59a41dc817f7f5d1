"""Keeping the ledger: each delivery brings it to what the facts say, so neither order nor repetition matters.

What is settled at once is an article, or a thread with all that merges and splits tie it to, for posts take what they
earned along; an entry stays under the subject of its cause. The facts' subjects are locked first, then the standings of
the members concerned, by id; only then is anything read.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from community import public
from community.core.db import db
from community.core.events import EventRecord, Fact, restore, type_by_name

from .badges import settle_badges
from .levels import level_at
from .models import LedgerEntry, Standing
from .rules import LIMIT_OF, READ, RULES, Claim, Deed, claims

NAMES = [kind.name for kind in READ]
# Some facts are only read, with nobody subscribed to them; they can be restored all the same.
type_by_name.update((kind.name, kind) for kind in READ)


@dataclass
class Held:
    """What the ledger says so far of one cause, member and rule."""

    claim: Claim
    points: int
    last_id: int


Key = tuple[int, int, str]


def follow(scope: str, fact: Fact) -> None:
    """Settle the thread or article `scope` ("thread:3", "article:5") after a fact, and all standings it moves."""
    scopes = _locked(scope)
    for member_id in enter(scopes, fact, claims(deeds_of(scopes))):
        stand(member_id)


def together(scopes: Collection[str]) -> dict[str, frozenset[str]]:
    """Each of the scopes with those that are settled with it."""
    ids = {scope: int(scope.removeprefix("thread:")) for scope in scopes if scope.startswith("thread:")}
    joined = public.threads_joined(set(ids.values()))
    return {
        scope: frozenset(f"thread:{id_}" for id_ in joined[ids[scope]]) if scope in ids else frozenset({scope})
        for scope in scopes
    }


def enter(scopes: Collection[str], fact: Fact, due: list[Claim]) -> list[int]:
    """Write what is missing between what is due and what the ledger holds; the members concerned, by id."""
    concerned = sorted({claim.member_id for claim in due} | set(_members_in(scopes)))
    _lock_standings(concerned)
    held = _held(scopes)
    wanted = {_key(claim): claim for claim in due}
    for key, claim in sorted({**{key: row.claim for key, row in held.items()}, **wanted}.items()):
        has = held.get(key, Held(claim, 0, 0))
        missing = (claim.points if key in wanted else 0) - has.points
        if missing:
            _write(fact, claim, missing, has)
    return concerned


def _key(claim: Claim) -> Key:
    return claim.cause_id, claim.member_id, claim.rule


def _write(fact: Fact, claim: Claim, points: int, has: Held) -> None:
    """A first award is dated by its cause. A fact that was settled once leaves the rest to the facts after it."""
    first = not has.last_id
    moment = Fact(claim.cause_id, claim.at) if first else fact
    if not first and _is_written(fact.id, claim):
        return
    reverses = has.last_id if points < 0 else None
    _add(moment, claim, claim.rule, points, reverses)
    _keep_limit(moment, claim)


def _is_written(event_id: int, claim: Claim) -> bool:
    written = select(LedgerEntry.id).where(
        LedgerEntry.event_id == event_id,
        LedgerEntry.cause_id == claim.cause_id,
        LedgerEntry.member_id == claim.member_id,
        LedgerEntry.rule == claim.rule,
    )
    return db.session.scalar(written) is not None


def _add(fact: Fact, claim: Claim, rule: str, points: int, reverses: int | None = None) -> None:
    db.session.add(
        LedgerEntry(
            member_id=claim.member_id,
            rule=rule,
            points=points,
            event_id=fact.id,
            cause_id=claim.cause_id,
            subject=claim.subject,
            scope=claim.scope,
            thread_id=claim.thread_id,
            day=claim.at.date(),
            at=fact.at,
            reverses_id=reverses,
        )
    )
    db.session.flush()


def _keep_limit(fact: Fact, claim: Claim) -> None:
    """What a day gives above its limit is taken off by an entry of its own, and given back once there is room."""
    most = RULES[claim.rule].daily
    if most is None:
        return
    limit = LIMIT_OF[claim.rule]
    day = claim.at.date()
    excess = max(0, _sum_of_day(claim.member_id, claim.rule, day) - most)
    missing = -excess - _sum_of_day(claim.member_id, limit, day)
    if missing:
        _add(fact, claim, limit, missing)


def _sum_of_day(member_id: int, rule: str, day: date) -> int:
    total = select(func.coalesce(func.sum(LedgerEntry.points), 0)).where(
        LedgerEntry.member_id == member_id, LedgerEntry.rule == rule, LedgerEntry.day == day
    )
    return int(db.session.scalar(total) or 0)


def stand(member_id: int) -> None:
    """Add the member's ledger up again: points, level, badges."""
    total = select(func.coalesce(func.sum(LedgerEntry.points), 0)).where(LedgerEntry.member_id == member_id)
    points = int(db.session.scalar(total) or 0)
    standing = db.session.get_one(Standing, member_id, populate_existing=True)
    standing.points, standing.level = points, level_at(points).key
    settle_badges(member_id)


def deeds_of(scopes: Collection[str]) -> list[Deed]:
    """All facts of these scopes that the rules read, in the order of their records."""
    rows = db.session.scalars(
        select(EventRecord).where(EventRecord.subject.in_(scopes), EventRecord.name.in_(NAMES)).order_by(EventRecord.id)
    )
    return [deed_of(row) for row in rows]


def deed_of(row: EventRecord) -> Deed:
    """A stored fact as the rules read it."""
    return Deed(row.id, row.at, restore(row))


def _held(scopes: Collection[str]) -> dict[Key, Held]:
    held: dict[Key, Held] = {}
    rows = db.session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.scope.in_(scopes), LedgerEntry.rule.in_(list(RULES)))
        .order_by(LedgerEntry.id)
    )
    for row in rows:
        key = (row.cause_id, row.member_id, row.rule)
        claim = Claim(row.cause_id, row.at, row.member_id, row.rule, row.subject, row.thread_id)
        has = held.setdefault(key, Held(claim, 0, 0))
        has.points, has.last_id = has.points + row.points, row.id
    return held


def _members_in(scopes: Collection[str]) -> list[int]:
    return list(db.session.scalars(select(LedgerEntry.member_id).where(LedgerEntry.scope.in_(scopes)).distinct()))


def _locked(scope: str) -> frozenset[str]:
    """What is settled with this scope, which nobody else settles meanwhile: the first records are locked.

    A merge may have come while this waited, so it is looked again. SQLite has one writer anyway.
    """
    locked = frozenset[str]()
    while (found := together([scope])[scope]) != locked:
        first = select(func.min(EventRecord.id)).where(EventRecord.subject.in_(found)).group_by(EventRecord.subject)
        rows = select(EventRecord.id).where(EventRecord.id.in_(first)).order_by(EventRecord.id)
        db.session.scalars(rows.with_for_update(key_share=True)).all()
        locked = found
    return locked


def _lock_standings(member_ids: Iterable[int]) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    ids = list(member_ids)
    if ids:
        rows = [{"member_id": id_, "points": 0, "level": level_at(0).key} for id_ in ids]
        db.session.execute(dialect.insert(Standing).values(rows).on_conflict_do_nothing())
    db.session.execute(
        select(Standing.member_id).where(Standing.member_id.in_(ids)).order_by(Standing.member_id).with_for_update()
    )

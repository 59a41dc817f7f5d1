"""Reads of what people know. Endorsements of suspended people do not count."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select
from sqlalchemy.orm import joinedload

from community.accounts.cards import PersonCard, card_with_grants
from community.accounts.models import Member
from community.core.addresses import address
from community.core.db import db
from community.core.policies import Actor

from .models import Endorsement, Expertise

NAMES = 20
ON_A_TAG = 5
LISTED = Member.email_confirmed_at.is_not(None), Member.suspended_at.is_(None)


@dataclass(frozen=True)
class Endorser:
    """Somebody who agrees."""

    name: str
    url: str


@dataclass(frozen=True)
class Known:
    """A tag that a person knows: how many agree, whether the reader does, and the latest who do."""

    tag: str
    endorsements: int
    own: bool
    endorsers: Sequence[Endorser] = ()


def tags_of(member_id: int) -> list[str]:
    """The tags that a person named, sorted."""
    return list(db.session.scalars(named_by(member_id).order_by(Expertise.tag)))


def named_by(member_id: int | None) -> Select[str]:
    """The same as a statement, for others to stand in."""
    return select(Expertise.tag).where(Expertise.member_id == member_id)


def knows(member_id: int, tag: str) -> bool:
    """Whether a person named this tag."""
    return db.session.scalar(named_by(member_id).where(Expertise.tag == tag)) is not None


def known_by(member: Member, actor: Actor) -> list[Known]:
    """What a person knows, most endorsed first; who endorsed it is told to members only."""
    agreed = func.count(Member.id)
    rows = db.session.execute(
        select(Expertise.tag, agreed, func.max(case((Member.id == actor.id, 1), else_=0)))
        .outerjoin(Endorsement, (Endorsement.member_id == Expertise.member_id) & (Endorsement.tag == Expertise.tag))
        .outerjoin(Member, (Member.id == Endorsement.by_id) & Member.suspended_at.is_(None))
        .where(Expertise.member_id == member.id)
        .group_by(Expertise.tag)
        .order_by(agreed.desc(), Expertise.tag)
    ).all()
    names = _endorsers(member.id) if actor.is_member and any(row[1] for row in rows) else {}
    return [Known(tag, count, bool(own), names.get(tag, ())) for tag, count, own in rows]


def _endorsers(member_id: int) -> dict[str, list[Endorser]]:
    place = func.row_number().over(
        partition_by=Endorsement.tag, order_by=(Endorsement.at.desc(), Endorsement.by_id.desc())
    )
    ranked = (
        select(Endorsement.tag, Member.name, Member.handle, place.label("place"))
        .join(Member, Member.id == Endorsement.by_id)
        .where(Endorsement.member_id == member_id, Member.suspended_at.is_(None))
        .subquery()
    )
    rows = db.session.execute(select(ranked).where(ranked.c.place <= NAMES).order_by(ranked.c.tag, ranked.c.place))
    found: dict[str, list[Endorser]] = {}
    for tag, name, handle, _place in rows:
        found.setdefault(tag, []).append(Endorser(name, address("accounts.profile", handle=handle)))
    return found


def endorsements(tag: str = "") -> ScalarSelect[int]:
    """How many agree with a member of the statement around, on one tag or on all that the member names."""
    by = select(Member.id).where(Member.suspended_at.is_(None))
    said = (
        select(func.count())
        .select_from(Endorsement)
        .join(Expertise, (Expertise.member_id == Endorsement.member_id) & (Expertise.tag == Endorsement.tag))
        .where(Endorsement.member_id == Member.id, Endorsement.by_id.in_(by.correlate(None)))
        .correlate(Member)
    )
    return (said.where(Endorsement.tag == tag) if tag else said).scalar_subquery()


def naming(tag: str) -> ColumnElement[bool]:
    """Members who named this tag."""
    return Member.id.in_(select(Expertise.member_id).where(Expertise.tag == tag))


def people_who_know(tag: str) -> list[PersonCard]:
    """A few people who named a tag, most endorsed first."""
    rows = db.session.scalars(
        select(Member)
        .where(*LISTED, naming(tag))
        .order_by(endorsements(tag).desc(), Member.name, Member.id)
        .limit(ON_A_TAG)
        .options(joinedload(Member.grants))
    ).unique()
    return [card_with_grants(member) for member in rows]


def tags_of_many(member_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags that each of several people named, sorted, in one statement."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Expertise.member_id, Expertise.tag).where(Expertise.member_id.in_(member_ids)).order_by(Expertise.tag)
    )
    for member_id, tag in rows:
        found.setdefault(member_id, []).append(tag)
    return found

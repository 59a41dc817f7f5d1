"""The directory: who is here, found by name or by what they know. Addresses and organisations are not searched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from community.accounts.availability import away_of
from community.accounts.cards import PersonCard, card_with_grants
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db, utcnow
from community.core.forms import tidy
from community.core.paging import Page
from community.core.policies import STAFF
from community.forum.tagging.giving import main_names

from .queries import LISTED, endorsements, naming, tags_of_many

PEOPLE_A_PAGE = 40
LONGEST = 80
WHO = {"": _l("Everybody"), "super_users": _l("Super users"), "staff": _l("Service desk")}
ORDERS = {
    "": _l("Helpers first"),
    "endorsed": _l("Most endorsed"),
    "name": _l("Name"),
    "newest": _l("Newest"),
}


@dataclass(frozen=True)
class Asked:
    """What a reader asked of the directory, checked; what makes no sense was left out."""

    words: str = ""
    tag: str = ""
    who: str = ""
    order: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.words or self.tag or self.who)


@dataclass(frozen=True)
class Person:
    """Somebody in the directory."""

    card: PersonCard
    about_html: str
    tags: list[str]
    away_until: date | None = None


def asked(given: Mapping[str, str]) -> Asked:
    """What a request asks for; a synonym asks for its main tag."""
    words = (tidy(given.get("q", "")[:LONGEST]) or "").removeprefix("@")
    tag = (tidy(given.get("tag", "")[:LONGEST]) or "").lower().removeprefix("#")
    who, order = given.get("who", ""), given.get("order", "")
    return Asked(
        words,
        "".join(main_names([tag])) if tag else "",
        who if who in WHO else "",
        order if order in ORDERS else "",
    )


def people(wanted: Asked, number: int) -> Page[Person]:
    """One page of confirmed people who are not suspended, in four statements however many they are."""
    shown = [*LISTED, *_narrowed(wanted)]
    total = db.session.scalar(select(func.count(Member.id)).where(*shown)) or 0
    rows = db.session.scalars(
        select(Member)
        .where(*shown)
        .order_by(*_order(wanted), Member.name, Member.id)
        .limit(PEOPLE_A_PAGE)
        .offset((number - 1) * PEOPLE_A_PAGE)
        .options(joinedload(Member.grants))
    ).unique()
    members = list(rows)
    tags = tags_of_many([member.id for member in members])
    away = away_of(member.id for member in members)
    found = [
        Person(card_with_grants(each), each.about_html, tags.get(each.id, []), away.get(each.id)) for each in members
    ]
    return Page(found, number, PEOPLE_A_PAGE, total)


def _super_user() -> ColumnElement[bool]:
    current = or_(Grant.until.is_(None), Grant.until > utcnow())
    return exists().where(Grant.member_id == Member.id, Grant.kind == SUPER_USER, current)


def _narrowed(wanted: Asked) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if wanted.words:
        parts = [column.icontains(wanted.words, autoescape=True) for column in (Member.name, Member.handle)]
        narrowed.append(or_(*parts))
    if wanted.tag:
        narrowed.append(naming(wanted.tag))
    if wanted.who == "super_users":
        narrowed.append(_super_user())
    if wanted.who == "staff":
        narrowed.append(Member.role.in_(STAFF))
    return narrowed


def _order(wanted: Asked) -> list[ColumnElement[int]]:
    if wanted.order == "endorsed":
        return [endorsements(wanted.tag).desc()]
    if wanted.order == "newest":
        return [Member.joined_at.desc()]  # type: ignore[list-item]
    if wanted.order == "name":
        return []
    return [case((_super_user(), 0), (Member.role.in_(STAFF), 1), else_=2)]

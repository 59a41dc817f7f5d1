"""The inbox: every case that waits for a person, in one list, as one reviewer sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from community.accounts.availability import can_take_part
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.cache import cache
from community.core.db import db, utcnow
from community.core.paging import Page
from community.core.policies import Actor, Role
from community.spaces.models import Space

from . import policies, targets
from .kinds import CaseKind, Decision, Shown, all_case_kinds, case_kind
from .models import Case, CaseState, Measure, Opinion
from .queries import reviewed_by
from .words import rule_said

A_PAGE = 20
# Opinions on a case, and what an appeal is about with what was said before it.
_WHAT_WAS_SAID = (
    selectinload(Case.opinions).joinedload(Opinion.member),
    selectinload(Case.measure).options(
        joinedload(Measure.by),
        joinedload(Measure.appeal),
        joinedload(Measure.case).selectinload(Case.opinions).joinedload(Opinion.member),
    ),
)
MOST_AT_ONCE = 200
LATELY = timedelta(days=7)
# More undecided cases on one person's desk than this are too many (our own choice).
OVERLOADED_FROM = 10


@dataclass(frozen=True)
class Wanted:
    """What of the inbox is asked for; empty means all."""

    kind: str = ""
    space: str = ""
    show: str = "open"  # open, mine, free, late, second, decided
    about: str = ""  # the handle of the person concerned


@dataclass(frozen=True)
class CaseView:
    """A case with everything its card shows."""

    case: Case
    kind: CaseKind
    shown: Shown
    rule: str
    decisions: Sequence[Decision]
    late: bool
    taken_by: Member | None
    can_undo: bool

    @property
    def asks(self) -> bool:
        """Whether one of the decisions is explained to somebody."""
        return any(decision.asks for decision in self.decisions)


@dataclass(frozen=True)
class Load:
    """How much one reviewer carries."""

    member: Member
    waiting: int
    late: int
    decided: int

    @property
    def overloaded(self) -> bool:
        """Whether it is more than one person should have to carry."""
        return self.waiting >= OVERLOADED_FROM


def cases(actor: Actor, wanted: Wanted, number: int, size: int = A_PAGE) -> Page[CaseView]:
    """A page of the inbox; what the reader may not read any more is left out."""
    found = _narrowed(actor, wanted)
    total = db.session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    newest_first = wanted.show == "decided"
    ordered = found.order_by(Case.decided_at.desc(), Case.id.desc()) if newest_first else _by_urgency(found)
    rows = db.session.scalars(
        ordered.offset((number - 1) * size)
        .limit(size)
        .options(
            joinedload(Case.space),
            joinedload(Case.member).selectinload(Member.grants),
            joinedload(Case.claimed_by),
            joinedload(Case.assignee),
            joinedload(Case.decided_by),
            selectinload(Case.flags),
            *_WHAT_WAS_SAID,
        )
    ).all()
    return Page(_views(actor, rows), number, size, total)


def matching(actor: Actor, wanted: Wanted) -> list[int]:
    """The ids of all cases that match, the most urgent first, at most two hundred."""
    return list(
        db.session.scalars(_by_urgency(_narrowed(actor, wanted)).with_only_columns(Case.id).limit(MOST_AT_ONCE))
    )


def _by_urgency(found: Select[Case]) -> Select[Case]:
    return found.order_by(Case.due_at, Case.id)


def _narrowed(actor: Actor, wanted: Wanted) -> Select[Case]:
    found = select(Case).where(reviewed_by(actor), *_shown(actor, wanted.show))
    if wanted.kind:
        found = found.where(Case.kind == wanted.kind)
    else:
        found = found.where(Case.kind.in_([kind.key for kind in all_case_kinds()]))
    if wanted.space:
        found = found.where(Case.space_id == select(Space.id).where(Space.slug == wanted.space).scalar_subquery())
    if wanted.about:
        found = found.where(Case.member_id == select(Member.id).where(Member.handle == wanted.about).scalar_subquery())
    return found


def _shown(actor: Actor, show: str) -> list[ColumnElement[bool]]:
    now = utcnow()
    waits = Case.state != CaseState.DECIDED
    free = or_(Case.claimed_by_id.is_(None), Case.claimed_until < now)
    own = or_(Case.claimed_by_id == actor.id, Case.assignee_id == actor.id)
    return {
        "decided": [Case.state == CaseState.DECIDED],
        "mine": [waits, own],
        "free": [waits, free],
        "late": [waits, Case.due_at < now],
        "second": [waits, Case.second_wanted.is_(True)],
    }.get(show, [waits])


def counts(actor: Actor) -> dict[str, int]:
    """How many cases wait, by kind."""
    kinds = [kind.key for kind in all_case_kinds()]
    rows = db.session.execute(
        select(Case.kind, func.count(Case.id))
        .where(reviewed_by(actor), Case.state != CaseState.DECIDED, Case.kind.in_(kinds))
        .group_by(Case.kind)
    )
    return {kind: int(number) for kind, number in rows}


def waiting_for(actor: Actor) -> int:
    """How many cases wait for the actor, for the menu; remembered for a minute."""
    key = f"review:{actor.id}"
    known = cache().get(key)
    if known is None:
        known = sum(counts(actor).values())
        cache().set(key, known, timeout=60)
    return int(known)


def view_of(actor: Actor, case: Case) -> CaseView | None:
    """One case with its card; None where the reader may not read what it is about, or its package is not loaded."""
    return next(iter(_views(actor, [case])), None)


def _views(actor: Actor, rows: Sequence[Case]) -> list[CaseView]:
    """Cards in the order of the cases: a few questions for each kind, however many there are of it."""
    kinds = {kind.key: kind for kind in all_case_kinds()}
    known = [case for case in rows if case.kind in kinds]
    things = targets.seen_by(actor, [kinds[case.kind].subject(case) for case in known])
    shown: dict[int, Shown] = {}
    for kind in kinds.values():
        shown.update(kind.shown([case for case in known if case.kind == kind.key], things, actor))
    return [_view(actor, case, kinds[case.kind], shown[case.id]) for case in known if case.id in shown]


def _view(actor: Actor, case: Case, kind: CaseKind, shown: Shown) -> CaseView:
    taken = not case.is_decided and case.claimed_until is not None and case.claimed_until > utcnow()
    last = kind.by_key.get(case.decision)
    own = case.is_decided and case.decided_by_id == actor.id and kind.may(actor, case)
    return CaseView(
        case,
        kind,
        shown,
        rule_said(case.rule) if case.rule else "",
        decisions_for(actor, case),
        not case.is_decided and case.due_at < utcnow(),
        case.claimed_by if taken else None,
        own and last is not None and last.undo is not None and last.can_undo(case),
    )


def decisions_for(actor: Actor, case: Case) -> list[Decision]:
    """What the reader may decide about a case that waits."""
    kind = case_kind(case.kind)
    if kind is None or case.is_decided or not policies.can_review(actor, case) or not kind.may(actor, case):
        return []
    return [decision for decision in kind.decisions if decision.may(actor, case)]


def reviewers(actor: Actor) -> list[Member]:
    """The people to whom the actor can hand a case: super users of the same spaces, and the managers."""
    super_users = select(Grant.member_id).where(
        Grant.kind == SUPER_USER, or_(Grant.until.is_(None), Grant.until > utcnow())
    )
    if not actor.can(policies.REVIEW):
        super_users = super_users.where(Grant.space_id.in_(sorted(actor.leads_in)))
    staff = Member.role.in_((Role.MANAGER, Role.ADMIN))
    wanted = select(Member).where(or_(staff, Member.id.in_(super_users)), can_take_part(utcnow()))
    return list(db.session.scalars(wanted.order_by(Member.name)))


def loads(actor: Actor) -> list[Load]:
    """What each reviewer carries and decided within a week, the fullest desk first; only who has or did something."""
    people = {member.id: member for member in reviewers(actor)}
    now = utcnow()
    holder = func.coalesce(Case.assignee_id, Case.claimed_by_id)
    waiting: dict[int, tuple[int, int]] = {}
    for member_id, number, late in db.session.execute(
        select(holder, func.count(Case.id), func.count(Case.id).filter(Case.due_at < now))
        .where(reviewed_by(actor), Case.state != CaseState.DECIDED, holder.is_not(None))
        .group_by(holder)
    ):
        waiting[member_id] = (number, late)
    done = db.session.execute(
        select(Case.decided_by_id, func.count(Case.id))
        .where(reviewed_by(actor), Case.decided_at > now - LATELY, Case.decided_by_id.is_not(None))
        .group_by(Case.decided_by_id)
    )
    decided = {member_id: int(number) for member_id, number in done}
    found = [
        Load(member, *waiting.get(id_, (0, 0)), decided.get(id_, 0))
        for id_, member in people.items()
        if id_ in waiting or id_ in decided
    ]
    return sorted(found, key=lambda load: (-load.waiting, -load.decided, load.member.name))


def waited(case: Case, now: datetime) -> str:
    """How long it has waited, in words."""
    minutes = int((now - case.opened_at).total_seconds() // 60)
    if minutes < 60:
        return _("waits %(m)s min", m=max(1, minutes))
    if minutes < 48 * 60:
        return _("waits %(h)s h %(m)s min", h=minutes // 60, m=minutes % 60)
    return _("waits %(d)s days", d=minutes // 1440)

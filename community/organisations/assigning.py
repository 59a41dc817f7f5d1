"""Whose a member is: by the domain of the confirmed address, unless somebody chose it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, select, update

from community.accounts.models import Member
from community.core import events
from community.core.db import db
from community.core.jobs import enqueue, job

from .domains import domain_of
from .events import MembersAssigned
from .models import MailDomain, Organisation

A_PAGE = 500

Candidate = Row[int, str, int | None]


def choose(member: Member, organisation: Organisation | None, *, by_id: int | None) -> None:
    """Somebody says whose the member is, or that it is nobody's; from now on the address no longer decides."""
    wanted = organisation.id if organisation else None
    if member.organisation_fixed and member.organisation_id == wanted:
        return
    member.organisation_id, member.organisation_fixed = wanted, True
    _record(wanted, (member.id,), by_id=by_id, by_hand=True)


def let_address_decide(member: Member, *, by_id: int | None) -> None:
    """Take such a choice back: the confirmed address decides, and an unconfirmed one gives nothing."""
    member.organisation_fixed = False
    if member.email_confirmed_at is None and member.organisation_id is not None:
        member.organisation_id = None
        _record(None, (member.id,), by_id=by_id)
    db.session.flush()
    assign(member.id, by_id=by_id)


def assign(member_id: int, *, by_id: int | None = None) -> None:
    """Let the member belong where the confirmed address leads. Nothing happens where somebody chose."""
    _settle(db.session.execute(_candidates(Member.id == member_id)).all(), by_id=by_id)


@job
def assign_from(after: int) -> None:
    """The same for everybody with an id above `after`, a page of members at a time, each in its own transaction."""
    rows = db.session.execute(_candidates(Member.id > after).order_by(Member.id).limit(A_PAGE)).all()
    _settle(rows)
    if len(rows) == A_PAGE:
        enqueue(assign_from, after=rows[-1].id)


def _candidates(which: ColumnElement[bool]) -> Select[int, str, int | None]:
    return select(Member.id, Member.email, Member.organisation_id).where(
        which, Member.email_confirmed_at.is_not(None), Member.organisation_fixed.is_(False)
    )


def _settle(rows: Sequence[Candidate], *, by_id: int | None = None) -> None:
    """Move those who belong elsewhere now, and record where to."""
    domains = {row.id: domain_of(row.email) for row in rows}
    holders = _holders(set(domains.values()))
    moves: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
    for row in rows:
        wanted = holders.get(domains[row.id])
        if wanted != row.organisation_id:
            moves[(row.organisation_id, wanted)].append(row.id)
    for (before, wanted), ids in moves.items():
        _move(ids, before, wanted, by_id)


def _holders(domains: set[str]) -> dict[str, int]:
    """The organisation of each domain. Held until this transaction ends: whoever takes a domain away sees our moves."""
    statement = select(MailDomain.domain, MailDomain.organisation_id).where(MailDomain.domain.in_(domains))
    return {row.domain: row.organisation_id for row in db.session.execute(statement.with_for_update(read=True))}


def _move(ids: list[int], before: int | None, wanted: int | None, by_id: int | None) -> None:
    """Only those who still are where they were: a choice, or a later change, was faster."""
    still = Member.organisation_id.is_not_distinct_from(before) & Member.organisation_fixed.is_(False)
    moved = db.session.scalars(
        update(Member).where(Member.id.in_(ids), still).values(organisation_id=wanted).returning(Member.id)
    ).all()
    if moved:
        _record(wanted, tuple(sorted(moved)), by_id=by_id)


def _record(wanted: int | None, ids: tuple[int, ...], *, by_id: int | None, by_hand: bool = False) -> None:
    events.record(MembersAssigned(actor_id=by_id, organisation_id=wanted, member_ids=ids, by_hand=by_hand))

"""Who is a super user where, until when, and when they were last active there; and who is only beginning."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db
from community.forum.models import Post, Thread
from community.superusers.appointing.models import LIVING, Appointment, AppointmentSpace, State

from .rules import NEW_FOR

Pair = tuple[int, int]


def members(now: datetime) -> list[dict[str, Any]]:
    """One row for each super user and space; with the term, and the hours that their appointment says."""
    rows = db.session.execute(
        select(Grant.space_id, Grant.member_id, Grant.since, Grant.until)
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.kind == SUPER_USER, or_(Grant.until.is_(None), Grant.until > now), Member.suspended_at.is_(None))
        .order_by(Member.name, Grant.space_id)
    ).all()
    last, hours = _last_active(), _hours(now)
    return [
        {
            "space": space,
            "member": member,
            "since": _said(since),
            "until": _said(until),
            "last": _said(last.get((space, member))),
            "hours": hours.get((space, member)),
        }
        for space, member, since, until in rows
    ]


def _last_active() -> dict[Pair, datetime]:
    here = and_(Grant.member_id == Post.author_id, Grant.space_id == Thread.space_id, Grant.kind == SUPER_USER)
    rows = db.session.execute(
        select(Thread.space_id, Post.author_id, func.max(Post.created_at))
        .join(Thread, Thread.id == Post.thread_id)
        .join(Grant, here)
        .group_by(Thread.space_id, Post.author_id)
    )
    return {(space, member): at for space, member, at in rows}


def _hours(now: datetime) -> dict[Pair, float]:
    rows = db.session.execute(
        select(AppointmentSpace.space_id, Appointment.member_id, Appointment.hours_a_week)
        .join(Appointment, Appointment.id == AppointmentSpace.appointment_id)
        .where(Appointment.state == State.ACTIVE, Appointment.ends_at > now)
    )
    return {(space, member): hours for space, member, hours in rows}


def beginners(now: datetime) -> list[dict[str, Any]]:
    """Who is proposed, asked, about to begin, resting, or new; the longest on the way first."""
    new = and_(
        Appointment.state == State.ACTIVE, Appointment.begins_at > now - NEW_FOR, Appointment.renews_id.is_(None)
    )
    on_the_way = Appointment.state.in_([state for state in LIVING if state != State.ACTIVE])
    rows = db.session.execute(
        select(Appointment.id, Appointment.member_id, Appointment.state, Appointment.made_at, Appointment.begins_at)
        .where(or_(new, on_the_way))
        .order_by(Appointment.made_at)
    )
    return [
        {"appointment": id_, "member": member, "state": state, "since": _said(begins if state == "active" else made)}
        for id_, member, state, made, begins in rows
    ]


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

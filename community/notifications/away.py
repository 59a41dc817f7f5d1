"""Who is away and lets everybody know: the days that hold back their mail, and those that packages below keep."""

from collections.abc import Mapping
from datetime import date

from flask import Flask
from sqlalchemy import or_, select

from community.accounts import availability
from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow

from .models import MemberMail

availability.add_source(
    "mail",
    select(
        MemberMail.member_id,
        MemberMail.away_from.label("starts_at"),
        MemberMail.away_until.label("ends_at"),
        MemberMail.away_shown.label("shown"),
    ).where(MemberMail.away_until.is_not(None)),
)


def init_app(app: Flask) -> None:
    """Let the packages below find it."""
    app.extensions["isthmus.away"] = shown


def shown(member_ids: set[int]) -> Mapping[int, date]:
    """Those of the members who are away now and say so, with the day of their own on which they are back."""
    now, spans = utcnow(), availability.spans()
    begun = or_(spans.c.starts_at.is_(None), spans.c.starts_at <= now)
    rows = db.session.execute(
        select(Member, spans.c.ends_at)
        .join(spans, spans.c.member_id == Member.id)
        .where(Member.id.in_(member_ids), spans.c.shown, spans.c.ends_at > now, begun)
        .order_by(spans.c.ends_at)
    )
    return {member.id: until.astimezone(i18n.zone_of(member.time_zone)).date() for member, until in rows}

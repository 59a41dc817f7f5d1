"""Where and for whom nothing is published for now: silenced people, what is read-only, threads that go slowly."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from community.core import i18n
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.forum.composing.gates import Way, Writing
from community.forum.models import Post, Thread

from ..models import Measure
from ..words import rule_said
from .models import SITE, GateRules


def silenced(who: Actor) -> str:
    """Until when and why somebody may write nothing; "" where they may."""
    if who.id is None or who.silenced_until is None or who.silenced_until <= utcnow():
        return ""
    measure = silence_of(who)
    until = i18n.format_when(who.silenced_until)[1]
    if measure is None:
        return _("You may read, and write nothing, until %(until)s.", until=until)
    return _(
        "You may read, and write nothing, until %(until)s. Why: %(why)s "
        "You find this, and how to appeal, among the measures about you.",
        until=until,
        why=" ".join(part for part in (rule_said(measure.rule), measure.words) if part),
    )


def silence_of(who: Actor) -> Measure | None:
    """The newest measure that silences somebody."""
    wanted = select(Measure).where(Measure.member_id == who.id, Measure.kind == "silence", Measure.ended_at.is_(None))
    return db.session.scalar(wanted.order_by(Measure.id.desc()).limit(1))


def read_only(rules: Iterable[GateRules]) -> str:
    """Until when and why nobody writes here; "" where people do."""
    for row in sorted(rules, key=lambda one: one.scope != SITE):
        if row.is_read_only(utcnow()):
            return said_read_only(row)
    return ""


def said_read_only(row: GateRules) -> str:
    """What is said about something that is read-only."""
    here = row.scope != SITE
    if row.read_only_until is None:
        known = {"why": row.read_only_why}
        return (
            _("This space is read-only for now: %(why)s", **known) if here else _("Read-only for now: %(why)s", **known)
        )
    known = {"why": row.read_only_why, "until": i18n.format_when(row.read_only_until)[1]}
    if here:
        return _("This space is read-only until %(until)s: %(why)s", **known)
    return _("Read-only until %(until)s: %(why)s", **known)


def too_soon_in_thread(writing: Writing) -> str:
    """How long somebody waits before the next post in a thread that was slowed down."""
    if writing.kind != Way.REPLY or writing.thread_id is None:
        return ""
    thread = db.session.get(Thread, writing.thread_id)
    if thread is None or not thread.slow_minutes:
        return ""
    left = left_in_thread(thread, writing.who)
    return f"{slow_said(thread)} {wait_said(left)}" if left > timedelta(0) else ""


def left_in_thread(thread: Thread, member_id: int) -> timedelta:
    """How long somebody still waits in a thread that was slowed down."""
    mine = select(func.max(Post.created_at)).where(Post.thread_id == thread.id, Post.author_id == member_id)
    last = db.session.scalar(mine)
    return last + timedelta(minutes=thread.slow_minutes) - utcnow() if last is not None else timedelta(0)


def slow_said(thread: Thread) -> str:
    """How often one writes in a thread that was slowed down."""
    return ngettext(
        "Everybody waits %(num)s minute between two posts in this thread.",
        "Everybody waits %(num)s minutes between two posts in this thread.",
        thread.slow_minutes,
    )


def wait_said(left: timedelta, *, kept: bool = True) -> str:
    """How long to wait, in words; what was typed is still there, or can be kept."""
    seconds = max(1, -int(-left.total_seconds() // 1))
    if seconds < 120:
        told = ngettext("Please wait %(num)s second", "Please wait %(num)s seconds", seconds)
    elif seconds < 7200:
        told = ngettext("Please wait %(num)s minute", "Please wait %(num)s minutes", -(-seconds // 60))
    else:
        told = ngettext("Please wait %(num)s hour", "Please wait %(num)s hours", -(-seconds // 3600))
    if kept:
        return _("%(wait)s; your text is kept here.", wait=told)
    return _("%(wait)s; what you write until then can be saved as a draft.", wait=told)

"""What stands at the composer before somebody types: the same that the gate would say after they sent it."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, bindparam, exists, func, literal, or_, select

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.policies import Actor
from community.forum.composing import before
from community.forum.composing.before import Notice, Own, Telling
from community.forum.models import Post, Thread
from community.forum.reactions.own import find_too
from community.spaces.models import Space

from ..models import Measure
from ..words import rule_said
from . import closed, holding
from .models import SITE, GateRules, TrustedWriter

_THREAD: ColumnElement[int] = bindparam("thread_id")
_ME: ColumnElement[int] = bindparam("member_id")
_SPACE = select(Thread.space_id).where(Thread.id == _THREAD).scalar_subquery()
_HERE = or_(GateRules.scope == SITE, GateRules.space_id == _SPACE)
_RULE = func.coalesce(GateRules.space_id, 0)
_TRUSTED = exists().where(TrustedWriter.member_id == _ME, TrustedWriter.space_id == _SPACE)
_POSTS = select(func.count(Post.id)).where(Post.author_id == _ME, Post.hidden_at.is_(None)).scalar_subquery()
find_too(
    select(literal("read-only"), _RULE).where(_HERE, GateRules.read_only_why != ""),
    select(literal("first posts"), _RULE).where(_HERE, ~_TRUSTED, GateRules.first_posts > _POSTS),
    select(literal("lock"), Measure.id).where(
        Measure.kind == "lock",
        Measure.target_kind == "thread",
        Measure.target_id == _THREAD,
        Measure.ended_at.is_(None),
    ),
)


def _writes_as_they_like(who: Actor, space_id: int | None) -> bool:
    return who.is_staff or (space_id is not None and space_id in who.leads_in)


def _by_measure(title: str, measure: Measure, who: Actor) -> Notice:
    said = [
        _("Why: %(why)s", why=" ".join(part for part in (rule_said(measure.rule), measure.words) if part)),
        _("Decided by a person of the team.") if measure.by_id else _("A rule did it by itself; a person looks at it."),
    ]
    link = None
    if measure.member_id == who.id:
        link = (_("See it, and ask for a second look"), url_for("moderation.measure", measure_id=measure.id))
    return Notice(title, tuple(said), link, stops=True)


def _silenced(who: Actor) -> list[Notice]:
    if who.is_staff or who.silenced_until is None or who.silenced_until <= utcnow():
        return []
    title = _("You may read, and write nothing, until %(until)s.", until=i18n.format_when(who.silenced_until)[1])
    measure = closed.silence_of(who)
    return [_by_measure(title, measure, who) if measure is not None else Notice(title, stops=True)]


def _read_only(rows: Sequence[GateRules]) -> list[Notice]:
    found = sorted((row for row in rows if row.is_read_only(utcnow())), key=lambda row: row.scope != SITE)
    return [_closed_by(row) for row in found[:1]]


def _closed_by(row: GateRules, place: str = "", *, stops: bool = True) -> Notice:
    by = db.session.get(Member, row.by_id) if row.by_id is not None else None
    who = [_("Decided by %(name)s. The provider's staff can still write.", name=by.name)] if by is not None else []
    said = closed.said_read_only(row)
    title = _("%(place)s: %(said)s", place=place, said=said) if place else said
    return Notice(title, tuple(who), stops=stops)


def _first_posts(number: int) -> Notice:
    title = ngettext(
        "Your first post here is looked at before others can read it.",
        "Your first %(num)s posts here are looked at before others can read them.",
        number,
    )
    return Notice(title, (_("It is a rule of this space for everybody who is new, and you are told what is decided."),))


def _locked(thread: Thread, ids: Sequence[int], who: Actor) -> list[Notice]:
    rows = db.session.scalars(select(Measure).where(Measure.id.in_(ids)).order_by(Measure.id.desc()))
    standing = next((row for row in rows if row.stands(utcnow())), None)
    if standing is None:
        return []
    title = _("This thread takes no more replies.")
    if standing.until is not None:
        title = _("This thread takes no replies until %(until)s.", until=i18n.format_when(standing.until)[1])
    return [_by_measure(title, standing, who)]


def _slow(who: Actor, thread: Thread) -> list[Notice]:
    left = closed.left_in_thread(thread, who.id or 0)
    if left <= timedelta(0):
        return []
    return [Notice(closed.slow_said(thread), (closed.wait_said(left, kept=False),))]


def in_thread(who: Actor, thread: Thread, own: Own) -> list[Notice]:
    """Nothing more is asked of the database but where there is something to say."""
    if thread.closed_at is not None:
        return _locked(thread, sorted(own["lock"]), who) if "lock" in own else []
    if found := _silenced(who):
        return found
    about = own.get("read-only", frozenset()) | own.get("first posts", frozenset())
    rows = holding.rows_for(thread.space_id) if about and not who.is_staff else {}
    if found := _read_only(list(rows.values())):
        return found
    if _writes_as_they_like(who, thread.space_id):
        return []
    number = holding.effective(rows, thread.space_id).first_posts if "first posts" in own else 0
    return [*(_slow(who, thread) if thread.slow_minutes else []), *([_first_posts(number)] if number else [])]


def asking(who: Actor, spaces: Sequence[Space]) -> list[Notice]:
    """What holds everywhere stops; of single spaces it is said which they are."""
    if who.is_staff or (found := _silenced(who)):
        return [] if who.is_staff else found
    names = {space.id: space.name for space in spaces}
    wanted = or_(GateRules.scope == SITE, GateRules.space_id.in_(list(names)))
    rows = list(db.session.scalars(select(GateRules).where(wanted).order_by(GateRules.scope)))
    if found := _read_only([row for row in rows if row.scope == SITE]):
        return found
    shut = [row for row in rows if row.is_read_only(utcnow())]
    notices = [_closed_by(row, names[row.space_id or 0], stops=len(shut) == len(names)) for row in shut]
    return notices + _first_threads(who, rows, names)


def _first_threads(who: Actor, rows: Sequence[GateRules], names: dict[int, str]) -> list[Notice]:
    by_scope = {row.scope: row for row in rows}
    if not any(row.first_posts for row in rows):
        return []
    trusted = set(db.session.scalars(select(TrustedWriter.space_id).where(TrustedWriter.member_id == who.id)))
    posts = holding.posts_of(who.id or 0)
    found = [
        name
        for space_id, name in names.items()
        if space_id not in trusted | who.leads_in and posts < holding.effective(by_scope, space_id).first_posts
    ]
    if not found:
        return []
    title = _("First posts of a person are looked at before others can read them.")
    return [Notice(title, (_("In: %(spaces)s. You are told what is decided.", spaces=i18n.listed(found)),))]


def writing(who: Actor, space_id: int | None) -> list[Notice]:
    """Of other forms: for whom and where nothing is published for now."""
    if who.is_staff:
        return []
    return _silenced(who) or _read_only(list(holding.rows_for(space_id).values()))


before.register(Telling(in_thread, asking, writing))

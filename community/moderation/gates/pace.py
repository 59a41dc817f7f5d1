"""How much and how fast somebody may write, counted over what they wrote and what of it waits."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from community.accounts.events import ProfileChanged
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.markup import mention_candidates
from community.core.web import public_url
from community.forum.composing.gates import Way, Writing
from community.forum.models import Post, PostRevision, Thread

from ..rules import FIRST_DAY, MEMBER_PACE, NEWCOMER, Pace
from .closed import wait_said
from .models import HeldState, HeldWriting

DAY = timedelta(days=1)
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>()\[\]\"']+", re.IGNORECASE)
_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\(|<img\b", re.IGNORECASE)


def links_in(text: str) -> set[str]:
    """Addresses elsewhere that a text leads to."""
    own = public_url("/").lower()
    return {found for each in _ADDRESS.findall(text) if not (found := each.rstrip(".,;:!?*_").lower()).startswith(own)}


@dataclass(frozen=True)
class Written:
    """What somebody wrote within a day, and when they last did."""

    first: datetime | None
    last_thread: datetime | None
    last_post: datetime | None
    threads: int
    replies: int


def pace_of(level: int, written: Written) -> Pace:
    """The limits for somebody who has written this."""
    if level > 0:
        return MEMBER_PACE
    return FIRST_DAY if written.first is None or written.first > utcnow() - DAY else NEWCOMER


def refusal(writing: Writing, level: int) -> str:
    """Why this is too much or too fast, in words; "" where it is not. Articles are not counted: each belongs to a
    thread, and a second person reads it before others do; nor are lines that go with something else.
    """
    if writing.kind == Way.EDIT:
        return _too_many_edits(writing)
    if writing.kind not in (Way.THREAD, Way.REPLY):
        too_many = _too_many_profiles(writing) if writing.kind == Way.PROFILE else ""
        return too_many or too_full(writing, level)
    # Two at once are looked at one after the other.
    db.session.execute(select(Member.id).where(Member.id == writing.who).with_for_update(key_share=True))
    written = written_by(writing.who)
    pace = pace_of(level, written)
    return _too_fast(writing, pace, written) or _too_often(writing, pace, written) or _too_full(writing, pace)


def too_full(writing: Writing, level: int) -> str:
    """Why a newcomer puts too much into what is no post, in words; "" where it is not too much."""
    return "" if level > 0 else _too_full(writing, pace_of(level, written_by(writing.who)))


def written_by(member_id: int) -> Written:
    """What a person wrote, and what of it waits or was refused."""
    since = utcnow() - DAY
    opens = Post.number == 1
    posts = db.session.execute(
        select(
            func.min(Post.created_at),
            func.max(Post.created_at),
            func.max(Post.created_at).filter(opens),
            func.count().filter(opens, Post.created_at > since),
            func.count().filter(~opens, Post.created_at > since),
        ).where(Post.author_id == member_id)
    ).one()
    thread = HeldWriting.kind == Way.THREAD
    counted = HeldWriting.state.in_((HeldState.WAITING, HeldState.REFUSED))
    held = db.session.execute(
        select(
            func.min(HeldWriting.at),
            func.max(HeldWriting.at),
            func.max(HeldWriting.at).filter(thread),
            func.count().filter(thread, HeldWriting.at > since),
            func.count().filter(~thread, HeldWriting.at > since),
        ).where(HeldWriting.member_id == member_id, counted)
    ).one()
    return Written(
        first=min((at for at in (posts[0], held[0]) if at is not None), default=None),
        last_post=max((at for at in (posts[1], held[1]) if at is not None), default=None),
        last_thread=max((at for at in (posts[2], held[2]) if at is not None), default=None),
        threads=posts[3] + held[3],
        replies=posts[4] + held[4],
    )


def _too_fast(writing: Writing, pace: Pace, written: Written) -> str:
    starts = writing.kind == Way.THREAD
    last = written.last_thread if starts else None
    waits = [(last, pace.between_threads), (written.last_post, pace.between_posts)]
    now = utcnow()
    left = max((at + timedelta(seconds=wait) - now for at, wait in waits if at is not None), default=timedelta(0))
    if left <= timedelta(0):
        return ""
    return _("You wrote something a moment ago. %(wait)s", wait=wait_said(left))


def _too_often(writing: Writing, pace: Pace, written: Written) -> str:
    if writing.kind == Way.THREAD:
        if not pace.threads_a_day or written.threads < pace.threads_a_day:
            return ""
        return ngettext(
            "You may begin %(num)s thread a day for now. Please come back tomorrow; your text is kept here.",
            "You may begin %(num)s threads a day for now. Please come back tomorrow; your text is kept here.",
            pace.threads_a_day,
        )
    if pace.replies_a_day and written.replies >= pace.replies_a_day:
        return ngettext(
            "On your first day you may write %(num)s reply. Please come back tomorrow; your text is kept here.",
            "On your first day you may write %(num)s replies. Please come back tomorrow; your text is kept here.",
            pace.replies_a_day,
        )
    return _too_often_here(writing, pace)


def _too_often_here(writing: Writing, pace: Pace) -> str:
    """A newcomer's replies in somebody else's thread are few; in their own they answer as often as they like."""
    if not pace.replies_a_thread or writing.thread_id is None:
        return ""
    thread = db.session.get(Thread, writing.thread_id)
    if thread is None or thread.author_id == writing.who:
        return ""
    here = (Post.thread_id == thread.id, Post.author_id == writing.who)
    held = (HeldWriting.thread_id == thread.id, HeldWriting.member_id == writing.who)
    waits = HeldWriting.state == HeldState.WAITING
    posts = db.session.scalar(select(func.count(Post.id)).where(*here)) or 0
    posts += db.session.scalar(select(func.count(HeldWriting.id)).where(*held, waits)) or 0
    if posts < pace.replies_a_thread:
        return ""
    return ngettext(
        "While you are new here you may write %(num)s reply in a thread of somebody else.",
        "While you are new here you may write %(num)s replies in a thread of somebody else.",
        pace.replies_a_thread,
    )


def _too_full(writing: Writing, pace: Pace) -> str:
    text = f"{writing.body}\n{writing.more}"
    if pace.links and len(links_in(text)) > pace.links:
        return ngettext(
            "At most %(num)s link while you are new here.", "At most %(num)s links while you are new here.", pace.links
        )
    if pace.images and len(_PICTURE.findall(text)) > pace.images:
        return ngettext(
            "At most %(num)s picture while you are new here.",
            "At most %(num)s pictures while you are new here.",
            pace.images,
        )
    if pace.mentions and len(mention_candidates(text)) > pace.mentions:
        return ngettext(
            "You may mention at most %(num)s person while you are new here.",
            "You may mention at most %(num)s people while you are new here.",
            pace.mentions,
        )
    return ""


def _too_many_profiles(writing: Writing) -> str:
    """What was shown and what of it waits, was refused or taken back: each asks others to look at it anew."""
    since, most = utcnow() - DAY, MEMBER_PACE.profiles_a_day
    shown = select(func.count(EventRecord.id)).where(
        EventRecord.subject == f"member:{writing.who}",
        EventRecord.name == ProfileChanged.name,
        EventRecord.at > since,
        EventRecord.payload["words"].as_boolean(),
    )
    held = select(func.count(HeldWriting.id)).where(
        HeldWriting.member_id == writing.who,
        HeldWriting.kind == Way.PROFILE,
        HeldWriting.state != HeldState.PUBLISHED,
        HeldWriting.at > since,
    )
    if (db.session.scalar(shown) or 0) + (db.session.scalar(held) or 0) < most:
        return ""
    return _("You changed this %(num)s times within a day, which is as often as one can.", num=most)


def _too_many_edits(writing: Writing) -> str:
    most = MEMBER_PACE.edits_a_day
    mine = select(func.count(PostRevision.id)).where(
        PostRevision.editor_id == writing.who, PostRevision.at > utcnow() - DAY
    )
    if (db.session.scalar(mine) or 0) < most:
        return ""
    return _("You changed posts %(num)s times within a day, which is as often as one can.", num=most)

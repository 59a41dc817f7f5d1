"""Whether a member has been here long enough to weigh what others wrote.

A package above that knows more says so: `app.extensions["isthmus.standing"]`, a function of a member's id. Without one
it takes some weeks and some posts.
"""

from collections.abc import Callable
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.cache import cache
from community.core.db import db, utcnow
from community.core.policies import Actor

from .models import Post

DAYS, POSTS = 14, 10
REMEMBER_SECONDS = 300

Known = Callable[[int], bool]


def holds(actor: Actor) -> bool:
    """Whether the actor has standing; staff and super users always do. Remembered for five minutes."""
    if actor.id is None:
        return False
    if actor.is_staff or actor.leads_in:
        return True
    key = f"standing:{actor.id}"
    known = cache().get(key)
    if known is None:
        known = _asked(actor.id)
        cache().set(key, known, timeout=REMEMBER_SECONDS)
    return bool(known)


def _asked(member_id: int) -> bool:
    known: Known = current_app.extensions.get("isthmus.standing", by_weeks_and_posts)
    return known(member_id)


def by_weeks_and_posts(member_id: int) -> bool:
    """Whether the member joined two weeks ago and wrote ten posts that are in view."""
    posts = select(func.count(Post.id)).where(Post.author_id == member_id, Post.hidden_at.is_(None)).scalar_subquery()
    long_here = Member.joined_at <= utcnow() - timedelta(days=DAYS)
    return db.session.scalar(select(Member.id).where(Member.id == member_id, long_here, posts >= POSTS)) is not None

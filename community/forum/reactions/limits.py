"""How often one member may vote on another within a day, and votes that were set aside. One table of numbers."""

from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.db import db, utcnow

from ..models import HelpfulVote, Post
from .set_aside import is_set_aside

# What NodeBB came to after serial votes against single people: 6 for and 3 against somebody within a day.
MOST_HELPFUL, MOST_NOT_HELPFUL = 6, 3
WITHIN = timedelta(days=1)


class Refusal(StrEnum):
    """Why a vote is not taken now."""

    LIMIT = "limit"
    LIMIT_AGAINST = "limit-against"
    SET_ASIDE = "set-aside"


SAID: dict[Refusal, LazyString] = {
    Refusal.LIMIT: _l(
        "You found %(most)s posts of this person helpful within a day. More of them count from tomorrow.",
        most=MOST_HELPFUL,
    ),
    Refusal.LIMIT_AGAINST: _l(
        "You found %(most)s replies of this person not helpful within a day. More than that would be about the person.",
        most=MOST_NOT_HELPFUL,
    ),
    Refusal.SET_ASIDE: _l("Your vote on this post was set aside by a moderator. You cannot vote on it again."),
}


def lock_voter(member_id: int) -> None:
    """Let only one transaction at a time give, or set aside, votes of this member."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))


def refusal(post: Post, *, member_id: int, helpful: bool) -> Refusal | None:
    """Why the member may not vote so on this post now; None where they may. Exact until this transaction ends.

    A vote that stands already is no further one, so that what is sent twice is never refused.
    """
    lock_voter(member_id)
    if is_set_aside(post.id, member_id=member_id):
        return Refusal.SET_ASIDE
    if _given_lately(post, member_id, helpful=helpful) < (MOST_HELPFUL if helpful else MOST_NOT_HELPFUL):
        return None
    return Refusal.LIMIT if helpful else Refusal.LIMIT_AGAINST


def _given_lately(post: Post, member_id: int, *, helpful: bool) -> int:
    """Votes of this kind that the member gave to other posts of the same author within a day, and that stand."""
    given = (
        select(func.count())
        .select_from(HelpfulVote)
        .join(Post, Post.id == HelpfulVote.post_id)
        .where(
            HelpfulVote.member_id == member_id,
            HelpfulVote.helpful.is_(helpful),
            HelpfulVote.at > utcnow() - WITHIN,
            Post.author_id == post.author_id,
            Post.id != post.id,
        )
    )
    return db.session.scalar(given) or 0

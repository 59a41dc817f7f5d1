"""How long members may change and take back what they wrote. All numbers of editing stand here.

| who                                              | for how long    |
|--------------------------------------------------|-----------------|
| newcomers, as `standing` tells them              | `NEWCOMERS`     |
| everybody else                                   | `OTHERS`        |
| super users and the provider's staff             | always          |

A change of one's own that comes within `GRACE` of writing, of at most `GRACE_CHARACTERS`, without a reason given and
before anybody else changed it, is a slip of the pen: it leaves no revision.
"""

from datetime import datetime, timedelta

from rapidfuzz.distance import Indel
from sqlalchemy import exists, select

from community.core.db import db, utcnow
from community.core.policies import Actor

from .. import standing
from ..models import Post, PostRevision

NEWCOMERS = timedelta(hours=24)
OTHERS = timedelta(days=30)
GRACE = timedelta(minutes=5)
GRACE_CHARACTERS = 100


def is_open(actor: Actor, post: Post, *, now: datetime | None = None) -> bool:
    """Whether the author may still change the post. Standing is asked only where it decides."""
    if actor.is_staff or actor.leads_in:
        return True
    age = (now or utcnow()) - post.created_at
    if age <= NEWCOMERS:
        return True
    return age <= OTHERS and standing.holds(actor)


def is_slip(post: Post, body: str, *, editor_id: int) -> bool:
    """Whether a new text corrects a slip of the author's pen."""
    if editor_id != post.author_id or utcnow() - post.created_at > GRACE or _changed_by_another(post):
        return False
    return Indel.distance(post.body, body, score_cutoff=GRACE_CHARACTERS) <= GRACE_CHARACTERS


def _changed_by_another(post: Post) -> bool:
    """Whether somebody else wrote the text before; that is kept, however small the change."""
    if not post.revision_count:
        return False
    others = PostRevision.post_id == post.id, PostRevision.editor_id != post.author_id
    return bool(db.session.scalar(select(exists().where(*others))))

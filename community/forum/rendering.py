"""A member's text as it will be kept: for posts, and for the preview that shows the same."""

from sqlalchemy import select

from community.accounts.known import KNOWN
from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.db import db
from community.core.markup import Rendered, mention_candidates, render
from community.groups.models import Group
from community.groups.queries import callable_by


def rendered(body: str, *, by_id: int | None = None) -> Rendered:
    """The text as HTML; people who exist are linked where they are mentioned, and groups that `by_id` may call."""
    named = set(mention_candidates(body))
    if not named:
        return render(body)
    known = db.session.scalars(select(Member.handle).where(Member.handle.in_(named), KNOWN))
    return render(body, known_handles=frozenset(known), known_groups=groups_called(named, by_id))


def groups_called(words: set[str], by_id: int | None) -> frozenset[str]:
    """Those of the words that are groups which the member may mention."""
    if by_id is None or db.session.scalar(select(Group.id).where(Group.slug.in_(words)).limit(1)) is None:
        return frozenset()
    return frozenset(callable_by(actor_for(by_id), words))

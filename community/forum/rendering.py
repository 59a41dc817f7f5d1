"""A member's text as it will be kept: for posts, and for the preview that shows the same."""

from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.markup import Rendered, mention_candidates, render


def rendered(body: str) -> Rendered:
    """The text as HTML; people who exist are linked where they are mentioned."""
    named = set(mention_candidates(body))
    known = db.session.scalars(select(Member.handle).where(Member.handle.in_(named))) if named else ()
    return render(body, known_handles=frozenset(known))

"""Where imported things went."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from community.core.db import db

from .models import ImportMap

_OLD_ADDRESS = re.compile(r"/(?:(q|questions|a|users|posts/comments)/(-?\d{1,18})|tags/([^/]{1,80}))(?:/.*)?")
_CANONICAL = {"q": "questions", "questions": "questions"}


@dataclass(frozen=True)
class NewPlace:
    """What an old address became: `kind` is post, comment (a post too), user or tag."""

    kind: str
    new_id: int


def new_place(path: str, *, source: str | None = None) -> NewPlace | None:
    """Return what the old path (`/questions/12/title`) became; None where unknown, or known twice."""
    found = _OLD_ADDRESS.fullmatch(path)
    if found is None:
        return None
    word, number, tag = found.groups()
    url = f"/tags/{tag}" if tag else f"/{_CANONICAL.get(word, word)}/{number}"
    wanted = select(ImportMap.kind, ImportMap.new_id).where(ImportMap.old_url == url)
    if source is not None:
        wanted = wanted.where(ImportMap.source == source)
    rows = db.session.execute(wanted.limit(2)).all()
    return NewPlace(rows[0].kind, rows[0].new_id) if len(rows) == 1 else None

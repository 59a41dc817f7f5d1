"""Two people at one post: whoever saves second is shown what the first one changed, before it is replaced."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask_babel import gettext as _

from community.core.diff import Part, Row, inline

from ..models import Post
from .pages import Version, folded_sides, versions_of

WARNED = "+"


@dataclass(frozen=True)
class Typed:
    """What a form would let a post say; of replies only the text."""

    body: str
    title: str = ""
    fields: Sequence[dict[str, str]] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Meanwhile:
    """What became of a post. `known` where the text is still kept that the form was opened with; else the present text
    is compared with what was typed.
    """

    by: str
    title: Sequence[Part]
    tags: Sequence[Part]
    rows: Sequence[Row | None]
    known: bool

    @property
    def message(self) -> str:
        """What is said beside the field."""
        return _("%(name)s changed this meanwhile, as shown here. Saving again puts your text on top.", name=self.by)


def present(post: Post) -> Typed:
    """What the post says now."""
    if not post.opens:
        return Typed(post.body)
    return Typed(post.body, post.thread.title, tuple(post.thread.fields), tuple(post.thread.tags))


def _mark(post: Post, text: Typed | Version) -> str:
    """Tells texts apart; of a reply only the words, for nothing else of it is typed."""
    parts = [text.title, list(text.fields), text.body] if post.opens else [text.body]
    return sha256(json.dumps(parts).encode()).hexdigest()[:16]


def seen_in(post: Post, *, warned: bool = False) -> str:
    """Tells one text of a post from another, as a form carries it: a mark of the text, then the tags. It begins with
    `WARNED` where the person was shown what changed.
    """
    now = present(post)
    return (WARNED if warned else "") + " ".join([_mark(post, now), *now.tags])


def since(post: Post, seen: str, typed: Typed) -> Meanwhile | None:
    """What somebody changed since the form was opened that carries `seen`; None where nothing would be lost.

    The post must be locked, so that it stays as it is until it is saved.
    """
    seen, now = seen.removeprefix(WARNED), present(post)
    if seen == seen_in(post) or typed == now:
        return None
    versions = versions_of(post)
    mark, *tags = seen.split() or [""]
    before = next((each for each in versions if _mark(post, each) == mark), None)
    fields = list(typed.fields if post.opens else post.fields)
    mine = Version(0, "", post.created_at, "", typed.title, typed.body, fields)
    base, last = before or mine, versions[-1]
    return Meanwhile(
        by=last.by,
        title=inline(base.title, last.title) if base.title != last.title else [],
        tags=inline(" ".join(tags), " ".join(now.tags)) if tags != list(now.tags) else [],
        rows=folded_sides(base.text, last.text) if base.text != last.text else [],
        known=before is not None,
    )

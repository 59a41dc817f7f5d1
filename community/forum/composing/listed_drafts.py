"""Drafts as lists show them, with the thread that each belongs to, read through the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from community.core.db import db
from community.core.markup import excerpt
from community.core.policies import Actor
from community.drafts.models import Draft, DraftKind, Place

from ..models import Post, Thread
from ..queries import visible

SHOWN = 160  # characters of a text in a list


@dataclass(frozen=True)
class DraftRow:
    """A draft in a list."""

    id: int
    url: str
    kind: str
    title: str
    language: str
    text: str
    body: str
    at: datetime

    @property
    def whole(self) -> bool:
        """Whether the list shows all of it already."""
        return self.text == " ".join(self.body.split())


@dataclass(frozen=True)
class _Target:
    title: str
    language: str


def rows(actor: Actor, drafts: Sequence[Draft]) -> list[DraftRow]:
    """Those of the drafts whose thread one may still read, in the same order; two statements at most."""
    threads = _threads(actor, {draft.target_id for draft in drafts if draft.kind == DraftKind.REPLY})
    posts = _posts(actor, {draft.target_id for draft in drafts if draft.kind == DraftKind.EDIT})
    found = []
    for draft in drafts:
        if draft.kind == DraftKind.THREAD:
            target: _Target | None = _Target(draft.title or _("Without a title yet"), "")
        else:
            target = (threads if draft.kind == DraftKind.REPLY else posts).get(draft.target_id)
        if target is not None:
            found.append(_row(draft, target))
    return found


def _row(draft: Draft, target: _Target) -> DraftRow:
    return DraftRow(
        id=draft.id,
        url=address_of(draft.place, draft.id),
        kind=draft.kind,
        title=target.title,
        language=target.language,
        text=excerpt(draft.body, SHOWN),
        body=draft.body,
        at=draft.updated_at,
    )


def address_of(place: Place, draft_id: int | None = None) -> str:
    """Where a text is written on."""
    if place.kind == DraftKind.REPLY:
        return url_for("forum.thread", thread_id=place.target_id, draft=draft_id, _anchor="reply")
    if place.kind == DraftKind.EDIT:
        return url_for("forum.edit", post_id=place.target_id, draft=draft_id)
    return url_for("forum.ask", draft=draft_id)


def _threads(actor: Actor, ids: set[int]) -> dict[int, _Target]:
    if not ids:
        return {}
    about = select(Thread.id, Thread.title, Thread.language).join(Thread.space)
    wanted = about.where(visible(actor), Thread.id.in_(ids))
    return {row.id: _Target(row.title, row.language) for row in db.session.execute(wanted)}


def _posts(actor: Actor, ids: set[int]) -> dict[int, _Target]:
    if not ids:
        return {}
    wanted = (
        select(Post.id, Thread.title, Thread.language)
        .join(Post.thread)
        .join(Thread.space)
        .where(visible(actor), Post.id.in_(ids), Post.hidden_at.is_(None))
    )
    return {row.id: _Target(row.title, row.language) for row in db.session.execute(wanted)}

"""Everything that somebody typed as one value: published at once, or kept as data and published later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from community.core import events
from community.core.db import db
from community.spaces.models import Space

from .. import operations, queries
from ..dates import operations as dates
from ..dates.operations import When
from ..editing.conflicts import seen_in
from ..events import PublishedAsItIs
from ..models import Post, Thread
from ..reactions import polls
from ..reactions.polls import Asked, Results


@dataclass(frozen=True)
class Typed:
    """What was typed. A thread has `space_id` and what its form asks for, a reply `thread_id`, an edit `post_id`.

    `seen` tells which text an edit is put in place of, `as_it_is` what its author chose to publish unmasked.
    """

    body: str
    title: str = ""
    space_id: int | None = None
    thread_id: int | None = None
    post_id: int | None = None
    reply_to_id: int | None = None
    kind: str = ""
    tags: tuple[str, ...] = ()
    given: tuple[dict[str, str], ...] = ()
    organisation_id: int | None = None
    poll: Asked | None = None
    date: When | None = None
    as_it_is: tuple[str, ...] = ()
    reason: str = ""
    seen: str = ""

    def kept(self) -> dict[str, Any]:
        """As data for a JSON column."""
        return {name: value for name, value in _plain(asdict(self)).items() if value not in (None, "", [])}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """What `kept` gave."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        for name in ("tags", "given", "as_it_is"):
            values[name] = tuple(values.get(name, ()))
        return cls(**{**values, "poll": _poll(kept.get("poll")), "date": _date(kept.get("date"))})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _poll(kept: Mapping[str, Any] | None) -> Asked | None:
    if kept is None:
        return None
    closes = kept.get("closes_at")
    at = datetime.fromisoformat(closes) if closes else None
    return Asked(tuple(kept["options"]), kept["multiple"], kept["named"], Results(kept["results"]), at)


def _date(kept: Mapping[str, Any] | None) -> When | None:
    if kept is None:
        return None
    starts_at, ends_at = (datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at"))
    return When(starts_at, ends_at, kept["zone"], kept["place"])


def place_of(typed: Typed) -> Thread | None:
    """The thread that a reply or an edit belongs to now; the one that it was merged into."""
    if typed.post_id is not None:
        post = db.session.get(Post, typed.post_id)
        return post.thread if post is not None else None
    thread = db.session.get(Thread, typed.thread_id) if typed.thread_id is not None else None
    while thread is not None and thread.merged_into_id is not None:
        thread = db.session.get(Thread, thread.merged_into_id)
    return thread


def is_unchanged(typed: Typed) -> bool:
    """Whether the post that an edit is about still reads as its author saw it."""
    post = db.session.get(Post, typed.post_id) if typed.post_id is not None else None
    return post is not None and seen_in(post) == typed.seen


def publish(typed: Typed, *, author_id: int) -> Post:
    """Publish it now, through the same operations as ever."""
    if typed.post_id is not None:
        post = _edit(typed, author_id)
    elif typed.thread_id is not None:
        post = _reply(typed, author_id)
    else:
        post = _start(typed, author_id)
    if typed.as_it_is:
        fact = PublishedAsItIs(actor_id=author_id, thread_id=post.thread_id, post_id=post.id, kinds=typed.as_it_is)
        events.record(fact)
    return post


def _start(typed: Typed, author_id: int) -> Post:
    thread = operations.start_thread(
        space=db.session.get_one(Space, typed.space_id),
        author_id=author_id,
        kind=typed.kind,
        title=typed.title,
        body=typed.body,
        tags=typed.tags,
        fields=list(typed.given),
        organisation_id=typed.organisation_id,
    )
    if typed.poll is not None:
        polls.begin(thread, typed.poll)
    if typed.date is not None:
        dates.set_date(thread, typed.date, by_id=author_id)
    return thread.posts[0]


def _reply(typed: Typed, author_id: int) -> Post:
    thread = place_of(typed)
    if thread is None:
        raise LookupError(f"thread {typed.thread_id} is gone")
    target = typed.reply_to_id
    inside = queries.post_id_within(thread, target) if target is not None else None
    return operations.reply(thread, author_id=author_id, body=typed.body, reply_to_id=inside)


def _edit(typed: Typed, author_id: int) -> Post:
    post = db.session.get_one(Post, typed.post_id)
    given = [dict(each) for each in typed.given] if post.opens else None
    operations.edit_post(
        post, editor_id=author_id, body=typed.body, title=typed.title, reason=typed.reason, fields=given
    )
    if post.opens:
        operations.retag(post.thread, typed.tags)
    return post

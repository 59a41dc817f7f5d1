"""What people of the demo world do with threads and posts, beside asking and answering."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from community.core.db import db, utcnow
from community.drafts import operations as drafts
from community.drafts.models import DraftKind, Place
from community.forum import operations as forum
from community.forum.arranging import operations as arranging
from community.forum.arranging import posts as arranging_posts
from community.forum.asking import ideas
from community.forum.dates import operations as dates
from community.forum.editing import operations as editing
from community.forum.models import Post, Thread
from community.forum.reactions import affected, bookmarks, confirming, polls, thanking
from community.forum.suggesting import operations as suggesting
from community.forum.within import operations as within

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _thread(world: World, told: Told, name: str = "thread") -> Thread:
    return db.session.get_one(Thread, world.threads[told[name]])


def _post(world: World, told: Told) -> Post:
    found = select(Post).where(Post.thread_id == world.threads[told["thread"]], Post.number == told["post"])
    return db.session.scalars(found).one()


def _by(world: World, told: Told) -> int:
    return world.members[told["by"]]


def _changed(post: Post, told: Told) -> str:
    if told["old"] not in post.body:
        raise LookupError(f"post {post.id} does not say: {told['old']}")
    return post.body.replace(told["old"], told["new"])


def _affected(world: World, told: Told) -> None:
    affected.describe(_thread(world, told), member_id=_by(world, told), version=told["version"], site=told["site"])


def _keep_within(world: World, told: Told) -> None:
    organisation_id = world.organisations[told["organisation"]]
    within.keep_within(_thread(world, told), organisation_id, by_id=_by(world, told))


def _give_tag(world: World, told: Told) -> None:
    thread = _thread(world, told)
    forum.retag(thread, [*thread.tags, told["name"]])


def _thank(world: World, told: Told) -> None:
    thanking.thank(_post(world, told), member_id=_by(world, told), line=told.get("line", ""))


def _ask_authors(_world: World, _told: Told) -> None:
    confirming.ask_authors()


def _confirm(world: World, told: Told) -> None:
    confirming.confirm(_thread(world, told))


def _poll(world: World, told: Told) -> None:
    closes_at = world.now + timedelta(hours=told["closes_in_hours"])
    polls.begin(_thread(world, told), polls.Asked(tuple(told["options"]), named=True, closes_at=closes_at))


def _date(world: World, told: Told) -> None:
    """On the next day of the week that is told, at least a day from now."""
    zone = ZoneInfo(told["zone"])
    first = world.now.astimezone(zone).date() + timedelta(days=1)
    day = first + timedelta(days=(told["weekday"] - first.weekday()) % 7)
    begins, ends = (datetime.combine(day, time.fromisoformat(told[name]), zone) for name in ("begins", "ends"))
    when = dates.When(begins, ends, told["zone"], told["place"])
    dates.set_date(_thread(world, told), when, by_id=_by(world, told))


def _vote(world: World, told: Told) -> None:
    thread = _thread(world, told)
    options = select(polls.PollOption.id).where(polls.PollOption.thread_id == thread.id)
    chosen = db.session.scalars(options.where(polls.PollOption.position == told["option"])).one()
    polls.vote(thread, [chosen], member_id=_by(world, told))


def _bookmark(world: World, told: Told) -> None:
    post, member_id = _post(world, told), _by(world, told)
    bookmarks.add(post, member_id=member_id)
    mine = select(bookmarks.Bookmark).where(bookmarks.Bookmark.member_id == member_id)
    marked = db.session.scalars(mine.where(bookmarks.Bookmark.post_id == post.id)).one()
    bookmarks.note(marked, told["note"], _day(world, told), zone="")


def _day(world: World, told: Told) -> date | None:
    days = told.get("remind_in_days")
    return (world.now + timedelta(days=days)).date() if days else None


def _pin(world: World, told: Told) -> None:
    until = utcnow() + timedelta(days=told["for_days"])
    arranging.pin(_thread(world, told), by_id=_by(world, told), reason=told["reason"], until=until)


def _duplicate(world: World, told: Told) -> None:
    original = _thread(world, told, "of")
    arranging.mark_duplicate(_thread(world, told), original, by_id=_by(world, told), reason=told["reason"])


def _split(world: World, told: Told) -> None:
    thread = _thread(world, told)
    moved = list(db.session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number.in_(told["posts"]))))
    new = arranging_posts.split(thread, moved, title=told["title"], by_id=_by(world, told), reason=told["reason"])
    world.threads[told["key"]] = new.id


def _edit(world: World, told: Told) -> None:
    post = _post(world, told)
    editing.edit_post(post, editor_id=_by(world, told), body=_changed(post, told), reason=told["reason"])


def _suggest(world: World, told: Told) -> None:
    post = _post(world, told)
    suggesting.suggest(post, member_id=_by(world, told), title="", body=_changed(post, told), reason=told["reason"])


def _decide(world: World, told: Told) -> None:
    ideas.decide(_thread(world, told), told["state"], told["word"].strip(), by_id=_by(world, told))


def _draft_reply(world: World, told: Told) -> None:
    place = Place(DraftKind.REPLY, world.threads[told["thread"]])
    drafts.keep(_by(world, told), place, drafts.Words(body=told["body"].strip()), drafts.Basis())


STEPS: dict[str, Step] = {
    "affected": _affected,
    "keep_within": _keep_within,
    "give_tag": _give_tag,
    "thank": _thank,
    "ask_authors": _ask_authors,
    "confirm": _confirm,
    "date": _date,
    "poll": _poll,
    "vote": _vote,
    "bookmark": _bookmark,
    "pin": _pin,
    "duplicate": _duplicate,
    "split": _split,
    "edit": _edit,
    "suggest": _suggest,
    "decide": _decide,
    "draft_reply": _draft_reply,
}

"""Loading the demo world through the product's own operations, each act at its own time in the past."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from community.accounts import operations as accounts
from community.accounts.models import SPACE_MEMBER, SUPER_USER, Member
from community.core.db import at_time, db, utcnow
from community.core.markup import render
from community.forum import operations as forum
from community.forum.models import Post, Thread
from community.spaces.models import Space

PASSWORD = "isthmus demo"  # noqa: S105 - printed on the sign-in page of a demo, never of anything else
FIRST_HANDLE = "ingrid"
APPOINTED = 0.4  # people became super users when this share of the time since they joined was still to come


@dataclass(frozen=True)
class Act:
    """Something that happened, and when."""

    at: datetime
    run: Callable[[], object]


@dataclass
class World:
    """What is being loaded: people and spaces by their names, threads by their keys."""

    now: datetime
    members: dict[str, int] = field(default_factory=dict)
    spaces: dict[str, int] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    talks: dict[str, int] = field(default_factory=dict)

    def ago(self, hours: float) -> datetime:
        """A moment so many hours before now."""
        return self.now - timedelta(hours=hours)


def is_loaded() -> bool:
    """Whether the demo world is there already."""
    return db.session.scalar(select(Member.id).where(Member.handle == FIRST_HANDLE)) is not None


def read(package: str, name: str) -> dict[str, Any]:
    """One of the demo's TOML files."""
    with files(package).joinpath(name).open("rb") as source:
        return tomllib.load(source)


def load_people_and_spaces(now: datetime) -> World:
    """Members and spaces first, with their standings."""
    world = World(now)
    people = read("community.demo", "members.toml")["member"]
    for person in people:
        world.members[person["handle"]] = _member(person, world)
    for described in read("community.demo", "spaces.toml")["space"]:
        _space(described, world)
    for person in people:
        member = db.session.get_one(Member, world.members[person["handle"]])
        with at_time(world.ago(person["joined_hours_ago"] * APPOINTED)):
            for slug in person.get("super_user_in", ()):
                accounts.grant(member, SUPER_USER, world.spaces[slug], by_id=None)
    return world


def _member(person: dict[str, Any], world: World) -> int:
    with at_time(world.ago(person["joined_hours_ago"])):
        member = Member(
            handle=person["handle"],
            name=person["name"],
            email=person["email"],
            role=person["role"],
            about=person.get("about", ""),
            about_html=render(person["about"]).html if person.get("about") else "",
            language=person.get("language", ""),
            time_zone=person.get("time_zone", ""),
            password_hash=accounts.hash_password(PASSWORD),
            email_confirmed_at=utcnow(),
        )
        db.session.add(member)
        db.session.flush()
        return member.id


def _space(described: dict[str, Any], world: World) -> None:
    space = Space(
        slug=described["slug"],
        name=described["name"],
        description=described["description"],
        charter=described["charter"],
        charter_html=render(described["charter"]).html,
        language=described["language"],
        visibility=described["visibility"],
        run_by=described["run_by"],
        promise_hours=described["promise_hours"],
        tags=described["tags"],
        reserved_tags=described.get("reserved_tags", []),
        created_at=world.ago(24 * 400),
    )
    db.session.add(space)
    db.session.flush()
    world.spaces[space.slug] = space.id
    for handle in described.get("members", ()):
        member = db.session.get_one(Member, world.members[handle])
        with at_time(min(utcnow(), member.joined_at + timedelta(hours=1))):
            accounts.grant(member, SPACE_MEMBER, space.id, by_id=None)


def acts(world: World) -> list[Act]:
    """Everything said and done in the forum, in the order of time."""
    found: list[Act] = []
    for slug in world.spaces:
        for told in read("community.demo", f"threads_{slug}.toml")["thread"]:
            found += _thread_acts(world, slug, told)
    return sorted(found, key=lambda act: act.at)


def _thread_acts(world: World, slug: str, told: dict[str, Any]) -> list[Act]:
    replies = told.get("reply", [])
    posts: dict[int, int] = {}
    found = [Act(world.ago(told["hours_ago"]), lambda: _start(world, slug, told))]
    for position, reply in enumerate(replies):
        found.append(Act(world.ago(reply["hours_ago"]), _replying(world, told, reply, position, posts)))
        for step, handle in enumerate(reply.get("helpful", ())):
            moment = max(world.ago(reply["hours_ago"]), world.ago(reply["hours_ago"] * 0.9)) + timedelta(minutes=step)
            found.append(Act(moment, _helping(world, handle, position, posts)))
    for step, handle in enumerate(told.get("have_too", ())):
        moment = world.ago(told["hours_ago"] * 0.95) + timedelta(minutes=step)
        found.append(Act(moment, _having_too(world, told, handle)))
    if "solved_by" in told:
        moment = world.ago(replies[told["solved_by"]]["hours_ago"] * 0.85)
        found.append(Act(moment, _accepting(world, told, posts)))
    return found


def _start(world: World, slug: str, told: dict[str, Any]) -> None:
    thread = forum.start_thread(
        space=db.session.get_one(Space, world.spaces[slug]),
        author_id=world.members[told["author"]],
        kind=told["kind"],
        title=told["title"],
        body=told["body"],
        tags=told["tags"],
        fields=told.get("field", ()),
    )
    thread.pinned = bool(told.get("pinned", False))
    if told.get("closed"):
        thread.closed_at = utcnow()
        thread.settle()
    world.threads[told["key"]] = thread.id


def _thread(world: World, told: dict[str, Any]) -> Thread:
    return db.session.get_one(Thread, world.threads[told["key"]])


def _replying(
    world: World, told: dict[str, Any], reply: dict[str, Any], position: int, posts: dict[int, int]
) -> Callable[[], None]:
    def run() -> None:
        post = forum.reply(_thread(world, told), author_id=world.members[reply["author"]], body=reply["body"])
        posts[position] = post.id

    return run


def _helping(world: World, handle: str, position: int, posts: dict[int, int]) -> Callable[[], None]:
    def run() -> None:
        forum.mark_helpful(db.session.get_one(Post, posts[position]), member_id=world.members[handle])

    return run


def _having_too(world: World, told: dict[str, Any], handle: str) -> Callable[[], None]:
    def run() -> None:
        forum.have_too(_thread(world, told), member_id=world.members[handle])

    return run


def _accepting(world: World, told: dict[str, Any], posts: dict[int, int]) -> Callable[[], None]:
    def run() -> None:
        thread = _thread(world, told)
        forum.accept(thread, db.session.get_one(Post, posts[told["solved_by"]]), by_id=thread.author_id)

    return run


def put_in_order(thread_id: int) -> None:
    """Number a thread's posts by their time: the desk's words were loaded after the community's."""
    posts = list(db.session.scalars(select(Post).where(Post.thread_id == thread_id)))
    posts.sort(key=lambda post: (not post.opens, post.created_at, post.id))
    for place, post in enumerate(posts, start=1):
        post.number = -place
    db.session.flush()
    for post in posts:
        post.number = -post.number

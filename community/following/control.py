"""The small control that shows a level and changes it: a menu of buttons, in a form."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask_babel.speaklater import LazyString

from community.accounts.models import Member
from community.core.addresses import address
from community.core.policies import Actor
from community.core.slots import fill
from community.forum.models import Thread
from community.spaces.models import Space

from . import queries, words
from .models import Following, Level
from .rules import Levels, effective

WHENCE = ("of thread", "by itself", "of tag", "of space")


@dataclass(frozen=True)
class Choice:
    """One level as the control offers it."""

    level: Level
    label: LazyString
    meaning: LazyString
    current: bool


def choices(level: Level, labels: Mapping[Level, LazyString], meanings: Mapping[Level, LazyString]) -> list[Choice]:
    """The levels that make sense for a thing, the one that tells most first."""
    return [Choice(each, label, meanings[each], each is level) for each, label in labels.items()]


def _drawn(action: str, level: Level, offered: list[Choice], name: str) -> str:
    label = next((choice.label for choice in offered if choice.current), words.LABELS[level])
    back = request.full_path.rstrip("?")
    return render_template(
        "following/control.html", action=action, choices=offered, label=label, name=name, level=level, back=back
    )


@fill("thread.following")
def of_thread(*, thread: Thread, own: Mapping[str, frozenset[int]], actor: Actor, **_others: object) -> str:
    """How one follows a thread; what it comes to is known from the statement that finds one's own marks."""
    if not actor.is_member:
        return ""
    said = {name: [Level(number) for number in own.get(f"level {name}", ())] for name in WHENCE}
    levels = Levels(
        thread=max(said["of thread"], default=None),
        by_itself=said["by itself"],
        tags=said["of tag"],
        space=max(said["of space"], default=None),
    )
    level = effective(levels)
    action = address("following.thread", thread_id=thread.id)
    return _drawn(action, level, choices(level, words.OF_THREADS, words.IN_THREAD), thread.title)


@fill("space.following")
def of_space(*, space: Space, actor: Actor, **_others: object) -> str:
    """How one follows a space."""
    if actor.id is None:
        return ""
    level = queries.level_of(actor.id, Following.space_id == space.id)
    action = address("following.space", slug=space.slug)
    return _drawn(action, level, choices(level, words.LABELS, words.AROUND), space.name)


@fill("tag.following")
def of_tag(*, tag: str, actor: Actor, **_others: object) -> str:
    """How one follows a tag."""
    if actor.id is None:
        return ""
    level = queries.level_of(actor.id, Following.tag == tag)
    action = address("following.tag", tag=tag)
    return _drawn(action, level, choices(level, words.LABELS, words.AROUND), tag)


@fill("profile.following")
def of_person(*, member: Member, actor: Actor, **_others: object) -> str:
    """Whether one follows a person, or muted them; nobody does so with themselves."""
    if actor.id is None or actor.id == member.id:
        return ""
    level = queries.level_of(actor.id, Following.person_id == member.id)
    action = address("following.person", handle=member.handle)
    return _drawn(action, level, choices(level, words.OF_PEOPLE, words.ABOUT_PERSON), member.name)

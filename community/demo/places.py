"""What people of the demo world set up: organisations, tags, what spaces ask for, and what is their own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from community.accounts.models import Member
from community.core.db import db
from community.drafts import operations as drafts
from community.drafts.models import DraftKind, Place
from community.expertise import operations as expertise
from community.following import operations as following
from community.following.models import Level
from community.forum.asking import templates as asking
from community.forum.scheduling import operations as scheduling
from community.forum.searching.saved import Alert, save
from community.forum.tagging import operations as tags
from community.notifications.models import Rhythm
from community.notifications.planning import row_of
from community.organisations import assigning
from community.organisations import operations as organisations
from community.organisations.models import Organisation
from community.spaces.models import Space

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _by(world: World, told: Told) -> int:
    return world.members[told["by"]]


def _organisation(world: World, told: Told) -> None:
    details = organisations.OrganisationDetails(
        name=told["name"],
        slug=told["slug"],
        service_level=told["service_level"],
        mail_domains=tuple(told["mail_domains"]),
    )
    world.organisations[told["slug"]] = organisations.create(details, by_id=_by(world, told)).id


def _belong(world: World, told: Told) -> None:
    organisation = db.session.get_one(Organisation, world.organisations[told["organisation"]])
    for handle in told["members"]:
        assigning.choose(db.session.get_one(Member, world.members[handle]), organisation, by_id=_by(world, told))


def _tag(world: World, told: Told) -> None:
    body = told.get("body", "").strip()
    tags.edit(told["name"], body=body, group=told["group"], editor_id=_by(world, told))


def _synonym(world: World, told: Told) -> None:
    tags.merge(told["name"], told["main"], by_id=_by(world, told))


def _template(world: World, told: Told) -> None:
    fields = [asking.AskedField(**{**field, "choices": tuple(field.get("choices", ()))}) for field in told["field"]]
    space = db.session.get_one(Space, world.spaces[told["space"]])
    asking.set_fields(space, told["of"], fields, by_id=_by(world, told))


def _follow(world: World, told: Told) -> None:
    following.choose(_by(world, told), _target(world, told), Level[told["level"].upper()])


def _target(world: World, told: Told) -> following.Target:
    if "tag" in told:
        return following.tag(told["tag"])
    if "space" in told:
        return following.space(world.spaces[told["space"]])
    if "person" in told:
        return following.person(world.members[told["person"]])
    return following.thread(world.threads[told["thread"]])


def _draft_thread(world: World, told: Told) -> None:
    words = drafts.Words(title=told["title"], body=told["body"].strip(), space=told["space"])
    drafts.keep(_by(world, told), Place(DraftKind.THREAD), words, drafts.Basis())


def _save_search(world: World, told: Told) -> None:
    save(told["query"], Alert(told["alert"]), member_id=_by(world, told))


def _know(world: World, told: Told) -> None:
    expertise.name_tags(_by(world, told), told["tags"])


def _endorse(world: World, told: Told) -> None:
    for handle in told["people"]:
        expertise.endorse(_by(world, {"by": told["whom"]}), told["tag"], by_id=_by(world, {"by": handle}))


def _digest(world: World, told: Told) -> None:
    row = row_of(_by(world, told), locked=True)
    row.rhythm, row.hour = Rhythm.DAILY.value, told["hour"]


def _schedule(world: World, told: Told) -> None:
    db.session.add(
        scheduling.ScheduledNews(
            space_id=world.spaces[told["space"]],
            author_id=_by(world, told),
            title=told["title"],
            body=told["body"].strip(),
            tags=told["tags"],
            publish_at=world.now + timedelta(hours=told["in_hours"]),
        )
    )


STEPS: dict[str, Step] = {
    "organisation": _organisation,
    "belong": _belong,
    "tag": _tag,
    "synonym": _synonym,
    "template": _template,
    "follow": _follow,
    "draft_thread": _draft_thread,
    "save_search": _save_search,
    "know": _know,
    "endorse": _endorse,
    "digest": _digest,
    "schedule": _schedule,
}

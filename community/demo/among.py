"""What super users of the demo world share: their space, a gathering, an invitation, a question to experts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from community.core.db import db
from community.forum.dates.operations import When
from community.forum.scheduling.operations import ScheduledNews
from community.superusers.inner import place
from community.superusers.inner.experts import operations as experts
from community.superusers.inner.experts.models import ExpertPool, ExpertQuestion
from community.superusers.inner.gatherings import operations as gatherings
from community.superusers.inner.gatherings.models import GatheringGuest
from community.superusers.inner.offers import operations as offers

from .loading import World

Told = dict[str, Any]
Step = Callable[[World, Told], object]


def _space(world: World, told: Told) -> None:
    made = place.make(by_id=world.members[told["by"]])
    if made is not None:
        world.spaces[made.slug] = made.id


def _early(world: World, told: Told) -> None:
    space = place.inner_space()
    if space is not None:
        news = ScheduledNews(
            author_id=world.members[told["by"]],
            space_id=world.spaces[told["space"]],
            title=told["title"],
            body=told["body"].strip(),
            publish_at=world.now + timedelta(days=told["in_days"]),
        )
        place.tell_early(news, space)


def _gathering(world: World, told: Told) -> None:
    begins = (world.now + timedelta(days=told["in_days"])).replace(hour=13, minute=0, second=0, microsecond=0)
    when = When(begins, begins + timedelta(hours=1), told["zone"], told["place"])
    said = gatherings.Call(told["title"], told["agenda"].strip(), when, ("space:any",))
    made = gatherings.call(said, by_id=world.members[told["by"]])
    for handle, word in told["answers"].items():
        guest = db.session.get(GatheringGuest, (made.id, world.members[handle]))
        if guest is not None:
            gatherings.answer(guest, word)
    gatherings.note_follow_up(made, told["follow_up"], world.members[told["follow_up_by"]], None)


def _offer(world: World, told: Told) -> None:
    said = offers.Said(told["what"], told["title"], told["body"].strip(), told["places"], None)
    made = offers.invite(said, by_id=world.members[told["by"]])
    for handle in told["people"]:
        offers.sign_up(made, world.members[handle])


def _pool(world: World, told: Told) -> None:
    ids = {world.members[handle] for handle in told["experts"]}
    experts.write_pool(ExpertPool(), name=told["name"], about=told["about"], tags=told["tags"], member_ids=ids)


def _ask(world: World, told: Told) -> None:
    pool = db.session.scalars(select(ExpertPool).where(ExpertPool.name == told["pool"])).one()
    words = {"title": told["title"], "body": told["body"].strip()}
    experts.ask(pool, asker_id=world.members[told["by"]], thread_id=world.threads.get(told.get("thread", "")), **words)


def _answer(world: World, told: Told) -> None:
    question = db.session.scalars(select(ExpertQuestion).where(ExpertQuestion.title == told["title"])).one()
    by_id = world.members[told["by"]]
    experts.take(question, by_id=by_id)
    experts.answer(question, told["body"].strip(), by_id=by_id)


STEPS: dict[str, Step] = {
    "inner_space": _space,
    "early_news": _early,
    "gathering": _gathering,
    "offer": _offer,
    "expert_pool": _pool,
    "expert_question": _ask,
    "expert_answer": _answer,
}

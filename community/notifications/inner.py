"""What is told among super users: gatherings, and what is asked of experts. Only to people who are inside by then."""

from collections.abc import Collection, Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.superusers.inner.experts.events import ExpertAnswered, ExpertAsked, ExpertEvent, ExpertTook
from community.superusers.inner.experts.models import ExpertQuestion
from community.superusers.inner.experts.queries import experts_of, shown_among
from community.superusers.inner.gatherings.events import (
    GatheringCancelled,
    GatheringChanged,
    GatheringEvent,
    PeopleInvited,
)
from community.superusers.inner.gatherings.models import Gathering
from community.superusers.inner.offers.events import MovedUp, OfferEnded, OfferEvent, OfferMade, PeopleThanked
from community.superusers.inner.offers.models import Offer
from community.superusers.inner.people import still_inside
from community.superusers.inner.policies import inside

from .kinds import register
from .operations import notify
from .places import Facts

WHY = _l("You get this mail because you are a super user or one of the provider's people.")


def _while_inside(actor: Actor, facts: Facts) -> Collection[int]:
    return facts if inside(actor) else ()


def _questions_seen(actor: Actor, facts: Facts) -> Collection[int]:
    seen = shown_among(actor, {payload["question_id"] for payload in facts.values()})
    return [id_ for id_, payload in facts.items() if payload["question_id"] in seen]


register(
    "gathering",
    _l("Gatherings of super users"),
    mail=False,  # there is a letter of its own, which calendars read
    sentence=_l("About a gathering"),
    why=WHY,
    icon="calendar",
    reads=_while_inside,
    group="super_users",
)
register(
    "expert",
    _l("Questions to experts"),
    sentence=_l("About a question to experts"),
    why=WHY,
    icon="ask",
    reads=_questions_seen,
    group="super_users",
)
register(
    "offer",
    _l("Invitations to tests, demos and the like"),
    sentence=_l("About an invitation"),
    why=WHY,
    icon="star",
    reads=_while_inside,
    group="super_users",
)


def _inside(member_ids: Iterable[int]) -> list[int]:
    return [member.id for member in still_inside(list(member_ids))]


@subscribe(PeopleInvited, GatheringChanged, GatheringCancelled)
def tell_of_gathering(event: GatheringEvent, fact: Fact) -> None:
    """Guests hear that they are invited, that something changed, and that it is off."""
    gathering = db.session.get(Gathering, event.gathering_id)
    if gathering is None:
        return
    off = isinstance(event, GatheringCancelled)
    page = url_for("gatherings.page", gathering_id=gathering.id)
    url = url_for("gatherings.index") if off and gathering.cancelled_at is None else page
    title = gathering.title
    people = _inside(event.member_ids)
    notify(fact.id, "gathering", people, "", url, event.actor_id, render=lambda: _words(event, title))


def _words(event: GatheringEvent, title: str) -> str:
    if isinstance(event, PeopleInvited):
        return _("You are invited: %(title)s", title=title)
    if isinstance(event, GatheringChanged):
        return _("Changed: %(title)s", title=title)
    return _("Called off: %(title)s", title=title)


@subscribe(ExpertAsked, ExpertTook, ExpertAnswered)
def tell_of_question(event: ExpertEvent, fact: Fact) -> None:
    """The pool hears of a question, who asked of who took it, and of the answer where no thread tells of it."""
    question = db.session.get(ExpertQuestion, event.question_id)
    if question is None or (isinstance(event, ExpertAnswered) and question.inner_thread_id is not None):
        return
    pool = [member.id for member in experts_of(question.pool_id)]
    people = pool if isinstance(event, ExpertAsked) else _inside([question.asker_id])
    url, title = url_for("experts.question", question_id=question.id), question.title
    notify(fact.id, "expert", people, "", url, event.actor_id, render=lambda: _expert_words(event, title))


def _expert_words(event: ExpertEvent, title: str) -> str:
    if isinstance(event, ExpertAsked):
        return _("A super user asks: %(title)s", title=title)
    if isinstance(event, ExpertTook):
        return _("An expert has taken your question: %(title)s", title=title)
    return _("Your question is answered: %(title)s", title=title)


@subscribe(OfferMade, MovedUp, OfferEnded, PeopleThanked)
def tell_of_offer(event: OfferEvent, fact: Fact) -> None:
    """Super users hear of an invitation; who takes part hears of a place, of the end, and of thanks."""
    offer = db.session.get(Offer, event.offer_id)
    if offer is None:
        return
    people, url = _inside(event.member_ids), url_for("offers.page", offer_id=offer.id)
    title = offer.title
    notify(fact.id, "offer", people, "", url, event.actor_id, render=lambda: _offer_words(event, title))


def _offer_words(event: OfferEvent, title: str) -> str:
    if isinstance(event, OfferMade):
        return _("You are invited: %(title)s", title=title)
    if isinstance(event, MovedUp):
        return _("You have a place now: %(title)s", title=title)
    if isinstance(event, OfferEnded):
        return _("How was it? %(title)s", title=title)
    return _("You are thanked for taking part: %(title)s", title=title)

"""What people are told of rules that they broke on purpose."""

from collections.abc import Callable, Collection

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.policies import Actor
from community.superusers.deviations import kinds, queries
from community.superusers.deviations.events import DeviationReviewed, RuleChanged
from community.superusers.deviations.models import Deviation

from .kinds import register
from .operations import notify
from .places import Facts


def _read(actor: Actor, facts: Facts) -> Collection[int]:
    seen = queries.readable_among(actor, {payload["deviation_id"] for payload in facts.values()})
    return [id_ for id_, payload in facts.items() if payload["deviation_id"] in seen]


register(
    "deviation",
    _l("Somebody looked at a rule that you broke on purpose"),
    sentence=_l("Somebody looked at a rule that you broke on purpose"),
    why=_l("You get this mail because you put it on the record, or did it."),
    icon="sliders",
    reads=_read,
    group="super_users",
)


@subscribe(DeviationReviewed)
def tell_of_review(event: DeviationReviewed, fact: Fact) -> None:
    """Whoever recorded it and whoever did it read what the look at it brought."""

    def to_whoever_did_it() -> str:
        if not event.outcome:
            return _("A rule that you broke on purpose is looked at again; what was said of it is taken back")
        outcome = kinds.outcome_said(event.outcome)
        return _("A rule that you broke on purpose was looked at: %(outcome)s", outcome=outcome)

    def to_whoever_recorded_it() -> str:
        if not event.outcome:
            return _("A broken rule that you recorded is looked at again; what was said of it is taken back")
        outcome = kinds.outcome_said(event.outcome)
        return _("A broken rule that you recorded was looked at: %(outcome)s", outcome=outcome)

    found = db.session.get_one(Deviation, event.deviation_id)
    excerpt = found.words if event.outcome else ""
    _tell(fact, found, event.actor_id, (to_whoever_did_it, to_whoever_recorded_it), excerpt)


@subscribe(RuleChanged)
def tell_of_rule(event: RuleChanged, fact: Fact) -> None:
    """They read that the rule is another one now."""
    found = db.session.get_one(Deviation, event.deviation_id)
    said = (
        lambda: _("The rule that you broke on purpose was changed"),
        lambda: _("The rule whose breach you recorded was changed"),
    )
    _tell(fact, found, event.actor_id, said, found.changed_to)


def _tell(
    fact: Fact, found: Deviation, actor_id: int | None, said: tuple[Callable[[], str], Callable[[], str]], excerpt: str
) -> None:
    """Whoever did it is told in the first words, whoever only recorded it in the second."""
    address, (to_doer, to_recorder) = url_for("deviations.page", deviation_id=found.id), said
    for people, words in (({found.by_id}, to_doer), ({found.member_id} - {found.by_id}, to_recorder)):
        notify(fact.id, "deviation", sorted(people - {actor_id}), "", address, None, render=words, excerpt=excerpt)

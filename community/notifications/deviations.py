"""What people are told of rules that they broke on purpose."""

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import db
from community.core.events import Fact, subscribe
from community.superusers.deviations import kinds
from community.superusers.deviations.events import DeviationReviewed, RuleChanged
from community.superusers.deviations.models import Deviation

from .kinds import register
from .operations import notify

register(
    "deviation",
    _l("Somebody looked at a rule that you broke on purpose"),
    sentence=_l("Somebody looked at a rule that you broke on purpose"),
    why=_l("You get this mail because you put it on the record, or did it."),
    icon="sliders",
)


@subscribe(DeviationReviewed)
def tell_of_review(event: DeviationReviewed, fact: Fact) -> None:
    """Whoever recorded it and whoever did it read what the look at it brought."""

    def said() -> str:
        outcome = kinds.outcome_said(event.outcome)
        return _("A rule that you broke on purpose was looked at: %(outcome)s", outcome=outcome)

    found = db.session.get_one(Deviation, event.deviation_id)
    _tell(fact, found, event.actor_id, said, found.words)


@subscribe(RuleChanged)
def tell_of_rule(event: RuleChanged, fact: Fact) -> None:
    """They read that the rule is another one now."""
    found = db.session.get_one(Deviation, event.deviation_id)
    _tell(fact, found, event.actor_id, lambda: _("The rule that you broke on purpose was changed"), found.changed_to)


def _tell(fact: Fact, found: Deviation, actor_id: int | None, said: Callable[[], str], excerpt: str) -> None:
    people = sorted({found.member_id, found.by_id} - {actor_id})
    address = url_for("deviations.page", deviation_id=found.id)
    notify(fact.id, "deviation", people, "", address, None, render=said, excerpt=excerpt)

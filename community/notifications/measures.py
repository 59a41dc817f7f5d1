"""What people are told of measures, appeals, and of what became of their reports."""

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import i18n
from community.core.db import db
from community.core.events import Fact, subscribe
from community.moderation import flagging
from community.moderation.events import AppealDecided, CaseDecided, MeasureChanged, MeasureEnded, MeasureTaken
from community.moderation.measures import measure_kind
from community.moderation.models import Case, Measure
from community.moderation.words import rule_said

from .kinds import register
from .operations import notify

TAKEN_BACK = frozenset({"undone", "lifted"})

register(
    "measure",
    _l("A measure about you or what you wrote"),
    sentence=_l("A measure of the moderators"),
    why=_l("You get this mail because it is about you or what you wrote."),
    icon="shield",
    group="own",
)
register(
    "report-decided",
    _l("What you reported was decided"),
    mail=False,
    sentence=_l("What you reported was decided"),
    why=_l("You get this mail because you reported it."),
    icon="flag",
    group="own",
)


@subscribe(MeasureTaken)
def tell_of_measure(event: MeasureTaken, fact: Fact) -> None:
    """The person concerned reads what was done, by which rule, and how to ask for a second look."""
    if event.member_id is None:
        return
    measure = db.session.get_one(Measure, event.measure_id)
    if _is_part(measure):
        return

    def said() -> str:
        return f"{measure_kind(measure.kind).said}. {_('Rule: %(rule)s', rule=rule_said(measure.rule))}"

    _tell(fact, measure, event.member_id, said, measure.words)


@subscribe(MeasureEnded)
def tell_of_end(event: MeasureEnded, fact: Fact) -> None:
    """What was taken back is told; the answer to an appeal says it itself."""
    if event.member_id is None or event.how not in TAKEN_BACK:
        return
    measure = db.session.get_one(Measure, event.measure_id)
    if _is_part(measure):
        return
    _tell(fact, measure, event.member_id, lambda: _("A measure was taken back; everything is as it was before"), "")


@subscribe(MeasureChanged)
def tell_of_change(event: MeasureChanged, fact: Fact) -> None:
    """It ends on another day."""
    measure = db.session.get_one(Measure, event.measure_id)

    def said() -> str:
        until = i18n.format_when(measure.until)[1] if measure.until else ""
        return _("A measure about you lasts until %(day)s now", day=until)

    if event.member_id is not None:
        _tell(fact, measure, event.member_id, said, measure.words)


@subscribe(AppealDecided)
def tell_of_appeal(event: AppealDecided, fact: Fact) -> None:
    """Whoever appealed reads what the second look brought."""
    measure = db.session.get_one(Measure, event.measure_id)
    was_right = event.outcome == "reversed"

    def said() -> str:
        if was_right:
            return _("Your appeal was right; everything is as it was before")
        return _("Your appeal was looked at; the measure stays")

    _tell(fact, measure, event.member_id, said, measure.appeal.answer if measure.appeal else "")


@subscribe(CaseDecided)
def tell_who_reported(event: CaseDecided, fact: Fact) -> None:
    """Whoever reported something hears that it was decided; not who else did, nor what the author was told."""
    if event.kind != "flag":
        return
    case = db.session.get_one(Case, event.case_id)
    people = sorted({flag.member_id for flag in flagging.flags_of(case)} - {event.actor_id})
    was_right = event.decision not in ("fine", "moot")

    def said() -> str:
        if was_right:
            return _("Your report was right. Thank you.")
        return _("Somebody looked at it and left it as it is. Thank you for your care.")

    notify(fact.id, "report-decided", people, "", url_for("moderation.own_measures"), None, render=said)


def _is_part(measure: Measure) -> bool:
    """Of an act that is told as a whole."""
    return measure.act_id is not None and measure.kind in ("hide", "own_votes")


def _tell(fact: Fact, measure: Measure, member_id: int, said: Callable[[], str], excerpt: str) -> None:
    address = url_for("moderation.measure", measure_id=measure.id)
    notify(fact.id, "measure", [member_id], "", address, None, render=said, excerpt=excerpt)

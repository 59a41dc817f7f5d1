"""The words that people see for classes, states, scales and reasons."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from bridge.triage.classes import CRITICAL, HIGH, LOW, MEDIUM, ONLY_A_QUESTION, QueryClass
from bridge.triage.suggesting import Reason

CLASSES: dict[str, LazyString] = {
    QueryClass.INCIDENT: _l("Incident"),
    QueryClass.DISASTER: _l("Disaster"),
    QueryClass.SERVICE_REQUEST: _l("Service request"),
    QueryClass.CHANGE_REQUEST: _l("Change request"),
    QueryClass.COMPLAINT: _l("Complaint"),
    QueryClass.COMPLIMENT: _l("Compliment"),
    QueryClass.IMPROVEMENT: _l("Improvement suggestion"),
    QueryClass.SUSPICIOUS: _l("Suspicious activity"),
}
VERDICTS: dict[str, LazyString] = CLASSES | {ONLY_A_QUESTION: _l("Only a question")}
CRITERIA: dict[str, LazyString] = {
    QueryClass.INCIDENT: _l("Something promised does not work, or works badly"),
    QueryClass.DISASTER: _l("An emergency, or the danger of one"),
    QueryClass.SERVICE_REQUEST: _l("Something is wanted that the service offers"),
    QueryClass.CHANGE_REQUEST: _l("A change that the catalogue offers"),
    QueryClass.COMPLAINT: _l("A bad experience, though nothing is broken"),
    QueryClass.COMPLIMENT: _l("A good experience, to be passed on"),
    QueryClass.IMPROVEMENT: _l("Something that no catalogue offers yet"),
    QueryClass.SUSPICIOUS: _l("May be a threat to security: only the author and the desk will see it"),
}
STATUSES: dict[str, LazyString] = {
    "new": _l("New"),
    "in_progress": _l("Being worked on"),
    "waiting_user": _l("Waiting for the author"),
    "resolved": _l("Resolved"),
    "declined": _l("Declined"),
    "closed": _l("Closed"),
}
PRIORITIES: dict[int, LazyString] = {
    CRITICAL: _l("Critical"),
    HIGH: _l("High"),
    MEDIUM: _l("Medium"),
    LOW: _l("Low"),
}
IMPACTS: dict[int, LazyString] = {3: _l("Many people"), 2: _l("Some people"), 1: _l("One person")}
URGENCIES: dict[int, LazyString] = {1: _l("Can wait"), 2: _l("Works more slowly"), 3: _l("Work has stopped")}
IMPACT_HEADS: dict[int, LazyString] = {3: _l("Many"), 2: _l("Some"), 1: _l("One")}
URGENCY_HEADS: dict[int, LazyString] = {1: _l("Can wait"), 2: _l("Slower"), 3: _l("Stopped")}
STEPS: dict[str, LazyString] = {
    "received": _l("Taken to the service desk"),
    "acknowledged": _l("Understood"),
    "classified": _l("Class confirmed"),
    "reclassified": _l("Class changed"),
    "assigned": _l("Assigned"),
    "asked": _l("Asked the author"),
    "answered": _l("The author answered"),
    "replied": _l("News from the service desk"),
    "noted": _l("Internal note"),
    "news_promised": _l("Next news promised"),
    "weighed": _l("Impact and urgency changed"),
    "major": _l("Marked as a major incident"),
    "not_major": _l("No longer a major incident"),
    "shown_again": _l("Shown to the community again"),
    "joined": _l("Another thread joined"),
    "worked_on": _l("Work goes on"),
    "reminded": _l("The author was reminded"),
    "handed_over": _l("Handed over to another desk"),
    "retracted": _l("Taken back from the other desk"),
    "lost_at_desk": _l("No longer at the other desk"),
    "resolved": _l("Answer proposed"),
    "declined": _l("Declined"),
    "peer_answer": _l("The author accepted an answer from the community"),
    "reopened": _l("Opened again"),
    "closed": _l("Closed"),
}
# The same, to the person who did it or to whom it happened.
OWN_STEPS: dict[str, LazyString] = {
    "asked": _l("Asked you"),
    "answered": _l("You answered"),
    "peer_answer": _l("You accepted an answer from the community"),
}
REASONS: dict[str, LazyString] = {
    "threat": _l("“%(found)s” speaks of a threat to security"),
    "credentials asked for": _l("“%(found)s”: somebody asks for what nobody should ask for"),
    "odd": _l("“%(found)s” sounds odd"),
    "emergency": _l("“%(found)s” is an emergency"),
    "does not work": _l("“%(found)s”: something promised does not work"),
    "error": _l("“%(found)s” is what a fault looks like"),
    "worse than before": _l("“%(found)s”: it was better before"),
    "asks for something": _l("“%(found)s” asks for something the service offers"),
    "asks for a change": _l("“%(found)s” asks for a change"),
    "unhappy": _l("“%(found)s”: a bad experience"),
    "pleased": _l("“%(found)s”: a good experience"),
    "polite": _l("“%(found)s” says thanks"),
    "suggests": _l("“%(found)s” suggests something"),
    "asks how": _l("“%(found)s” asks how, which peers can often answer"),
    "tag": _l("The tag “%(found)s”"),
    "space": _l("The space “%(found)s”"),
    "kind": _l("It was posted as “%(found)s”"),
    "people": _l("%(found)s people are affected"),
    "organisations": _l("%(found)s organisations are affected"),
    "speaks of all": _l("“%(found)s” speaks of all people there"),
    "speaks of others": _l("“%(found)s” speaks of others too"),
    "critical service": _l("People cannot work without this service"),
    "stopped": _l("“%(found)s”: work stands still"),
    "deadline": _l("“%(found)s”: there is a deadline"),
    "workaround": _l("“%(found)s”: there is another way meanwhile"),
    "no workaround": _l("“%(found)s”: there is no other way"),
    "can wait": _l("“%(found)s”: it can wait"),
    "pressing class": _l("This class is always urgent"),
    "patient class": _l("This class can usually wait"),
    "learned": _l("“%(found)s”: learned from earlier posts"),
    "asks about threats": _l("“%(found)s” asks about threats and tells of none"),
    "in charge and money": _l("“%(found)s” and money: somebody may be posing as a superior"),
    "money elsewhere": _l("“%(found)s”: money is to go somewhere else"),
    "attachment": _l("“%(found)s” is how attachments take over a computer"),
    "sign-in by somebody else": _l("“%(found)s”: somebody else may use the account"),
    "prompts nobody asked for": _l("“%(found)s” that nobody asked for"),
    "code to scan": _l("“%(found)s” may lead to a false page"),
    "caller": _l("“%(found)s” wanted by a caller"),
    "found device": _l("“%(found)s” of unknown origin"),
    "data to the wrong people": _l("“%(found)s”: data may have reached the wrong people"),
    "ransom": _l("“%(found)s” speaks of extortion"),
    "shared password": _l("“%(found)s”: somebody else knows a password"),
    "stranger inside": _l("“%(found)s”: somebody may be where they should not be"),
    "machine acts alone": _l("“%(found)s”: somebody else may be in control"),
    "odd message": _l("“%(found)s” that may not be from whom it says"),
    "gone with data": _l("“%(found)s” lost or stolen, with what is on it"),
}


KINDS = {
    "question": _l("Question"),
    "discussion": _l("Discussion"),
    "idea": _l("Idea"),
    "announcement": _l("News"),
}


def reason_lines(reasons: tuple[Reason, ...]) -> list[tuple[str, str]]:
    """Reasons as (signed weight, sentence), at most six."""
    return [(f"{reason.weight:+d}".replace("-", "−"), sentence(reason)) for reason in reasons[:6]]


def sentence(reason: Reason) -> str:
    """One reason in words."""
    found = KINDS.get(reason.found, reason.found) if reason.why == "kind" else reason.found
    return str(REASONS[reason.why]) % {"found": found}


def span(time: timedelta) -> str:
    """A length of time in words, in its largest unit."""
    minutes = max(0, int(time.total_seconds()) // 60)
    if minutes < 120:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))


def exact_span(time: timedelta, *, short: bool = False) -> str:
    """A length of time in days, hours and minutes, with the units spelt out or short."""
    days, minutes = divmod(int(time.total_seconds()) // 60, 24 * 60)
    parts = (days, _days), (minutes // 60, _hours), (minutes % 60, _minutes)
    return " ".join(say(number, short) for number, say in parts if number) or _minutes(0, short)


def _days(number: int, short: bool) -> str:
    return _("%(num)s d", num=number) if short else ngettext("%(num)s day", "%(num)s days", number)


def _hours(number: int, short: bool) -> str:
    return _("%(num)s h", num=number) if short else ngettext("%(num)s hour", "%(num)s hours", number)


def _minutes(number: int, short: bool) -> str:
    return _("%(num)s min", num=number) if short else ngettext("%(num)s minute", "%(num)s minutes", number)


def understood_as(query_class: str, priority: int) -> str:
    """Class and priority in one phrase."""
    return _("%(kind)s, %(priority)s", kind=CLASSES[query_class], priority=str(PRIORITIES[priority]).lower())


def people(number: int) -> str:
    """How many people."""
    return ngettext("%(num)s person", "%(num)s people", number)

"""Words on the pages of rules: what conditions are called, days, and faults beside their field."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from .explaining import problem_words
from .problems import Problem

LABELS: dict[str, LazyString] = {
    "unanswered": _l("Nobody but the author has replied"),
    "not_accepted": _l("No answer is accepted"),
    "have_too": _l("Several people have this too"),
    "have_too_rate": _l("Many people have this too in a short time"),
    "words": _l("The author uses certain words"),
    "tags": _l("It carries a tag"),
    "service": _l("It is about a service"),
    "space": _l("It stands in certain spaces"),
    "kind": _l("It is of a certain kind"),
    "organisation": _l("The author belongs to an organisation"),
    "service_level": _l("The author has a service level"),
    "distress": _l("The author sounds distressed"),
    "first_question": _l("It is the author's first question"),
    "nobody_on_duty": _l("Nobody is on duty"),
    "proposed": _l("A super user proposes it"),
    "class": _l("Triage understands it as a class"),
}
DAYS: dict[str, LazyString] = {
    "monday": _l("Monday"),
    "tuesday": _l("Tuesday"),
    "wednesday": _l("Wednesday"),
    "thursday": _l("Thursday"),
    "friday": _l("Friday"),
    "saturday": _l("Saturday"),
    "sunday": _l("Sunday"),
}


def fault(problem: Problem) -> str:
    """A fault as a sentence that stands beside its field."""
    said = problem_words(Problem(problem.code, "", problem.value))
    return said[:1].upper() + said[1:]

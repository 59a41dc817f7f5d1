"""Impact and urgency suggested from what is known of a thread, each with its reasons. Pure."""

from . import rules
from .suggesting import Evidence, Reason, first_of

Weight = tuple[int, tuple[Reason, ...]]


def impact_of(evidence: Evidence) -> Weight:
    """1 one person, 2 some, 3 many: by people and organisations affected, by words, and by what the service means.

    A critical service counts one step more, for whoever cannot use it cannot work.
    """
    found = [*_by_people(evidence), *_by_words(evidence), *_by_organisations(evidence)]
    impact = max((level for level, _reason in found), default=1)
    reasons = [reason for level, reason in found if level == impact]
    if evidence.critical and impact < 3:
        return impact + 1, (*reasons, Reason(1, "", "critical service"))
    return impact, tuple(reasons)


def _by_people(evidence: Evidence) -> list[tuple[int, Reason]]:
    level = 1 + (evidence.people >= rules.SOME_PEOPLE) + (evidence.people >= rules.MANY_PEOPLE)
    return [(level, Reason(level, "", "people", str(evidence.people)))] if level > 1 else []


def _by_words(evidence: Evidence) -> list[tuple[int, Reason]]:
    everybody, several = first_of(rules.EVERYBODY, evidence.text), first_of(rules.SEVERAL, evidence.text)
    if everybody:
        return [(3, Reason(3, "", "speaks of all", everybody))]
    return [(2, Reason(2, "", "speaks of others", several))] if several else []


def _by_organisations(evidence: Evidence) -> list[tuple[int, Reason]]:
    level = 1 + (evidence.organisations >= rules.SOME_ORGANISATIONS)
    level += evidence.organisations >= rules.MANY_ORGANISATIONS
    return [(level, Reason(level, "", "organisations", str(evidence.organisations)))] if level > 1 else []


def urgency_of(evidence: Evidence, query_class: str) -> Weight:
    """1 can wait, 2 works more slowly, 3 stopped: by words that say so, a deadline, a workaround, else by the class."""
    text = evidence.text
    if waits := first_of(rules.CAN_WAIT, text):
        return 1, (Reason(1, "", "can wait", waits),)
    if query_class in rules.PRESSING_CLASSES:
        return 3, (Reason(3, "", "pressing class"),)
    if found := _pressing(text):
        around = "" if first_of(rules.NO_WORKAROUND, text) else first_of(rules.WORKAROUND, text)
        return (2, (found, Reason(-1, "", "workaround", around))) if around else (3, (found,))
    return (1, (Reason(1, "", "patient class"),)) if query_class in rules.PATIENT_CLASSES else (2, ())


def _pressing(text: str) -> Reason | None:
    for words, why in (
        (rules.STOPPED, "stopped"),
        (rules.DEADLINE, "deadline"),
        (rules.NO_WORKAROUND, "no workaround"),
    ):
        if found := first_of(words, text):
            return Reason(3, "", why, found)
    return None

"""Reasons, conditions, delays, faults and dry runs in words, in the language of whoever reads."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from bridge import words

from .conditions import Condition, Reason
from .dry_run import DryRun, Numbers, numbers
from .evaluating import Verdict
from .problems import Problem
from .rules import USUAL_RULES, Effect, Rule, Source

Values = Mapping[str, Any]

EFFECTS: dict[str, LazyString] = {
    Effect.SUGGEST: _l("Suggests to staff"),
    Effect.AUTOMATIC: _l("Takes it to the service desk"),
}
SOURCES: dict[str, LazyString] = {
    Source.INHERITED: _l("As everywhere"),
    Source.CHANGED: _l("Changed here"),
    Source.SWITCHED_OFF: _l("Switched off here"),
    Source.SWITCHED_ON: _l("Switched on here"),
    Source.OWN: _l("Only here"),
}
FIELDS: dict[str, LazyString] = {
    "name": _l("Name"),
    "conditions": _l("Conditions"),
    "effect": _l("Effect"),
    "target_class": _l("Class"),
    "in_hours_only": _l("Quiet hours"),
    "cap": _l("At most a day"),
    "wait": _l("Time for super users"),
    "enabled": _l("Switched on"),
}
USUAL_NAMES: dict[str, LazyString] = {
    "threat": _l("May be a threat to security"),
    "burst": _l("Many people at once"),
    "proposed": _l("A super user proposes it"),
    "no-one-there": _l("Unanswered, and nobody on duty"),
    "unanswered": _l("Unanswered for 24 working hours"),
    "unsolved": _l("No accepted answer after 48 working hours"),
    "shared": _l("Unsolved, and several people have it"),
    "distress": _l("The author is in distress"),
}
DELAYS: dict[str, LazyString] = {
    "wait": _l("super users can still step in"),
    "claimed": _l("a super user is on it"),
    "held": _l("it is held"),
    "quiet": _l("it waits for working hours"),
    "cap": _l("the limit of the day is reached"),
}
PROBLEMS: dict[str, LazyString] = {
    "not an object": _l("fields with names were expected here, not “%(value)s”."),
    "unknown field": _l("“%(value)s” is not known here."),
    "unknown condition": _l("“%(value)s” is not a condition."),
    "no conditions": _l("a rule needs at least one condition."),
    "automatic without a cap": _l("a rule that takes threads to the desk on its own needs a limit for each day."),
    "no name": _l("a name is needed, and not too long a one."),
    "not a key": _l("“%(value)s” cannot be a key: small letters, digits and hyphens, 40 at most."),
    "unknown effect": _l("“%(value)s” is neither “suggest” nor “automatic”."),
    "unknown class": _l("“%(value)s” is not a class of queries."),
    "unknown kind": _l("“%(value)s” is not a kind of thread that can go to the desk."),
    "not yes or no": _l("this is either true or false, not “%(value)s”."),
    "not a number": _l("a number is needed, not “%(value)s”."),
    "negative": _l("“%(value)s” is less than nothing."),
    "too large": _l("“%(value)s” is too large."),
    "not a whole number from one up": _l("a whole number from 1 up is needed, not “%(value)s”."),
    "not a list": _l("a list was expected here, not “%(value)s”."),
    "not a list of texts": _l("a list of texts was expected here, not “%(value)s”."),
    "not a list of ids": _l("a list of numbers of spaces was expected here, not “%(value)s”."),
    "empty": _l("at least one is needed."),
    "too many": _l("%(value)s are too many."),
    "too many or too long": _l("at most 200 are allowed, each of at most 80 characters."),
    "no such time zone": _l("“%(value)s” is not a time zone, such as Europe/Berlin or Asia/Shanghai."),
    "not a span": _l("“%(value)s” is not a time span, such as 09:00-17:30; write the end of the day as 24:00."),
    "spans overlap": _l("“%(value)s” overlaps another time span."),
    "not a date": _l("“%(value)s” is not a date, such as 2026-10-01."),
}


def listed(parts: Iterable[object]) -> str:
    """Parts of a sentence one after the other."""
    found = [str(part) for part in parts]
    return reduce(lambda first, more: _("%(first)s, %(more)s", first=first, more=more), found) if found else ""


def quoted(texts: Iterable[str]) -> str:
    """Texts in quotation marks, one after the other."""
    return listed(_("“%(found)s”", found=text) for text in texts)


def because(reasons: Iterable[Reason]) -> str:
    """All reasons in one line: "because: incident, 49 working hours without an accepted answer, 4 have this too"."""
    return _("because: %(reasons)s", reasons=listed(reason_words(reason) for reason in reasons))


def reason_words(reason: Reason) -> str:
    """One reason as part of a sentence. Raises `KeyError` for a code that does not exist."""
    return _REASONS[reason.code](dict(reason.values))


def _working(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    if minutes < 120:
        return ngettext("%(num)s working minute", "%(num)s working minutes", minutes)
    return ngettext("%(num)s working hour", "%(num)s working hours", minutes // 60)


def _class_word(name: str) -> str:
    return str(words.VERDICTS[name]).lower()


def _kind_word(name: str) -> str:
    return str(words.KINDS[name]).lower()


def _distress(values: Values) -> str:
    if values["words"]:
        return _("the author sounds distressed: %(words)s", words=quoted(values["words"]))
    return _("the author sounds distressed")


def _burst(values: Values) -> str:
    return _("%(count)s people within %(minutes)s minutes have this too", **values)


def _proposed(values: Values) -> str:
    return ngettext("%(num)s super user proposes it", "%(num)s super users propose it", values["count"])


_REASONS: dict[str, Callable[[Values], str]] = {
    "unanswered": lambda v: _("%(time)s without a reply", time=_working(v["time"])),
    "not_accepted": lambda v: _("%(time)s without an accepted answer", time=_working(v["time"])),
    "have_too": lambda v: ngettext("%(num)s has this too", "%(num)s have this too", v["count"]),
    "have_too_rate": _burst,
    "words": lambda v: _("it says %(words)s", words=quoted(v["words"])),
    "tags": lambda v: _("tagged %(tags)s", tags=quoted(v["tags"])),
    "service": lambda v: _("it is about %(service)s", service=v["service"]),
    "space": lambda _v: _("it stands in this space"),
    "kind": lambda v: _kind_word(v["kind"]),
    "organisation": lambda v: _("its author is with %(organisation)s", organisation=v["organisation"]),
    "service_level": lambda v: _("its author has the service level %(level)s", level=v["level"]),
    "distress": _distress,
    "first_question": lambda _v: _("it is its author's first question"),
    "nobody_on_duty": lambda _v: _("nobody is on duty"),
    "proposed": _proposed,
    "class": lambda v: _class_word(v["class"]),
}


def rule_name(rule: Rule) -> str:
    """The name of a rule: those that an installation begins with are translated until somebody renames them."""
    usual = next((each.name for each in USUAL_RULES if each.key == rule.key), "")
    return str(USUAL_NAMES[rule.key]) if rule.name == usual else rule.name


def condition_words(condition: Condition) -> str:
    """What a condition asks for, as part of a sentence."""
    return _CONDITIONS[condition.code](condition)


def _hours(condition: Any) -> str:
    return f"{condition.hours:g}"


def _rate(condition: Any) -> str:
    return _(
        "%(count)s or more people within %(minutes)s minutes have this too",
        count=condition.count,
        minutes=condition.minutes,
    )


_CONDITIONS: dict[str, Callable[[Any], str]] = {
    "unanswered": lambda c: _("no reply after %(hours)s h of working time", hours=_hours(c)),
    "not_accepted": lambda c: _("no accepted answer after %(hours)s h of working time", hours=_hours(c)),
    "have_too": lambda c: _("%(count)s or more people have this too", count=c.count),
    "have_too_rate": _rate,
    "words": lambda c: _("one of the words %(words)s", words=quoted(c.words)),
    "tags": lambda c: _("one of the tags %(tags)s", tags=quoted(c.tags)),
    "service": lambda c: _("one of the services %(services)s", services=quoted(c.services)),
    "space": lambda c: ngettext("in %(num)s space", "in one of %(num)s spaces", len(c.spaces)),
    "kind": lambda c: _("posted as %(kinds)s", kinds=listed(map(_kind_word, c.kinds))),
    "organisation": lambda c: _("author from %(organisations)s", organisations=quoted(c.organisations)),
    "service_level": lambda c: _("author with the service level %(levels)s", levels=quoted(c.levels)),
    "distress": lambda c: _("distress of %(score)s or more in the author's words", score=c.score),
    "first_question": lambda _c: _("the author's first question"),
    "nobody_on_duty": lambda _c: _("nobody on duty"),
    "proposed": lambda _c: _("a super user proposes it"),
    "class": lambda c: _("looks like %(classes)s", classes=listed(map(_class_word, c.classes))),
}


def problem_words(problem: Problem) -> str:
    """A fault as a sentence, with the place where it is. Raises `KeyError` for a code that does not exist."""
    said = str(PROBLEMS[problem.code]) % {"value": problem.value}
    return _("%(where)s: %(fault)s", where=problem.where, fault=said) if problem.where else said


def when(verdict: Verdict, now: datetime) -> str:
    """When a thread goes to the desk by this verdict, and what it waits for; "" where that is for staff to say."""
    if verdict.effect == Effect.SUGGEST:
        return ""
    if verdict.due_at is None:
        return _("Never goes to the service desk: its calendar has no working hours.")
    if verdict.goes(now):
        return _("Goes to the service desk now")
    time, delays = words.exact_span(verdict.due_at - now), listed(DELAYS[delay] for delay in verdict.delays)
    return _("Goes to the service desk in %(time)s: %(delays)s", time=time, delays=delays)


def target_words(target_class: str) -> str:
    """What a rule would make of a thread."""
    return str(words.VERDICTS[target_class]) if target_class else _("As triage suggests")


def summary(run: DryRun) -> list[str]:
    """What a dry run found, in sentences."""
    said = []
    if run.promotions or run.held_back or not run.suggestions:
        said += promised(numbers(run.promotions), len(run.held_back))
    if run.suggestions:
        found = numbers(run.suggestions)
        said.append(
            ngettext("Would have suggested %(num)s thread.", "Would have suggested %(num)s threads.", found.total)
        )
        said += _outcome(found)
    return said


def promised(found: Numbers, held_back: int) -> list[str]:
    """What a rule that acts on its own would have done, and what became of those threads without it."""
    went = ngettext("Would have promoted %(num)s thread.", "Would have promoted %(num)s threads.", found.total)
    return [went, *_outcome(found), *_held_back(held_back)]


def _outcome(found: Numbers) -> list[str]:
    if not found.total:
        return []
    solved, promoted = found.solved_soon, found.promoted_by_people
    return [
        ngettext(
            "%(num)s of them was solved by peers within 24 hours.",
            "%(num)s of them were solved by peers within 24 hours.",
            solved,
        ),
        ngettext(
            "%(num)s of them was promoted by people anyway.",
            "%(num)s of them were promoted by people anyway.",
            promoted,
        ),
    ]


def _held_back(number: int) -> list[str]:
    return [
        ngettext(
            "The daily limit and quiet hours would have held back %(num)s thread.",
            "The daily limit and quiet hours would have held back %(num)s threads.",
            number,
        )
    ]

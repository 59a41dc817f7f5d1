"""A class suggested from a thread's words, with the reasons. Pure: no clock, no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from . import rules, threats
from .classes import ONLY_A_QUESTION, QueryClass

# Ties go to the class that costs most when it is missed.
PRECEDENCE = (
    QueryClass.SUSPICIOUS,
    QueryClass.DISASTER,
    QueryClass.INCIDENT,
    QueryClass.COMPLAINT,
    QueryClass.SERVICE_REQUEST,
    QueryClass.CHANGE_REQUEST,
    QueryClass.IMPROVEMENT,
    QueryClass.COMPLIMENT,
    ONLY_A_QUESTION,
)


@dataclass(frozen=True)
class Evidence:
    """What is known of a thread when it is looked at. `organisations` are those of the people affected.

    `critical` says that people cannot work without the service that it is about.
    """

    title: str
    body: str
    tags: tuple[str, ...] = ()
    space: str = ""
    kind: str = "question"
    people: int = 1
    language: str = ""
    organisations: int = 0
    critical: bool = False

    @property
    def text(self) -> str:
        """All its words."""
        return f"{self.title}\n{self.body}".lower().replace("’", "'")


@dataclass(frozen=True)
class Reason:
    """Why: the weight it adds, which sentence explains it (`why`), and what was found."""

    weight: int
    query_class: str
    why: str
    found: str = ""


@dataclass(frozen=True)
class Suggestion:
    """The class that fits best, the reasons for it and against it, and how sure that is (0 to 1)."""

    query_class: str
    reasons: tuple[Reason, ...]
    sureness: float
    scores: dict[str, int] = field(default_factory=dict)

    @property
    def is_query(self) -> bool:
        """Whether there is something for the provider to do."""
        return self.query_class != ONLY_A_QUESTION


def suggest(evidence: Evidence) -> Suggestion:
    """The class that the evidence speaks for most."""
    told = _without_hearsay(evidence.text, list(_words(evidence)))
    reasons = _without_manners([*told, *_marks(evidence), *_people(evidence)])
    scores: dict[str, int] = dict.fromkeys(PRECEDENCE, 0)
    for reason in reasons:
        scores[reason.query_class] += reason.weight
    best = _best(scores)
    # What speaks for another class is a reason against this one.
    shown = [r if r.query_class == best else Reason(-r.weight, r.query_class, r.why, r.found) for r in reasons]
    shown.sort(key=lambda reason: -reason.weight)
    total = sum(score for score in scores.values() if score > 0)
    return Suggestion(best, tuple(shown), scores[best] / total if total else 0.0, scores)


def _best(scores: dict[str, int]) -> str:
    if scores[QueryClass.SUSPICIOUS] >= rules.THREAT:
        return QueryClass.SUSPICIOUS
    if not any(score > 0 for score in scores.values()):
        return ONLY_A_QUESTION
    return max(PRECEDENCE, key=lambda name: scores[name])


def _words(evidence: Evidence) -> Iterable[Reason]:
    text = evidence.text
    for rule in rules.WORD_RULES:
        found = first_of(rule.words, text)
        if found and (not rule.also or first_of(rule.also, text)):
            yield Reason(rule.weight, rule.query_class, rule.why, found)


def _marks(evidence: Evidence) -> Iterable[Reason]:
    for tag in evidence.tags:
        if tag in rules.TAG_CLASSES:
            name, weight = rules.TAG_CLASSES[tag]
            yield Reason(weight, name, "tag", tag)
    if evidence.space in rules.SPACE_CLASSES:
        name, weight = rules.SPACE_CLASSES[evidence.space]
        yield Reason(weight, name, "space", evidence.space)
    if evidence.kind in rules.KIND_CLASSES:
        name, weight = rules.KIND_CLASSES[evidence.kind]
        yield Reason(weight, name, "kind", evidence.kind)


def _people(evidence: Evidence) -> Iterable[Reason]:
    for people, weight in rules.PEOPLE_WEIGHTS:
        if evidence.people >= people and evidence.kind != "idea":
            return [Reason(weight, QueryClass.INCIDENT, "people", str(evidence.people))]
    return []


def _without_hearsay(text: str, reasons: list[Reason]) -> list[Reason]:
    """Who asks about threats in general, and tells of nothing seen, has none; where in doubt it is one."""
    asked = first_of(threats.ASKS_ABOUT, text)
    if not asked or first_of(threats.OBSERVED, text):
        return reasons
    about = [reason for reason in reasons if reason.query_class != QueryClass.SUSPICIOUS]
    return about if len(about) == len(reasons) else [*about, Reason(4, ONLY_A_QUESTION, "asks about threats", asked)]


def _without_manners(reasons: list[Reason]) -> list[Reason]:
    """Thanks at the end of a problem are manners, not a compliment."""
    if not any(reason.query_class in rules.TROUBLE for reason in reasons):
        return reasons
    return [reason for reason in reasons if reason.why != "polite"]


def first_of(words: tuple[str, ...], text: str) -> str:
    """The first of the words in the lower-case text, or "". Latin words match whole, Chinese ones anywhere."""
    if not any(word in text for word in words):  # twenty times faster than the pattern, and mostly all there is to do
        return ""
    found = _pattern(words).search(text)
    return found.group() if found else ""


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [rf"(?<!\w){re.escape(word)}(?!\w)" if word.isascii() else re.escape(word) for word in words]
    return re.compile("|".join(parts))

"""The past of a thread as rules would have seen it, moment by moment. Pure."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from bridge.triage.classes import ONLY_A_QUESTION, QueryClass
from bridge.triage.rules import KIND_CLASSES, PEOPLE_WEIGHTS, SPACE_CLASSES, TAG_CLASSES, WORD_RULES
from bridge.triage.suggesting import Evidence as TriageEvidence
from bridge.triage.suggesting import suggest

from .evidence import QUESTION, Evidence, Proposal

CLOSED = "closed"


@dataclass(frozen=True)
class Acceptance:
    """An answer was accepted, or the accepted one taken back (`accepted` False). `by_peer`: it is not the desk's."""

    at: datetime
    accepted: bool = True
    by_peer: bool = True


@dataclass(frozen=True)
class Promotion:
    """A thread went to the desk, through a person or a rule."""

    at: datetime
    by_person: bool = True


@dataclass(frozen=True)
class Facts:
    """Everything that happened to a thread, with its times, each list in their order.

    `replies` are those of others than the author, `own_words` the author's, the opening post first. What no record is
    kept of (tags, service, organisation and its service level, duty) is taken as it is now.
    """

    thread_id: int
    space_id: int
    created_at: datetime
    title: str
    own_words: tuple[tuple[datetime, str], ...] = ()
    space: str = ""
    kind: str = QUESTION
    tags: tuple[str, ...] = ()
    service: str = ""
    author_id: int = 0
    organisation: str = ""
    service_level: str = ""
    first_question: bool = False
    nobody_on_duty: bool = False
    replies: tuple[datetime, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    have_too_at: tuple[datetime, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    closed_at: datetime | None = None

    def solved_after(self, moment: datetime) -> datetime | None:
        """When peers next solved it; None where they never did, or people took it to the desk before."""
        solved = next((a.at for a in self.acceptances if a.accepted and a.by_peer and a.at >= moment), None)
        promoted = next((p.at for p in self.promotions if p.at >= moment), None)
        return None if solved is not None and promoted is not None and promoted < solved else solved

    def promoted_by_people_after(self, moment: datetime) -> datetime | None:
        """When people next took it to the desk."""
        return next((p.at for p in self.promotions if p.by_person and p.at >= moment), None)


Change = Callable[[Evidence], Evidence]


def replay(facts: Facts) -> Iterator[tuple[datetime, Evidence]]:
    """What was known from each moment on at which something happened; what happened at once is seen together."""
    evidence, since = _beginning(facts), facts.created_at
    for at, change in _changes(facts):
        if at > since:
            yield since, evidence
        evidence, since = change(evidence), max(at, facts.created_at)
    yield since, evidence


def triaged(facts: Facts, evidence: Evidence, classes: Collection[str]) -> str:
    """What triage would have suggested with what was known; "" where it is none of the classes."""
    people = 1 + len(evidence.have_too_at)
    # More people change nothing until they reach the next of the numbers that triage knows.
    people = max((least for least, _weight in PEOPLE_WEIGHTS if least <= people), default=1)
    if not _may_be(facts, evidence.text, people, classes):
        return ""
    found = _class_of(TriageEvidence("", evidence.text, facts.tags, facts.space, facts.kind, people))
    return found if found in classes else ""


@lru_cache(maxsize=1024)
def _class_of(known: TriageEvidence) -> str:
    return str(suggest(known).query_class)


def _may_be(facts: Facts, text: str, people: int, classes: Collection[str]) -> bool:
    """Whether anything at all speaks for one of the classes; much cheaper than triage."""
    if ONLY_A_QUESTION in classes or (QueryClass.INCIDENT in classes and people > 1):
        return True
    named = (KIND_CLASSES.get(facts.kind), SPACE_CLASSES.get(facts.space), *map(TAG_CLASSES.get, facts.tags))
    if any(found is not None and found[0] in classes for found in named):
        return True
    return any(_speaks_for(name, text) for name in classes)


@lru_cache(maxsize=16384)
def _speaks_for(query_class: str, text: str) -> bool:
    searched = TriageEvidence("", text).text
    return any(word in searched for rule in WORD_RULES if rule.query_class == query_class for word in rule.words)


def _beginning(facts: Facts) -> Evidence:
    return Evidence(
        thread_id=facts.thread_id,
        space_id=facts.space_id,
        created_at=facts.created_at,
        kind=facts.kind,
        text=facts.title,
        tags=facts.tags,
        service=facts.service,
        author_id=facts.author_id,
        organisation=facts.organisation,
        service_level=facts.service_level,
        first_question=facts.first_question,
        nobody_on_duty=facts.nobody_on_duty,
    )


def _changes(facts: Facts) -> list[tuple[datetime, Change]]:
    """Each fact as the change that it makes to what is known, in the order of time."""
    found: list[tuple[datetime, Change]] = [(at, _said(words)) for at, words in facts.own_words]
    if facts.replies:
        found.append((facts.replies[0], _replied(facts.replies[0])))
    found.extend((each.at, _accepted(each)) for each in facts.acceptances)
    found.extend((at, _shared(at)) for at in facts.have_too_at)
    found.extend((each.at, _proposed(each)) for each in facts.proposals)
    found.extend((each.at, _promoted) for each in facts.promotions[:1])
    if facts.closed_at is not None:
        found.append((facts.closed_at, _closed))
    return sorted(found, key=lambda pair: pair[0])


def _said(words: str) -> Change:
    return lambda evidence: replace(evidence, text=f"{evidence.text}\n{words}")


def _replied(at: datetime) -> Change:
    return lambda evidence: replace(evidence, first_reply_at=at, state="answered")


def _accepted(fact: Acceptance) -> Change:
    return lambda evidence: replace(evidence, accepted_at=fact.at if fact.accepted else None)


def _shared(at: datetime) -> Change:
    return lambda evidence: replace(evidence, have_too_at=(*evidence.have_too_at, at))


def _proposed(proposal: Proposal) -> Change:
    return lambda evidence: replace(evidence, proposals=(*evidence.proposals, proposal))


def _promoted(evidence: Evidence) -> Evidence:
    return replace(evidence, has_query=True)


def _closed(evidence: Evidence) -> Evidence:
    return replace(evidence, state=CLOSED)

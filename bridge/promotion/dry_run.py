"""Rules tried on the past: what they would have done, and what became of those threads without them. Pure.

Threads are looked at when something happened to them and when time alone changes something, in the order of time, so
that caps fall on the same threads as they would have. A full cap is not asked again by every thread that waits for
it: they stand in a queue. So the work grows with the facts, not with the days.
"""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

from .calendars import Calendar
from .conditions import Condition, Reason, SuggestedClass
from .evaluating import Verdict, look
from .evidence import Evidence
from .replaying import Facts, replay, triaged
from .rules import Effect, Rule

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Finding:
    """A rule would have acted on a thread at a moment, with the reasons; and what became of the thread without it.

    `delays` is what held it back: "quiet" or "cap", empty where nothing did.
    """

    facts: Facts
    rule: Rule
    at: datetime
    reasons: tuple[Reason, ...]
    solved_at: datetime | None
    promoted_at: datetime | None
    delays: tuple[str, ...] = ()

    @property
    def solved_soon(self) -> bool:
        """Whether peers solved it within 24 hours after that moment."""
        return self.solved_at is not None and self.solved_at - self.at <= SOON


@dataclass(frozen=True)
class DryRun:
    """What would have happened from `since` until before `until`, in the order of time.

    `promotions` went, once a thread. `suggestions` hold the first of each thread. `held_back` are those that people
    would have let go, stopped at that moment by the cap or quiet hours; they may have gone later.
    """

    since: datetime
    until: datetime
    threads: int
    promotions: tuple[Finding, ...]
    suggestions: tuple[Finding, ...]
    held_back: tuple[Finding, ...]


@dataclass(frozen=True)
class Numbers:
    """A list of findings in numbers: how many, solved by peers within 24 hours, promoted by people anyway."""

    total: int
    solved_soon: int
    promoted_by_people: int


def numbers(findings: Iterable[Finding]) -> Numbers:
    """The numbers of a list of findings."""
    found = list(findings)
    solved = sum(finding.solved_soon for finding in found)
    return Numbers(len(found), solved, sum(finding.promoted_at is not None for finding in found))


def dry_run(
    facts: Iterable[Facts],
    rules_in: Callable[[int], Sequence[Rule]],
    calendar_in: Callable[[int], Calendar],
    *,
    since: datetime,
    until: datetime,
) -> DryRun:
    """Try rules (of a space, by id) on what happened, with the calendar of each space.

    Threads from before `since` should be among the facts as long as they may still wait: what would have gone before
    does not go again. The present is not looked at: give `until` as now at the latest.
    """
    run = _Run(rules_in, calendar_in, until)
    threads = 0
    for thread in facts:
        run.add(thread)
        threads += 1
    run.go()
    promotions, suggestions, held = (
        tuple(finding for finding in findings if finding.at >= since)
        for findings in (run.promotions, run.suggestions, run.held_back)
    )
    return DryRun(since, until, threads, promotions, suggestions, held)


_Asking = tuple[tuple[str, ...], tuple[Condition, ...]]


@dataclass(frozen=True)
class _Place:
    """What holds in a space."""

    rules: tuple[Rule, ...]
    automatic: tuple[Rule, ...]
    calendar: Calendar
    asking: tuple[_Asking, ...]


@dataclass(eq=False)
class _Course:
    """A thread on its way through time. `turn` grows with each look, so that older plans are known as such."""

    facts: Facts
    place: _Place
    story: Iterator[tuple[datetime, Evidence]]
    evidence: Evidence
    following: tuple[datetime, Evidence] | None
    turn: int = 0
    suggested: bool = False
    held: bool = False
    noticed: dict[str, datetime] = field(default_factory=dict)


_Queue = tuple[Rule, int]
_Planned = tuple[datetime, int, _Course | _Queue, int]


class _Run:
    """All threads and their next moments."""

    def __init__(
        self, rules_in: Callable[[int], Sequence[Rule]], calendar_in: Callable[[int], Calendar], until: datetime
    ) -> None:
        self.rules_in, self.calendar_in, self.until = rules_in, calendar_in, until
        self.promotions: list[Finding] = []
        self.suggestions: list[Finding] = []
        self.held_back: list[Finding] = []
        self._places: dict[int, _Place] = {}
        self._plan: list[_Planned] = []
        self._order = count()
        self._promoted: Counter[tuple[Rule, date]] = Counter()
        self._queues: dict[_Queue, deque[tuple[_Course, int]]] = defaultdict(deque)
        self._called: set[_Queue] = set()

    def add(self, facts: Facts) -> None:
        """Let a thread begin."""
        if facts.space_id not in self._places:
            rules = tuple(rule for rule in self.rules_in(facts.space_id) if rule.enabled)
            automatic = tuple(rule for rule in rules if rule.automatic)
            calendar = self.calendar_in(facts.space_id)
            self._places[facts.space_id] = _Place(rules, automatic, calendar, tuple(_asking_in(rules)))
        story = replay(facts)
        at, evidence = next(story)
        self._put(at, _Course(facts, self._places[facts.space_id], story, evidence, next(story, None)))

    def go(self) -> None:
        """Live through everything that happened before the end."""
        while self._plan:
            at, _order, subject, turn = heapq.heappop(self._plan)
            if isinstance(subject, tuple):
                self._call(subject, at)
            elif turn == subject.turn:
                self._look(subject, at)

    def _put(self, at: datetime, subject: _Course | _Queue) -> None:
        if at < self.until:
            turn = subject.turn if isinstance(subject, _Course) else 0
            heapq.heappush(self._plan, (at, next(self._order), subject, turn))

    def _look(self, course: _Course, at: datetime) -> None:
        course.turn += 1
        while course.following is not None and course.following[0] <= at:
            course.evidence, course.following = course.following[1], next(course.story, None)
        if course.evidence.has_query:
            return
        place = course.place
        today = place.calendar.local_day(at)
        counts = {rule.key: self._promoted[rule, today] for rule in place.automatic}
        seen = look(place.rules, _known(course), at, place.calendar, counts)
        # The window of a rule that has just begun to speak begins now, as `look` took it.
        told = course.noticed
        course.noticed = {v.rule.key: told.get(v.rule.key, at) for v in seen.verdicts if v.asked_at is not None}
        going = next((verdict for verdict in seen.verdicts if verdict.goes(at)), None)
        if going is not None:
            self._promoted[going.rule, today] += 1
            self.promotions.append(_finding(course, going, at))
            return
        self._suggest(course, seen.verdicts, at)
        self._hold_back(course, seen.verdicts, at)
        self._plan_next(course, seen.verdicts, seen.more_at, at)

    def _suggest(self, course: _Course, verdicts: Sequence[Verdict], at: datetime) -> None:
        first = next((verdict for verdict in verdicts if verdict.effect == Effect.SUGGEST), None)
        if first is not None and not course.suggested:
            course.suggested = True
            self.suggestions.append(_finding(course, first, at))

    def _hold_back(self, course: _Course, verdicts: Sequence[Verdict], at: datetime) -> None:
        first = next((verdict for verdict in verdicts if verdict.asked_at == at), None)
        if first is not None and not course.held:
            course.held = True
            self.held_back.append(_finding(course, first, at))

    def _plan_next(self, course: _Course, verdicts: Sequence[Verdict], more_at: datetime | None, at: datetime) -> None:
        moments = [course.following[0]] if course.following else []
        moments += [more_at] if more_at else []
        for verdict in verdicts:
            if verdict.asked_at is not None and verdict.asked_at > at:
                moments.append(verdict.asked_at)
            elif verdict.due_at is not None and "cap" in verdict.delays:
                self._stand_in_queue(course, verdict.rule, verdict.due_at)
            elif verdict.due_at is not None:
                moments.append(verdict.due_at)
        if moments:
            self._put(min(moments), course)

    def _stand_in_queue(self, course: _Course, rule: Rule, due_at: datetime) -> None:
        queue = rule, id(course.place.calendar)
        self._queues[queue].append((course, course.turn))
        if queue not in self._called:
            self._called.add(queue)
            self._put(due_at, queue)

    def _call(self, queue: _Queue, at: datetime) -> None:
        """Let those go that stand first, until the cap is full again; the last look puts its thread in the queue."""
        self._called.discard(queue)
        waiting = self._queues[queue]
        while waiting and queue not in self._called:
            course, turn = waiting.popleft()
            if turn == course.turn:
                self._look(course, at)
                if queue in self._called:
                    waiting.rotate(1)


def _asking_in(rules: Iterable[Rule]) -> Iterator[_Asking]:
    """The classes that each rule asks for, with its other conditions."""
    for rule in rules:
        wanted = [condition.classes for condition in rule.conditions if isinstance(condition, SuggestedClass)]
        if wanted:
            others = (condition for condition in rule.conditions if not isinstance(condition, SuggestedClass))
            yield tuple(name for names in wanted for name in names), tuple(others)


def _known(course: _Course) -> Evidence:
    """What is known now, with the class that triage would suggest if a rule asks for it: that is the costly part."""
    evidence, calendar = course.evidence, course.place.calendar
    asked: set[str] = set()
    for classes, others in course.place.asking:
        if all(condition.holds_from(evidence, calendar) for condition in others):
            asked.update(classes)
    found = triaged(course.facts, evidence, asked) if asked else ""
    if not found and not course.noticed:
        return evidence
    return replace(evidence, suggested_class=found, noticed=tuple(course.noticed.items()))


def _finding(course: _Course, verdict: Verdict, at: datetime) -> Finding:
    facts = course.facts
    solved, promoted = facts.solved_after(at), facts.promoted_by_people_after(at)
    held = tuple(delay for delay in verdict.delays if delay in ("quiet", "cap"))
    return Finding(facts, verdict.rule, at, verdict.reasons, solved, promoted, held)

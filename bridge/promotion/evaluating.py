"""What the rules say of a thread now, when it would go, and when to look again. Pure: the caller brings the time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .calendars import DAY, Calendar, NeverError, next_working_moment
from .conditions import Reason
from .evidence import QUESTION, Evidence
from .rules import Effect, Rule


@dataclass(frozen=True)
class Verdict:
    """A rule speaks for promotion, with the reasons.

    `since` is when its last condition came true. `asked_at` is when people let an automatic one go: after the super
    users' window, claims and holds; that is now at the earliest. `due_at` is when it goes, as far as is known now; it
    goes now where that is not in the future, and never where there is none. `delays` name what holds it back: "wait",
    "claimed", "held", "quiet", "cap". `next_look_at` is when time alone could change anything about the thread.
    """

    rule: Rule
    effect: Effect
    reasons: tuple[Reason, ...]
    since: datetime
    asked_at: datetime | None = None
    due_at: datetime | None = None
    delays: tuple[str, ...] = ()
    next_look_at: datetime | None = None

    def goes(self, now: datetime) -> bool:
        """Whether it is to be promoted now."""
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True)
class Look:
    """All verdicts on a thread, in the order of the rules, and when to look again though nothing happens.

    `more_at` is when one more rule will speak, `next_look_at` that or the next promotion, whatever comes first.
    """

    verdicts: tuple[Verdict, ...] = ()
    more_at: datetime | None = None
    next_look_at: datetime | None = None


def evaluate(
    rules: Iterable[Rule], evidence: Evidence, now: datetime, calendar: Calendar, promoted_today: Mapping[str, int]
) -> list[Verdict]:
    """The verdicts of `look`, for callers who look at the thread anyway."""
    return list(look(rules, evidence, now, calendar, promoted_today).verdicts)


def look(
    rules: Iterable[Rule], evidence: Evidence, now: datetime, calendar: Calendar, promoted_today: Mapping[str, int]
) -> Look:
    """What the rules say. `promoted_today` counts by rule key what went since midnight in the calendar's zone.

    An event on the thread (a reply, a tag, a claim ...) always asks for a new look, whatever `next_look_at` says.
    """
    if not evidence.waits:
        return Look()
    found: list[Verdict] = []
    moments: list[datetime] = []
    for rule in rules:
        since = holds_from(rule, evidence, calendar)
        if since is None or (evidence.dismissed_at is not None and since <= evidence.dismissed_at):
            continue
        if since > now:
            moments.append(since)
        else:
            found.append(_verdict(rule, since, evidence, now, calendar, promoted_today))
    more_at = min(moments, default=None)
    moments.extend(v.due_at for v in found if v.due_at is not None and v.due_at > now)
    again = min(moments, default=None)
    told = found if again is None else (replace(verdict, next_look_at=again) for verdict in found)
    return Look(tuple(told), more_at, again)


def holds_from(rule: Rule, evidence: Evidence, calendar: Calendar) -> datetime | None:
    """Since or from when all conditions hold; None where the rule is off or something has to happen first."""
    if not rule.enabled or not rule.conditions or (rule.questions_only and evidence.kind != QUESTION):
        return None
    latest = evidence.created_at
    for condition in rule.conditions:
        moment = condition.holds_from(evidence, calendar)
        if moment is None:
            return None
        latest = max(latest, moment)
    return latest


def _verdict(
    rule: Rule,
    since: datetime,
    evidence: Evidence,
    now: datetime,
    calendar: Calendar,
    promoted_today: Mapping[str, int],
) -> Verdict:
    reasons = tuple(condition.reason(evidence, now, calendar) for condition in rule.conditions)
    verdict = Verdict(rule, rule.effect, reasons, since)
    if not rule.automatic:
        return verdict
    asked, delays = _asked_for(rule, evidence, now)
    full = rule.cap is not None and promoted_today.get(rule.key, 0) >= rule.cap
    due, more = _allowed(rule, asked, now, calendar, full)
    return replace(verdict, asked_at=asked, due_at=due, delays=(*delays, *more))


def _asked_for(rule: Rule, evidence: Evidence, now: datetime) -> tuple[datetime, tuple[str, ...]]:
    """When people would let it go: the window begins when they are told, and claims and holds go before it."""
    waits = {
        "wait": dict(evidence.noticed).get(rule.key, now) + rule.wait,
        "claimed": evidence.claimed_until,
        "held": evidence.held_until,
    }
    ends = {name: end for name, end in waits.items() if end is not None and end > now}
    return max(ends.values(), default=now), tuple(ends)


def _allowed(
    rule: Rule, asked: datetime, now: datetime, calendar: Calendar, full: bool
) -> tuple[datetime | None, tuple[str, ...]]:
    """When quiet hours and the cap let it go."""
    delays: list[str] = []
    try:
        due = _in_hours(rule, asked, calendar)
        if due > asked:
            delays.append("quiet")
        today = calendar.local_day(now)
        if full and calendar.local_day(due) == today:
            due = _in_hours(rule, calendar.midnight(today + DAY), calendar)
            delays.append("cap")
    except NeverError:
        return None, ("quiet",)
    return due, tuple(delays)


def _in_hours(rule: Rule, moment: datetime, calendar: Calendar) -> datetime:
    return next_working_moment(calendar, moment) if rule.in_hours_only else moment

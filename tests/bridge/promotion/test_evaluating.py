"""Verdicts: reasons, when a thread goes, what holds it back, and when to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.promotion.calendars import ALWAYS, WORKING_WEEK, Calendar
from bridge.promotion.conditions import Condition, HaveToo, Kind, NotAccepted, Reason, Unanswered, Words
from bridge.promotion.evaluating import Look, Verdict, evaluate, look
from bridge.promotion.evidence import Evidence
from bridge.promotion.rules import Effect, Rule

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # WORKING_WEEK is 9 to 17 in UTC
HOUR = timedelta(hours=1)
THREAD = Evidence(thread_id=1, space_id=1, created_at=MONDAY, text="Help")


def rule(*conditions: Condition, key: str = "r", **others: object) -> Rule:
    return Rule(key, key, conditions or (Unanswered(4),), **others)  # type: ignore[arg-type]


def automatic(*conditions: Condition, **others: object) -> Rule:
    return rule(*conditions, **{"effect": Effect.AUTOMATIC, "cap": 2} | others)  # type: ignore[arg-type]


def verdict(rule: Rule, evidence: Evidence, now: datetime, calendar: Calendar = ALWAYS, promoted: int = 0) -> Verdict:
    found = evaluate([rule], evidence, now, calendar, {rule.key: promoted})
    assert len(found) == 1
    return found[0]


def test_a_suggestion_has_reasons_and_no_time() -> None:
    found = verdict(rule(Unanswered(4), Words(("help",))), THREAD, MONDAY + 5 * HOUR)
    assert found.reasons == (Reason("unanswered", (("time", 5 * HOUR),)), Reason("words", (("words", ("help",)),)))
    assert (found.effect, found.since, found.due_at, found.next_look_at) == ("suggest", MONDAY + 4 * HOUR, None, None)
    assert not found.goes(MONDAY + 5 * HOUR)


def test_before_its_time_a_rule_only_says_when() -> None:
    rules = [rule(Unanswered(4)), rule(NotAccepted(2), key="s"), rule(Unanswered(1), HaveToo(1), key="t")]
    assert look(rules, THREAD, MONDAY, ALWAYS, {}) == Look((), MONDAY + 2 * HOUR, MONDAY + 2 * HOUR)
    assert evaluate(rules, THREAD, MONDAY, ALWAYS, {}) == []


@pytest.mark.parametrize(
    "known",
    [
        {"accepted_at": MONDAY},
        {"has_query": True},
        {"state": "closed"},
        {"state": "declined"},
        {"kind": "discussion"},
    ],
)
def test_what_waits_for_nobody_is_left_alone(known: dict[str, object]) -> None:
    thread = replace(THREAD, **known)  # type: ignore[arg-type]
    assert look([rule()], thread, MONDAY + 99 * HOUR, ALWAYS, {}) == Look()


def test_rules_that_are_off_or_empty_say_nothing() -> None:
    rules = [rule(enabled=False), Rule("none", "none", ())]
    assert look(rules, THREAD, MONDAY + 99 * HOUR, ALWAYS, {}) == Look()


def test_a_rule_that_names_kinds_looks_at_them() -> None:
    idea = replace(THREAD, kind="idea")
    assert evaluate([rule(Kind(("idea",)))], idea, MONDAY, ALWAYS, {})


def test_the_window_begins_when_people_are_told() -> None:
    now = MONDAY + 5 * HOUR
    found = verdict(automatic(), THREAD, now)
    assert (found.asked_at, found.due_at, found.delays) == (now + 3 * HOUR, now + 3 * HOUR, ("wait",))
    assert found.next_look_at == found.due_at
    told = replace(THREAD, noticed=(("r", MONDAY + 4 * HOUR),))
    assert verdict(automatic(), told, now).due_at == MONDAY + 7 * HOUR
    later = verdict(automatic(), told, MONDAY + 7 * HOUR)
    assert (later.due_at, later.delays, later.next_look_at) == (MONDAY + 7 * HOUR, (), None)
    assert later.goes(MONDAY + 7 * HOUR)


def test_claims_and_holds_go_before_the_window() -> None:
    now = MONDAY + 5 * HOUR
    thread = replace(THREAD, claimed_until=now + 5 * HOUR, held_until=now + 9 * HOUR)
    found = verdict(automatic(), thread, now)
    assert (found.due_at, found.delays) == (now + 9 * HOUR, ("wait", "claimed", "held"))
    assert verdict(automatic(), thread, now + 6 * HOUR).delays == ("wait", "held")


def test_quiet_hours_push_to_the_next_morning() -> None:
    evening = MONDAY + 10 * HOUR
    quiet = automatic(wait=timedelta())
    found = verdict(quiet, THREAD, evening, WORKING_WEEK)
    assert (found.due_at, found.delays) == (MONDAY + 24 * HOUR, ("quiet",))
    assert verdict(replace(quiet, in_hours_only=False), THREAD, evening, WORKING_WEEK).goes(evening)


def test_without_hours_it_never_goes() -> None:
    never = Calendar("never", "UTC", ((),) * 7)
    found = verdict(automatic(Words(("help",)), wait=timedelta()), THREAD, MONDAY, never)
    assert (found.due_at, found.delays) == (None, ("quiet",))
    assert not found.goes(MONDAY)


def test_a_full_cap_pushes_to_the_next_day() -> None:
    now = MONDAY + 5 * HOUR
    at_once = automatic(wait=timedelta())
    assert verdict(at_once, THREAD, now, WORKING_WEEK, promoted=1).goes(now)
    found = verdict(at_once, THREAD, now, WORKING_WEEK, promoted=2)
    assert (found.due_at, found.delays) == (MONDAY + 24 * HOUR, ("cap",))
    unrestricted = replace(at_once, in_hours_only=False)
    assert verdict(unrestricted, THREAD, now, WORKING_WEEK, promoted=2).due_at == MONDAY + 15 * HOUR
    assert verdict(replace(at_once, cap=None), THREAD, now, WORKING_WEEK, promoted=9).goes(now)


def test_the_cap_of_today_does_not_count_tomorrow() -> None:
    evening = MONDAY + 10 * HOUR
    assert verdict(automatic(), THREAD, evening, WORKING_WEEK, promoted=2).delays == ("wait", "quiet")


def test_a_dismissed_thread_is_quiet_until_something_is_new() -> None:
    thread = replace(THREAD, dismissed_at=MONDAY + 5 * HOUR)
    rules = [rule(Unanswered(4)), rule(NotAccepted(8), key="s")]
    assert look(rules, thread, MONDAY + 6 * HOUR, ALWAYS, {}) == Look((), MONDAY + 8 * HOUR, MONDAY + 8 * HOUR)
    assert [each.rule.key for each in evaluate(rules, thread, MONDAY + 8 * HOUR, ALWAYS, {})] == ["s"]


def test_all_rules_that_speak_are_heard() -> None:
    rules = [rule(), automatic(key="auto"), rule(NotAccepted(90), key="later")]
    found = look(rules, THREAD, MONDAY + 5 * HOUR, ALWAYS, {})
    assert [each.rule.key for each in found.verdicts] == ["r", "auto"]
    assert (found.more_at, found.next_look_at) == (MONDAY + 90 * HOUR, MONDAY + 8 * HOUR)
    assert {each.next_look_at for each in found.verdicts} == {MONDAY + 8 * HOUR}


# --- in general ---

MINUTES = st.integers(0, 6 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
CONDITIONS = st.lists(
    st.sampled_from([Unanswered(4), Unanswered(9.5), NotAccepted(12), HaveToo(2), Words(("help",))]), min_size=1
)
RULES = st.lists(
    st.builds(
        lambda conditions, wait, quiet, kind: Rule(
            "r", "r", tuple(conditions), kind, in_hours_only=quiet, cap=2, wait=timedelta(hours=wait)
        ),
        CONDITIONS,
        st.integers(0, 5),
        st.booleans(),
        st.sampled_from(list(Effect)),
    ),
    max_size=3,
).map(lambda rules: [replace(rule, key=f"r{number}") for number, rule in enumerate(rules)])
THREADS = st.builds(
    lambda times, reply, claimed, held: replace(
        THREAD, have_too_at=tuple(sorted(times)), first_reply_at=reply, claimed_until=claimed, held_until=held
    ),
    st.lists(st.just(MONDAY), max_size=3),
    st.none() | st.just(MONDAY),
    st.none() | MINUTES,
    st.none() | MINUTES,
)


@settings(max_examples=150, deadline=None)
@given(RULES, THREADS, MINUTES, st.integers(0, 2))
def test_nothing_changes_before_the_next_look(rules: list[Rule], thread: Evidence, now: datetime, done: int) -> None:
    """Looking at any time before `next_look_at` finds the same rules speaking, and nothing to go."""
    counts = {each.key: done for each in rules}
    first = look(rules, thread, now, WORKING_WEEK, counts)
    told = replace(thread, noticed=tuple((each.rule.key, now) for each in first.verdicts))
    if any(each.goes(now) for each in first.verdicts):
        return
    end = first.next_look_at or now + timedelta(days=9)
    assert end > now
    for part in range(1, 5):
        moment = now + (end - now) * part / 5
        # The count of the day begins anew at midnight; what waits for that has its next look after it.
        today = counts if moment.date() == now.date() else {}
        again = look(rules, told, moment, WORKING_WEEK, today)
        assert [each.rule.key for each in again.verdicts] == [each.rule.key for each in first.verdicts]
        assert not any(each.goes(moment) for each in again.verdicts)
        assert again.next_look_at == first.next_look_at


@settings(max_examples=150, deadline=None)
@given(RULES, THREADS, MINUTES)
def test_what_goes_is_neither_claimed_nor_held_nor_at_night(rules: list[Rule], thread: Evidence, now: datetime) -> None:
    for each in evaluate(rules, thread, now, WORKING_WEEK, {}):
        if each.goes(now):
            assert each.rule.automatic
            assert all(until is None or until <= now for until in (thread.claimed_until, thread.held_until))
            assert not each.rule.in_hours_only or (9 <= now.hour < 17 and now.weekday() < 5)

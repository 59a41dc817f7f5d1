"""Rules tried on the past."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bridge.promotion.calendars import ALWAYS, WORKING_WEEK, Calendar
from bridge.promotion.conditions import HaveTooRate, NotAccepted, SuggestedClass, Unanswered, Words
from bridge.promotion.dry_run import DryRun, Numbers, dry_run, numbers
from bridge.promotion.replaying import Acceptance, Facts, Promotion
from bridge.promotion.rules import Effect, Rule

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
END = MONDAY + timedelta(days=28)


def hours(number: float) -> datetime:
    return MONDAY + timedelta(hours=number)


AUTOMATIC = Rule(
    "auto", "Auto", (Unanswered(4),), Effect.AUTOMATIC, in_hours_only=False, cap=100, wait=timedelta(hours=3)
)
SUGGESTING = Rule("suggest", "Suggest", (NotAccepted(2),))


def thread(id_: int, at: datetime = MONDAY, **others: object) -> Facts:
    return replace(Facts(id_, 1, at, "VPN drops", ((at, "Help"),)), **others)  # type: ignore[arg-type]


def run(
    *facts: Facts, rules: tuple[Rule, ...] = (AUTOMATIC,), calendar: Calendar = ALWAYS, **times: datetime
) -> DryRun:
    return dry_run(facts, lambda _space: rules, lambda _space: calendar, **{"since": MONDAY, "until": END} | times)


def moments(findings: tuple[object, ...]) -> list[tuple[int, datetime]]:
    return [(finding.facts.thread_id, finding.at) for finding in findings]  # type: ignore[attr-defined]


def test_what_would_have_gone_and_what_became_of_it() -> None:
    found = run(
        thread(1),
        thread(2, acceptances=(Acceptance(hours(20)),)),
        thread(3, acceptances=(Acceptance(hours(40)),)),
        thread(4, promotions=(Promotion(hours(30)),)),
        thread(5, replies=(hours(5),)),  # answered within the window
        thread(6, acceptances=(Acceptance(hours(1)),)),
        thread(7, promotions=(Promotion(hours(2)),)),
    )
    assert moments(found.promotions) == [(n, hours(7)) for n in (1, 2, 3, 4)]
    assert [f.solved_at for f in found.promotions] == [None, hours(20), hours(40), None]
    assert [f.solved_soon for f in found.promotions] == [False, True, False, False]
    assert numbers(found.promotions) == Numbers(4, 1, 1)
    assert found.promotions[0].reasons[0].values == (("time", timedelta(hours=7)),)
    assert (found.threads, found.suggestions, found.held_back) == (7, (), ())


def test_a_suggestion_is_made_once_a_thread() -> None:
    found = run(thread(1, replies=(hours(1), hours(3))), thread(2, hours(30)), rules=(SUGGESTING,))
    assert moments(found.suggestions) == [(1, hours(2)), (2, hours(32))]
    assert found.promotions == ()


def test_only_the_period_is_told() -> None:
    facts = [thread(1), thread(2, hours(50)), thread(3, hours(100))]
    found = run(*facts, since=hours(50), until=hours(100))
    assert moments(found.promotions) == [(2, hours(57))]


def test_an_answer_taken_back_begins_it_again() -> None:
    story = (Acceptance(hours(1)), Acceptance(hours(9), accepted=False))
    found = run(thread(1, acceptances=story), rules=(SUGGESTING,))
    assert moments(found.suggestions) == [(1, hours(9))]


def test_a_rule_that_stops_speaking_begins_its_window_anew() -> None:
    rule = replace(AUTOMATIC, conditions=(NotAccepted(4),))
    story = (Acceptance(hours(6)), Acceptance(hours(9), accepted=False))
    assert moments(run(thread(1, acceptances=story), rules=(rule,)).promotions) == [(1, hours(12))]


def test_quiet_hours_hold_back() -> None:
    rule = replace(AUTOMATIC, conditions=(Unanswered(8),), in_hours_only=True)
    held = thread(1)  # noticed at 17:00, let go at 20:00
    found = run(held, thread(2, replies=(hours(9),)), rules=(rule,), calendar=WORKING_WEEK)
    assert moments(found.promotions) == [(1, hours(24))]
    assert moments(found.held_back) == [(1, hours(11))]
    assert found.held_back[0].delays == ("quiet",)


def test_hours_that_never_come_hold_back_for_ever() -> None:
    rule = replace(AUTOMATIC, conditions=(Words(("help",)),), in_hours_only=True)
    found = run(thread(1), rules=(rule,), calendar=Calendar("never", "UTC", ((),) * 7))
    assert (moments(found.promotions), moments(found.held_back)) == ([], [(1, hours(3))])


def test_the_cap_holds_back_and_the_first_go_first() -> None:
    rule = replace(AUTOMATIC, cap=2, wait=timedelta())
    found = run(*(thread(n) for n in range(1, 8)), rules=(rule,))
    midnight = datetime(2026, 11, 3, tzinfo=UTC)
    days = [hours(4)] * 2 + [midnight] * 2 + [midnight + timedelta(days=1)] * 2 + [midnight + timedelta(days=2)]
    assert moments(found.promotions) == list(zip(range(1, 8), days, strict=True))
    assert moments(found.held_back) == [(n, hours(4)) for n in range(3, 8)]
    assert {finding.delays for finding in found.held_back} == {("cap",)}


def test_who_is_answered_leaves_the_queue() -> None:
    rule = replace(AUTOMATIC, cap=1, wait=timedelta())
    found = run(thread(1), thread(2, replies=(hours(8),)), thread(3), rules=(rule,))
    assert moments(found.promotions) == [(1, hours(4)), (3, datetime(2026, 11, 3, tzinfo=UTC))]


def test_what_happens_in_the_queue_keeps_the_thread_in_it() -> None:
    rule = replace(AUTOMATIC, cap=1, wait=timedelta())
    found = run(thread(1), thread(2, have_too_at=(hours(8), hours(90))), rules=(rule,))
    assert moments(found.promotions) == [(1, hours(4)), (2, datetime(2026, 11, 3, tzinfo=UTC))]


def test_spaces_that_change_a_rule_have_a_cap_of_their_own() -> None:
    shared = replace(AUTOMATIC, cap=1, wait=timedelta())
    own = replace(shared, name="Own")
    found = dry_run(
        [thread(1, space_id=1), thread(2, space_id=2), thread(3, space_id=3)],
        lambda space_id: (own,) if space_id == 3 else (shared,),
        lambda _space: ALWAYS,
        since=MONDAY,
        until=hours(5),
    )
    assert [finding.facts.thread_id for finding in found.promotions] == [1, 3]


def test_classes_are_found_only_where_a_rule_still_asks() -> None:
    rule = Rule("burst", "Burst", (SuggestedClass(("incident",)), HaveTooRate(2, 60)))
    threat = Rule("threat", "Threat", (SuggestedClass(("suspicious_activity",)),))
    many = (hours(1), hours(1.5))
    found = run(
        thread(1, title="It does not work", have_too_at=many),
        thread(2, title="It does not work"),
        thread(3, title="Thank you to whoever did it", own_words=(), have_too_at=many),
        thread(4, title="A phishing mail"),
        rules=(rule, threat, replace(SUGGESTING, enabled=False)),
    )
    assert moments(found.suggestions) == [(4, MONDAY), (1, hours(1.5))]


def test_every_thread_goes_at_most_once_however_many_rules() -> None:
    rules = (AUTOMATIC, replace(AUTOMATIC, key="again", wait=timedelta()), SUGGESTING)
    found = run(*(thread(n, hours(n)) for n in range(50)), rules=rules)
    assert moments(found.promotions) == [(n, hours(n + 4)) for n in range(50)]
    assert [finding.rule.key for finding in found.promotions] == ["again"] * 50
    assert len(found.suggestions) == 50

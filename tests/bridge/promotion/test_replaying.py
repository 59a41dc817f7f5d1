"""The past as it was known at each moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.promotion.evidence import Proposal
from bridge.promotion.replaying import Acceptance, Facts, Promotion, replay, triaged

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


THREAD = Facts(1, 1, START, "VPN", ((START, "drops"),))
INCIDENT = "incident"


def test_each_moment_knows_what_had_happened_and_no_more() -> None:
    facts = replace(
        THREAD,
        own_words=((START, "drops"), (hours(5), "again")),
        replies=(hours(1), hours(2)),
        acceptances=(Acceptance(hours(3)), Acceptance(hours(4), accepted=False)),
        have_too_at=(hours(1), hours(6)),
        proposals=(Proposal(7, hours(7)),),
        promotions=(Promotion(hours(8)), Promotion(hours(9))),
        closed_at=hours(10),
    )
    story = list(replay(facts))
    assert [at for at, _known in story] == [hours(n) for n in (0, 1, 3, 4, 5, 6, 7, 8, 10)]
    known = {round((at - START) / timedelta(hours=1)): evidence for at, evidence in story}
    assert (known[0].state, known[0].first_reply_at, known[0].have_too_at) == ("open", None, ())
    assert known[0].text == "VPN\ndrops"
    assert (known[1].state, known[1].first_reply_at, known[1].have_too_at) == ("answered", hours(1), (hours(1),))
    assert (known[3].accepted_at, known[3].waits) == (hours(3), False)
    assert (known[4].accepted_at, known[4].waits) == (None, True)
    assert known[5].text == "VPN\ndrops\nagain"
    assert known[6].have_too_at == (hours(1), hours(6))
    assert known[7].proposals == facts.proposals
    assert not known[7].has_query
    assert (known[8].has_query, known[8].waits) == (True, False)
    assert known[10].state == "closed"


def test_what_was_written_before_the_thread_is_seen_with_it() -> None:
    facts = replace(THREAD, replies=(hours(-1),))
    assert [(at, known.first_reply_at) for at, known in replay(facts)] == [(START, hours(-1))]


def test_what_became_of_a_thread() -> None:
    facts = replace(
        THREAD,
        acceptances=(Acceptance(hours(1), by_peer=False), Acceptance(hours(2), accepted=False), Acceptance(hours(30))),
        promotions=(Promotion(hours(3), by_person=False), Promotion(hours(5))),
    )
    assert facts.solved_after(hours(4)) is None  # people took it to the desk first
    assert facts.solved_after(hours(6)) == hours(30)
    assert facts.promoted_by_people_after(START) == hours(5)
    assert facts.promoted_by_people_after(hours(6)) is None
    assert THREAD.solved_after(START) is None


@pytest.mark.parametrize(
    ("change", "classes", "found"),
    [
        ({"title": "It does not work"}, {INCIDENT}, INCIDENT),
        ({"title": "It does not work"}, {"disaster"}, ""),
        ({"title": "How do I share?"}, {"question"}, "question"),
        ({"title": "Mail", "tags": ("outage",)}, {INCIDENT}, INCIDENT),
        ({"title": "Mail", "space": "requests"}, {"service_request"}, "service_request"),
        ({"title": "More colours", "kind": "idea"}, {"improvement_suggestion"}, "improvement_suggestion"),
        ({"title": "Please install it", "tags": ("other",)}, {INCIDENT}, ""),
        ({"title": "The fire in the flood"}, {"disaster"}, "disaster"),
    ],
)
def test_triage_is_asked_with_what_was_known(change: dict[str, object], classes: set[str], found: str) -> None:
    facts = replace(THREAD, own_words=(), **change)  # type: ignore[arg-type]
    _at, evidence = next(replay(facts))
    assert triaged(facts, evidence, classes) == found


def test_many_people_make_an_incident() -> None:
    facts = replace(THREAD, own_words=(), have_too_at=tuple(hours(n) for n in range(1, 4)))
    found = [triaged(facts, evidence, {INCIDENT}) for _at, evidence in replay(facts)]
    assert found == ["", "", INCIDENT, INCIDENT]

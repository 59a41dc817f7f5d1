"""Every kind of finding is said in words: who, how many, in which time, what chance would give."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from gamification.integrity.findings import Finding, Kind
from gamification.integrity.watching import evidence_of
from gamification.integrity.words import lines_of, title_of

NAMES = {1: "Ann", 2: "Bob", 3: "Eve"}
SAID = {
    Kind.PAIR: "Ann, Bob gave each other 12 votes.",
    Kind.RING: "Ann, Bob, Eve gave each other 12 votes.",
    Kind.BURST: "Ann gave Bob 12 votes.",
    Kind.SERIAL: "Ann gave Bob 12 votes.",
    Kind.AGAINST: "Ann found 12 replies of Bob not helpful.",
    Kind.NEW_ACCOUNTS: "Ann, Eve, all new at the time, gave Bob 12 votes.",
    Kind.ANSWERS: "Ann accepted 12 answers of Bob.",
}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_finding_in_words(app: Flask, kind: Kind) -> None:
    members = (1, 2, 3) if kind in (Kind.RING, Kind.NEW_ACCOUNTS) else (1, 2)
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
    found = Finding(kind, members, 12, 0.25, since, until, 24, 16, 1, 2, also=(Kind.BURST,))
    with app.test_request_context():
        evidence = evidence_of(found)
        lines = lines_of(evidence, NAMES)
        assert title_of(evidence)
        assert lines[0] == SAID[kind]
        assert lines[1] == "From 1 Mar 2026 to 10 Mar 2026, within 10 days."
        assert "50 %" in lines[2]
        assert "75 %" in lines[2]
        assert "0.25" in lines[3]
        assert lines[-1] == "Among the same people: Many votes for one person within days"


def test_who_left_is_not_named(app: Flask) -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    found = Finding(Kind.PAIR, (1, 9), 12, 0.25, moment, moment, 24, 16)
    with app.test_request_context():
        assert lines_of(evidence_of(found), NAMES)[0] == "Ann, somebody who left gave each other 12 votes."

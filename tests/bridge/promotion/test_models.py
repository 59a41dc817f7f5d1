"""The tables of promotion rules, in a database of their own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.promotion import models
from bridge.promotion.calendars import WORKING_WEEK
from bridge.promotion.evidence import Evidence, Proposal
from bridge.promotion.rules import USUAL_RULES
from community.core.db import Base

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
TABLES = ("promotion_rule", "working_calendar", "query", "thread_watch")


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    tables = [Base.metadata.tables[name] for name in ("member", *TABLES)]
    Base.metadata.create_all(engine, tables=tables)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_rule_is_kept_as_it_is(session: Session) -> None:
    row = models.PromotionRule(position=1)
    row.define(USUAL_RULES[0], by_id=None, at=NOW)
    session.add(row)
    session.commit()
    assert (row.rule, row.key, row.effect, row.enabled) == (USUAL_RULES[0], "threat", "suggest", True)
    row.define(replace(USUAL_RULES[0], enabled=False), by_id=None, at=NOW)
    session.commit()
    assert (row.rule.enabled, row.enabled, row.version, row.changed_at) == (False, False, 2, NOW)


@pytest.mark.parametrize("space_id", [None, 4])
def test_a_rule_stands_once_in_a_place(session: Session, space_id: int | None) -> None:
    for _again in range(2):
        row = models.PromotionRule(space_id=space_id)
        row.define(USUAL_RULES[0], by_id=None, at=NOW)
        session.add(row)
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_same_rule_in_several_places(session: Session) -> None:
    for space_id in (None, 4, 5):
        row = models.PromotionRule(space_id=space_id)
        row.define(USUAL_RULES[0], by_id=None, at=NOW)
        session.add(row)
    session.commit()


def test_a_calendar_is_kept_as_it_is(session: Session) -> None:
    row = models.WorkingCalendar(space_id=0)
    row.define(WORKING_WEEK, by_id=None, at=NOW)
    session.add(row)
    session.commit()
    assert (row.calendar, row.name, row.changed_at) == (WORKING_WEEK, "working week", NOW)


def test_a_watch_tells_the_evidence(session: Session) -> None:
    watch = models.ThreadWatch(thread_id=1, space_id=2, claimed_until=NOW, dismissed_at=NOW, dismissed_reason="Known")
    watch.notice({"threat": NOW})
    watch.held_until, watch.held_reason = NOW + timedelta(days=1), "I know the answer"
    session.add(watch)
    session.commit()
    evidence = Evidence(1, 2, NOW)
    told = watch.known_to(evidence)
    assert (told.claimed_until, told.held_until, told.dismissed_at) == (NOW, NOW + timedelta(days=1), NOW)
    assert (told.noticed, told.proposals) == ((("threat", NOW),), ())
    watch.proposed_by_id, watch.proposed_at = 7, NOW
    assert watch.known_to(evidence).proposals == (Proposal(7, NOW),)


@pytest.mark.parametrize("without_reason", [{"held_until": NOW}, {"dismissed_at": NOW}])
def test_holds_and_dismissals_need_a_reason(session: Session, without_reason: dict[str, datetime]) -> None:
    session.add(models.ThreadWatch(thread_id=1, space_id=2, **without_reason))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_thread_is_watched_once(session: Session) -> None:
    session.add_all(models.ThreadWatch(thread_id=1, space_id=2) for _again in range(2))
    with pytest.raises(IntegrityError):
        session.flush()

"""Members keep searches and hear of what is new; nobody hears of what they may not read, or too often."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from community.core.db import db, utcnow
from community.forum import operations
from community.forum.searching import saved as searching_saved
from community.forum.searching.saved import Alert, SavedSearch
from community.notifications.models import Notification
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

WORD = "kaleidoscope"


def keep(visitor: Visitor, words: str, alert: str = "immediately") -> None:
    visitor.get("/search", q=words)
    visitor.submit("[action='/searches']", alert=alert)


def look_again(run_jobs: RunJobs) -> list[str]:
    """All that searches told their members, once those with an alert are due and were looked for."""
    run_jobs()
    db.session.execute(
        update(SavedSearch).where(SavedSearch.due_at.is_not(None)).values(due_at=utcnow() - timedelta(minutes=1))
    )
    searching_saved.look_again()
    run_jobs()
    return list(
        db.session.scalars(
            select(Notification.title).where(Notification.kind == "saved-search").order_by(Notification.id)
        )
    )


def test_searches_are_kept_listed_changed_and_removed(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    a_member("ann")
    a_member("eve")
    ann, eve = login_as("ann"), login_as("eve")
    keep(ann, f"{WORD}   space:print")
    assert "Searches you keep" in ann.text
    assert f"{WORD} space:print" in [link.get_text() for link in ann.select("#kept li > a")]
    keep(ann, f"{WORD} space:print", "daily")
    assert len(ann.select("#kept li")) == 1
    assert "Tell me once a day" in ann.select("#kept")[0].get_text()
    saved = db.session.scalars(select(SavedSearch)).one()
    eve.get("/search", q=WORD)
    assert "Searches you keep" not in eve.text
    eve.post(f"/searches/{saved.id}/removal", {}, status=404)
    ann.submit(f"[action='/searches/{saved.id}/removal']")
    assert "Searches you keep" not in ann.text
    ann.post("/searches", {"q": "   ", "alert": "daily"})
    assert db.session.scalars(select(SavedSearch)).all() == []


def test_nobody_keeps_more_than_twenty(app: Flask) -> None:
    ann = a_member("ann")
    kept = [searching_saved.save(f"{WORD} {number}", Alert.NONE, member_id=ann.id) for number in range(21)]
    assert kept == [True] * 20 + [False]
    assert searching_saved.save(f"{WORD} 3", Alert.DAILY, member_id=ann.id)


def test_new_hits_are_told_once_and_only_to_those_who_read_them(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    inner = a_space("inner", visibility="members")
    a_thread(title=f"An old {WORD}")
    ann, bea = a_member("ann"), a_member("bea", member_of=[inner])
    run_jobs()
    for member in (ann, bea):
        assert searching_saved.save(WORD, Alert.IMMEDIATELY, member_id=member.id)
    assert look_again(run_jobs) == []
    inside = a_thread(inner, title=f"The {WORD} inside")
    assert look_again(run_jobs) == [f"1 new result for “{WORD}”"]
    assert db.session.scalars(select(Notification.member_id).where(Notification.kind == "saved-search")).all() == [
        bea.id
    ]
    assert look_again(run_jobs) == [f"1 new result for “{WORD}”"]
    a_reply(inside, author=bea, body=f"My own {WORD}")
    restricted = a_thread(title=f"A {WORD} kept apart")
    operations.restrict(restricted, by_id=None)
    assert len(look_again(run_jobs)) == 1
    a_thread(title=f"An open {WORD}")
    a_thread(title=f"One more {WORD}")
    assert look_again(run_jobs)[1:] == [f"2 new results for “{WORD}”"] * 2
    page = login_as("ann").get("/notifications").text
    assert "2 new results" in page


def test_there_is_an_end_to_alerts_of_a_day(app: Flask, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    for number in range(12):
        assert searching_saved.save(f"{WORD} tag:t{number}", Alert.DAILY, member_id=ann.id)
    silent = a_member("silent")
    assert searching_saved.save(WORD, Alert.NONE, member_id=silent.id)
    for number in range(12):
        a_thread(title=f"The {WORD} of {number}", tags=[f"t{number}"])
    assert len(look_again(run_jobs)) == searching_saved.ALERTS_A_DAY

"""Managers see what is searched for, never by whom; and what answered questions before they were asked."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db, utcnow
from community.forum.searching import helped as searching_helped
from community.forum.searching import log as searching_log
from community.forum.searching.log import SearchAsked
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

WORD = "kaleidoscope"


def flush() -> None:
    searching_log.flush()
    db.session.commit()


def search(visitor: Visitor, words: str, times: int = 1, **query: object) -> None:
    for _ in range(times):
        visitor.get("/search", q=words, **query)


def test_words_are_counted_without_who_and_rare_ones_are_not_shown(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching_log, "_waiting", {})
    a_thread(title=f"The {WORD} does not turn")
    a_member("ann")
    a_member("mia", role="manager")
    run_jobs()
    search(visitor, f"  {WORD.upper()} ", 2)
    search(login_as("ann"), WORD, 2)
    search(visitor, "xylograph", 3)
    search(visitor, "only twice", 2)
    search(visitor, "ann@example.org", 4)
    search(visitor, "call 0123456789", 4)
    search(visitor, WORD, sort="date")
    search(visitor, f"{WORD} author:ann")
    visitor.get("/search/clicked", status=204, q=WORD, position=1)
    visitor.get("/search/clicked", status=204, q=WORD, position=2)
    for odd in ("0", "-1", "x", "99999", ""):
        visitor.get("/search/clicked", status=204, q=WORD, position=odd)
    flush()
    visitor.get("/search/clicked", status=204, q="xylograph", position=7)
    visitor.get("/search/clicked", status=204, q="never asked", position=1)
    flush()
    rows = {row.words: row for row in db.session.scalars(select(SearchAsked))}
    assert set(rows) == {WORD, "xylograph", "only twice"}
    assert (rows[WORD].asked, rows[WORD].empty, rows[WORD].hits) == (4, 0, 1)
    assert (rows[WORD].clicks, rows[WORD].positions, rows["xylograph"].positions) == (2, 3, 7)
    _look_at_the_report(login_as("mia"))
    login_as("ann").get("/admin/searches", status=404)


def _look_at_the_report(mia: Visitor) -> None:
    mia.get("/admin/searches")
    assert [cell.get_text() for cell in mia.select("#top tbody th")] == [WORD, "xylograph"]
    assert [cell.get_text() for cell in mia.select("#empty tbody th")] == ["xylograph"]
    assert "1.5" in mia.text
    assert "only twice" not in mia.text
    week = searching_log.monday(utcnow().date()).isoformat()
    mia.get("/admin/searches", week=week)
    assert WORD in mia.text
    mia.get("/admin/searches", week="2020-01-06")
    assert WORD not in mia.text
    mia.get("/admin/searches", week="odd")


def test_what_is_old_goes(app: Flask) -> None:
    today = utcnow().date()
    for days in (0, 90, 91):
        db.session.add(SearchAsked(day=today - timedelta(days=days), words="vpn", language="en", asked=1))
    searching_log.forget_old()
    assert len(db.session.scalars(select(SearchAsked)).all()) == 2


def test_what_answers_is_offered_while_asking_and_counted_once(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread = a_thread(title=f"The {WORD} does not turn")
    inner = a_thread(a_space("inner", visibility="members"), title=f"The {WORD} inside")
    article = an_article(title=f"Turning a {WORD}", published=True)
    a_member("ann")
    a_member("mia", role="manager")
    run_jobs()
    ann = login_as("ann")
    ann.get("/ask")
    address = str(ann.select("[data-controller~=similar]")[0]["data-url"])
    assert ann.select("form#answers")
    ann.get(f"{address}&q={WORD}+turn")
    offered = {str(button["formaction"]) for button in ann.select("button[form=answers]")}
    assert offered == {f"/similar/thread/{thread.id}", f"/similar/article/{article.id}"}
    assert not visitor.get(f"{address}&q={WORD}").soup.select("button")
    ann.get("/similar", q=WORD)
    assert not ann.select("button")
    for path in sorted(offered) * 2:
        ann.post(path, {})
        ann.follow()
        assert "Your question was not sent" in ann.text
    for path in (f"/similar/thread/{inner.id}", "/similar/thread/9999", "/similar/odd/1"):
        ann.post(path, {}, status=404)
    since, until = utcnow() - timedelta(days=1), utcnow() + timedelta(days=1)
    assert searching_helped.most(since, until) == [("article", article.id, 1), ("thread", thread.id, 1)]
    mia = login_as("mia")
    mia.get("/admin/searches")
    assert "2 questions were not asked" in mia.text
    assert f"The {WORD} does not turn" in mia.text

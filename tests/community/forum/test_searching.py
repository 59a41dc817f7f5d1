"""Searches are narrowed, counted and sorted, and nothing is counted that its reader may not read."""

from datetime import timedelta

import pytest
from flask import Flask

from community.core.db import utcnow
from community.forum import operations
from community.forum.models import Post, Thread
from community.forum.reactions import voting
from community.forum.searching import queries as searching
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

WORD = "kaleidoscope"


def facet(visitor: Visitor, label: str) -> dict[str, int]:
    """The counted values under a heading beside the results."""
    for section in visitor.page.soup.select("aside section"):
        heading = section.find("h2")
        if heading and heading.get_text() == label:
            rows = section.select("li")
            return {row.a.get_text().replace("Take off: ", ""): int(row.small.get_text()) for row in rows}  # type: ignore[union-attr]
    return {}


def found(visitor: Visitor, **query: object) -> list[str]:
    visitor.get("/search", **query)
    return visitor.links("main .row__title a")


def test_results_are_counted_once_each_and_narrowed_by_links(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    prints, mail = a_space("prints", name="Prints"), a_space("mail", name="Mail")
    for number in range(3):
        a_reply(a_thread(prints, title=f"The {WORD} {number}", tags=["toys"]), body=f"My {WORD}")
    idea = a_thread(mail, title=f"A better {WORD}", kind="idea", tags=["toys", "glass"])
    old = a_thread(mail, title=f"The old {WORD}")
    old.created_at = old.posts[0].created_at = utcnow() - timedelta(days=800)
    run_jobs()
    an_article(title=f"Turning a {WORD}", published=True, space=mail)
    run_jobs()
    visitor.get("/search", q=WORD)
    assert facet(visitor, "Space") == {"Prints": 3, "Mail": 3}
    assert facet(visitor, "Tag") == {"toys": 4, "glass": 1}
    assert facet(visitor, "Kind") == {"Question": 4, "Article": 1, "Idea": 1}
    assert facet(visitor, "State") == {"Answered": 3, "Open": 1}
    assert sorted(facet(visitor, "Year").values()) == [1, 5]
    for label, value, count in (("Space", "Prints", 3), ("Tag", "glass", 1), ("Kind", "Idea", 1), ("State", "Open", 1)):
        visitor.get("/search", q=WORD)
        links = visitor.page.soup.select("aside li a")
        visitor.get(next(str(link["href"]) for link in links if link.get_text() == value))
        assert len(visitor.links("main .row__title a")) == count, label
        assert facet(visitor, label)[value] == count
        visitor.get(next(link for link in visitor.links("main .chosen a")))
        assert "6 results" in visitor.text
    assert found(visitor, q=f"{WORD} kind:idea space:Mail") == [f"/threads/{idea.id}"]
    assert found(visitor, q=f"{WORD} before:2025") == [f"/threads/{old.id}"]


def test_nothing_is_counted_that_the_reader_may_not_read(
    app: Flask, visitor: Visitor, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    canary = a_space("canary", name="Canary", visibility="members")
    a_thread(canary, title=f"The {WORD} inside", tags=["secret-tag"], kind="idea")
    for slug in ("one", "two"):
        a_thread(a_space(slug), title=f"The {WORD} in {slug}", tags=["toys"])
    hidden = a_thread(title=f"The {WORD} hidden", tags=["hidden-tag"])
    a_member("bea", member_of=[canary])
    run_jobs()
    operations.hide_post(hidden.posts[0], by_id=hidden.author_id, reason="x")
    for reader in (visitor, login_as(a_member("eve").handle)):
        reader.get("/search", q=WORD)
        assert "2 results" in reader.text
        assert facet(reader, "Space") == {"One": 1, "Two": 1}
        assert "secret-tag" not in reader.html
        assert "hidden-tag" not in reader.html
        assert "Canary" not in reader.html
        assert found(reader, q="space:canary") == found(reader, q="tag:secret-tag") == []
    bea = login_as("bea")
    bea.get("/search", q=WORD)
    assert facet(bea, "Space") == {"Canary": 1, "One": 1, "Two": 1}
    assert facet(bea, "Tag")["secret-tag"] == 1


def test_a_search_is_sorted_by_date_and_by_votes(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    first, second, third = (a_thread(title=f"The {WORD} {number}") for number in range(3))
    for thread, days in ((first, 1), (second, 2), (third, 3)):
        thread.created_at = thread.posts[0].created_at = utcnow() - timedelta(days=days)
    for _ in range(2):
        voting.mark_helpful(_opening(third), member_id=a_member().id)
    operations.have_too(second, member_id=a_member().id)
    run_jobs()
    addresses = [f"/threads/{thread.id}" for thread in (first, second, third)]
    assert found(visitor, q=WORD, sort="date") == addresses
    assert found(visitor, q=WORD, sort="votes") == [addresses[2], addresses[1], addresses[0]]
    assert set(found(visitor, q=WORD, sort="odd")) == set(addresses)


def _opening(thread: Thread) -> Post:
    return thread.posts[0]


def test_the_form_fills_the_operators(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    space, ann = a_space("prints"), a_member("ann")
    thread = a_thread(space, ann, title=f"The {WORD} turns", tags=["toys", "big glass"])
    a_thread(space, ann, title=f"The {WORD} turns left", tags=["toys", "big glass"])
    run_jobs()
    visitor.get("/search", q=WORD)
    visitor.submit(
        ".narrow__form", button="narrow",
        q=f'{WORD} "turns"', without="left", space="prints", tag="toys, big glass", author="@ann", kind="question",
        state="open", after="2020-01-01", before="2120-01-01", title=True, status=302,
    )  # fmt: skip
    visitor.follow()
    query = str(visitor.page.soup.select_one("#again")["value"])  # type: ignore[index]
    assert query == (
        f'{WORD} "turns" -left space:prints kind:question state:open author:ann tag:toys tag:"big glass"'
        " in:title after:2020 before:2120"
    )
    assert visitor.links("main .row__title a") == [f"/threads/{thread.id}"]
    assert len(visitor.links("main .chosen a")) == 11
    visitor.get(
        "/search", status=302, narrow=1, q='"', after="x", before="2026-99-99", tag=" , #", kind="odd", author="@"
    )
    visitor.follow()
    assert str(visitor.page.soup.select_one("#again")["value"]) == "kind:odd"  # type: ignore[index]


def test_state_follows_the_thread(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    thread = a_thread(title=f"The {WORD} turns")
    reply = a_reply(thread, body=f"Oil the {WORD}")
    run_jobs()
    assert found(visitor, q="state:answered kind:post") == [f"/posts/{reply.id}"]
    operations.accept(thread, reply, by_id=thread.author_id)
    run_jobs()
    assert found(visitor, q="state:answered") == []
    assert found(visitor, q="state:solved kind:post") == [f"/posts/{reply.id}"]


def test_more_than_is_counted_is_said(
    app: Flask, visitor: Visitor, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        a_thread(title=f"The {WORD} {number}", tags=["toys"] if number else [])
    run_jobs()
    monkeypatch.setattr(searching, "CANDIDATES", 3)
    visitor.get("/search", q=WORD)
    assert "At least 3 results" in visitor.text
    assert "Counted among the best" in visitor.text

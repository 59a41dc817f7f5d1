"""The lists of threads, and the one form that narrows each of them."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from community.core.db import at_time, db, utcnow
from community.forum import operations
from community.forum.lists import hot as lists_hot
from community.forum.models import State
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

OPEN_LISTS = ("/threads", "/hot", "/unanswered", "/unsolved", "/ideas", "/news")
OWN_LISTS = ("/unread", "/new", "/for-me", "/mine")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def titles(visitor: Visitor) -> list[str]:
    """The titles of the rows on the present page."""
    return [title.get_text(strip=True) for title in visitor.select("main .row__title")]


@pytest.mark.parametrize("path", OPEN_LISTS)
def test_every_list_is_there_when_it_is_empty(app: Flask, visitor: Visitor, path: str) -> None:
    visitor.get(path)
    assert visitor.select("main .empty")
    visitor.get(path, page="2", status=404)


@pytest.mark.parametrize("path", OWN_LISTS)
def test_lists_of_ones_own_need_a_sign_in(app: Flask, visitor: Visitor, login_as: LoginAs, path: str) -> None:
    visitor.get(path, status=302)
    a_member("ann")
    ann = login_as("ann")
    ann.get(path)
    assert ann.select("main .empty")
    assert ann.select("meta[name=robots][content^=noindex]")


def test_lists_stand_beside_each_other(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    visitor.get("/hot")
    assert visitor.links(".tabs a") == ["/threads", "/hot", "/unanswered", "/unsolved"]
    assert [tab["href"] for tab in visitor.select(".tabs [aria-current]")] == ["/hot"]
    a_member("ann")
    ann = login_as("ann")
    ann.get("/threads")
    assert ann.links(".tabs a")[4:8] == ["/unread", "/new", "/for-me", "/mine"]


def test_the_longest_wait_comes_first(app: Flask, visitor: Visitor) -> None:
    for days, title in ((1, "Young"), (3, "Old"), (2, "Between")):
        with at_time(utcnow() - timedelta(days=days)):
            a_thread(title=title)
    replied = a_thread(title="Replied")
    solved = a_thread(title="Solved")
    a_reply(replied)
    operations.accept(solved, a_reply(solved), by_id=solved.author_id)
    a_thread(title="An idea", kind="idea")
    visitor.get("/unanswered")
    assert titles(visitor) == ["Old", "Between", "Young"]
    visitor.get("/unsolved")
    assert titles(visitor) == ["Old", "Between", "Young", "Replied"]
    visitor.get("/unsolved", order="newest")
    assert titles(visitor) == ["Replied", "Young", "Between", "Old"]


def test_questions_that_one_could_answer(app: Flask, login_as: LoginAs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    known = a_thread(tags=["vpn", "mail"])
    operations.accept(known, a_reply(known, ann), by_id=known.author_id)
    helped = a_thread(tags=["print"])
    operations.mark_helpful(a_reply(helped, ann), member_id=bob.id)
    a_reply(a_thread(tags=["sap"]), ann)
    for title, tag in (("About VPN", "vpn"), ("About printing", "print"), ("About SAP", "sap")):
        a_thread(title=title, tags=[tag])
    a_thread(author=ann, title="My own", tags=["vpn"])  # who asks does not answer
    a_reply(a_thread(title="Replied already", tags=["vpn"]), ann)
    a_thread(title="Talk", kind="discussion", tags=["vpn"])
    visitor = login_as("ann")
    visitor.get("/for-me")
    assert set(titles(visitor)) == {"About VPN", "About printing"}
    assert "By tags that you know or helped with: mail, print, vpn." in visitor.text


def test_ones_own_threads_and_those_one_has_too(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    a_thread(author=ann, title="Mine")
    operations.have_too(a_thread(title="Mine too"), member_id=ann.id)
    a_thread(title="Not mine")
    visitor = login_as("ann")
    visitor.get("/mine")
    assert set(titles(visitor)) == {"Mine", "Mine too"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"space": "print"}, {"In print"}),
        ({"space": "inner"}, {"In print", "Idea", "中文"}),  # no space that the reader knows of
        ({"kind": "idea"}, {"Idea"}),
        ({"tag": " VPN "}, {"In print"}),
        ({"state": "solved"}, set()),
        ({"language": "zh-Hans"}, {"中文"}),
        ({"kind": "x", "state": "x", "language": "x", "order": "x", "page": "x"}, {"In print", "Idea", "中文"}),
        ({"space": "print", "kind": "idea"}, set()),
    ],
)
def test_any_list_is_narrowed_by_one_form(app: Flask, visitor: Visitor, query: dict[str, str], found: set[str]) -> None:
    a_thread(a_space("inner", visibility="members"), title="Inner")
    a_thread(a_space("print"), title="In print", tags=["vpn"])
    a_thread(title="Idea", kind="idea")
    a_thread(title="中文", body="打印机一直显示离线，重启以后还是不行，应该怎么办？")
    visitor.get("/threads", **query)
    assert set(titles(visitor)) == found
    if not found:
        assert "Nothing here is like that." in visitor.text


def test_the_form_keeps_what_was_chosen(app: Flask, visitor: Visitor) -> None:
    a_thread(a_space("print"), title="In print")
    visitor.get("/threads")
    visitor.submit(".narrow form", space="print", order="oldest")
    assert titles(visitor) == ["In print"]
    chosen = {option["value"] for option in visitor.select(".narrow option[selected]")}
    assert chosen == {"print", "oldest"}
    assert visitor.select(".narrow[open]")


def test_a_list_does_not_ask_for_what_it_is(app: Flask, visitor: Visitor) -> None:
    visitor.get("/unanswered")
    fields = [field["name"] for field in visitor.select(".narrow [name]")]
    assert fields == ["language", "order", "tag"]
    visitor.get("/ideas")
    assert "kind" not in [field["name"] for field in visitor.select(".narrow [name]")]


def test_each_page_has_one_address_and_knows_its_neighbours(app: Flask, visitor: Visitor) -> None:
    space, ann = a_space("print"), a_member()
    for number in range(60):
        a_thread(space, ann, title=f"Thread {number}")
    visitor.get("/threads", page="2", tag="", kind="question", order="latest", x="y")

    def head(rel: str) -> list[str]:
        return [str(link["href"]).removeprefix("http://localhost") for link in visitor.select(f"head link[rel={rel}]")]

    assert head("canonical") == ["/threads?kind=question&page=2"]
    assert head("prev") == ["/threads?kind=question"]
    assert head("next") == ["/threads?kind=question&page=3"]
    assert visitor.select("meta[name=robots]")
    visitor.get("/spaces/print")
    assert (head("canonical"), head("prev"), head("next")) == (["/spaces/print"], [], ["/spaces/print?page=2"])
    assert not visitor.select("meta[name=robots]")
    visitor.get("/spaces/print", page="3")
    assert len(titles(visitor)) == 10
    assert head("next") == []


def moves(**changes: int) -> lists_hot.Moves:
    """A thread that was asked a day ago and moved an hour ago."""
    facts = {"views": 100, "replies": 4, "score": 5, "votes": 3} | changes
    return lists_hot.Moves(**facts, created_at=NOW - timedelta(hours=24), last_activity_at=NOW - timedelta(hours=1))


def test_the_formula_of_heat(app: Flask) -> None:
    # (4 * log10(100) + 4 * 5 / 5 + 3) / (25 - 23 / 2) ** 1.5
    assert lists_hot.heat(moves(), NOW) == pytest.approx(15 / 13.5**1.5, abs=1e-8)
    assert lists_hot.heat(moves(), NOW) == lists_hot.heat(moves(), NOW)
    for name in ("views", "replies", "score", "votes"):
        assert lists_hot.heat(moves(**{name: 1000}), NOW) > lists_hot.heat(moves(), NOW)
    assert lists_hot.heat(moves(), NOW + timedelta(hours=5)) < lists_hot.heat(moves(), NOW)
    assert lists_hot.heat(moves(views=0, replies=0, score=0, votes=0), NOW) == 0
    assert lists_hot.heat(moves(), NOW - timedelta(days=3)) > 0  # clocks that differ


def test_what_is_hot_is_found_by_a_job(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    a_thread(title="Cold")
    for title, replies in (("Warm", 1), ("Hot", 3)):
        thread = a_thread(title=title)
        for _ in range(replies):
            a_reply(thread)
    with at_time(utcnow() - timedelta(days=40)):
        a_reply(a_thread(title="Long ago"))
    visitor.get("/hot")
    assert titles(visitor) == []
    for _ in range(2):
        lists_hot.find_hot()
        visitor.get("/hot")
        assert titles(visitor) == ["Hot", "Warm"]


def test_pages_are_stable_where_many_are_equal(app: Flask, visitor: Visitor) -> None:
    space, ann = a_space(), a_member()
    with at_time(NOW):
        for number in range(30):
            a_thread(space, ann, title=f"Thread {number}").state = State.OPEN
    seen: list[str] = []
    for page in ("1", "2"):
        visitor.get("/threads", page=page, order="affected")
        seen += titles(visitor)
    assert len(set(seen)) == 30
    assert db.session.is_active

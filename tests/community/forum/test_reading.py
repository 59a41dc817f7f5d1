"""What is unread, exact to the post, however it was read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.accounts.loading import actor_for
from community.core.db import at_time, db, transaction, utcnow
from community.forum import operations
from community.forum.arranging import posts as arranging_posts
from community.forum.models import Post, Thread
from community.forum.reading import marks as reading
from community.forum.reading import viewing
from community.forum.reading.models import ReadFloor, ReadMark, Visit
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture(autouse=True)
def nothing_noted() -> Iterator[None]:
    """Nothing is left from other tests, nor for them."""
    reading._shown.clear()
    reading._here.clear()
    yield
    reading._shown.clear()
    reading._here.clear()


def marks(visitor: Visitor, path: str = "/threads") -> list[str]:
    """What the rows of a list say is unread."""
    visitor.get(path)
    return [badge.get_text(strip=True) for badge in visitor.select("main .unread")]


def titles(visitor: Visitor, path: str, **query: str) -> list[str]:
    visitor.get(path, **query)
    return [title.get_text(strip=True) for title in visitor.select("main .row__title")]


def read(visitor: Visitor, thread: Thread, number: int) -> None:
    """What the script of a thread's page sends."""
    visitor.get(f"/threads/{thread.id}")
    visitor.post(f"/threads/{thread.id}/read", {"number": str(number)}, status=204)


def test_rows_say_how_much_is_new_and_lead_to_the_first_of_it(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, thread = login_as("ann"), a_thread(title="A thread")
    assert marks(ann) == ["New"]
    read(ann, thread, 1)
    assert marks(ann) == []
    first, _second = a_reply(thread), a_reply(thread)
    assert marks(ann) == ["2 new"]
    ann.get(f"/threads/{thread.id}/unread", status=302)
    assert ann.page.response.headers["Location"] == f"/threads/{thread.id}#post-{first.id}"
    read(ann, thread, 2)
    assert marks(ann) == ["1 new"]
    assert marks(ann, "/") == ["1 new"]


def test_the_first_unread_post_is_found_on_its_page(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, thread = login_as("ann"), a_thread()
    replies = [a_reply(thread) for _ in range(23)]
    read(ann, thread, 22)
    ann.get(f"/threads/{thread.id}/unread", status=302)
    assert ann.page.response.headers["Location"] == f"/threads/{thread.id}?page=2#post-{replies[21].id}"
    read(ann, thread, 999)
    ann.get(f"/threads/{thread.id}/unread", status=302)
    assert ann.location == f"/threads/{thread.id}"
    assert db.session.scalars(select(ReadMark.post_number)).all() == [24]


def test_what_one_wrote_oneself_and_what_is_hidden_is_not_news(app: Flask, login_as: LoginAs) -> None:
    member = a_member("ann")
    ann, boss = login_as("ann"), a_member(role="admin")
    thread = a_thread(author=member)
    a_reply(thread, member)
    assert marks(ann) == []
    operations.hide_post(a_reply(thread), by_id=boss.id, reason="rude")
    assert marks(ann) == []


def test_without_script_pages_are_read_too(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, thread = login_as("ann"), a_thread()
    for _ in range(21):
        a_reply(thread)
    path = f"/threads/{thread.id}"
    ann.get(path)
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0
    viewing.flush()
    assert marks(ann) == ["1 new"]
    ann.get(path, page="2")
    ann.get(path)
    viewing.flush()
    assert marks(ann) == []


def test_a_page_of_the_most_helpful_reads_no_more_than_the_opening(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, thread = login_as("ann"), a_thread()
    for _ in range(21):
        a_reply(thread)
    ann.get(f"/threads/{thread.id}", order="helpful")
    viewing.flush()
    assert marks(ann) == ["21 new"]


def test_a_visitor_has_no_marks(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    assert marks(visitor) == []
    visitor.get(f"/threads/{thread.id}")
    viewing.flush()
    assert db.session.scalar(select(func.count()).select_from(ReadMark)) == 0
    assert "Mark all as read" not in visitor.text
    visitor.post("/read", {"list": "threads"}, status=302)
    assert "/sign-in" in visitor.location


def test_all_is_read_at_once_and_what_comes_later_is_not(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, thread = login_as("ann"), a_thread(title="One")
    a_reply(thread)
    read(ann, thread, 1)
    a_thread(title="Two")
    ann.get("/threads")
    a_reply(thread)  # after the list was shown
    ann.submit("/read")
    assert marks(ann) == ["1 new"]
    assert db.session.scalar(select(func.count()).select_from(ReadFloor)) == 1


def test_a_space_is_read_and_the_others_are_not(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, print_space = login_as("ann"), a_space("print")
    a_thread(print_space, title="In print")
    a_thread(title="Elsewhere")
    ann.get("/spaces/print")
    ann.submit("/read")
    assert ann.page.path == "/spaces/print"
    assert marks(ann, "/spaces/print") == []
    assert titles(ann, "/unread") == ["Elsewhere"]


def test_what_a_list_is_narrowed_to_is_read_and_nothing_else(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann, tagged = login_as("ann"), a_thread(title="Tagged", tags=["vpn"])
    a_reply(tagged)
    a_thread(title="Other")
    ann.get("/threads", tag="vpn")
    ann.submit("/read")
    assert titles(ann, "/unread") == ["Other"]
    assert [(m.thread_id, m.post_number) for m in db.session.scalars(select(ReadMark))] == [(tagged.id, 2)]
    a_reply(tagged)
    assert marks(ann, "/threads?tag=vpn") == ["1 new"]


@pytest.mark.parametrize("until", ["", "never", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00-23:00"])
def test_a_moment_that_makes_no_sense_is_now_at_the_latest(app: Flask, login_as: LoginAs, until: str) -> None:
    a_member("ann")
    ann = login_as("ann")
    a_thread()
    ann.get("/threads")
    ann.post("/read", {"list": "nonsense", "until": until, "next": "https://example.org/"})
    assert ann.location == "/"
    assert db.session.scalars(select(ReadFloor.at)).one() <= utcnow()


def test_marks_that_say_no_more_are_dropped(app: Flask) -> None:
    member, thread = a_member(), a_thread()
    reading.mark(member.id, thread.id, reading.up_to(thread, 1))
    reading.mark_all(member.id, utcnow())
    reading.mark_all(member.id, utcnow() - timedelta(days=1))
    assert db.session.scalars(select(ReadMark)).all() == []
    assert db.session.scalars(select(ReadFloor.at)).one() > utcnow() - timedelta(hours=1)


def test_what_was_there_before_one_joined_is_not_news(app: Flask, login_as: LoginAs) -> None:
    with at_time(utcnow() - timedelta(days=2)):
        a_thread()
    a_member("ann")
    assert marks(login_as("ann")) == []


def test_a_mark_never_goes_back(app: Flask) -> None:
    member, thread = a_member(), a_thread()
    for _ in range(3):
        a_reply(thread)
    for number in (3, 2, 4, 1):
        reading.mark(member.id, thread.id, reading.up_to(thread, number))
    assert db.session.scalars(select(ReadMark.post_number)).all() == [4]


def test_replies_that_were_split_off_leave_no_hole(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    boss, thread = a_member(role="admin"), a_thread()
    ann, replies = login_as("ann"), [a_reply(thread) for _ in range(4)]
    read(ann, thread, 5)
    arranging_posts.split(thread, [reply.id for reply in replies[:3]], title="Apart", by_id=boss.id, reason="")
    a_reply(thread)
    assert "1 new" in marks(ann)
    read(ann, thread, 3)
    assert "1 new" not in marks(ann)


def test_fifty_tabs_at_once_leave_the_highest_mark(app: Flask) -> None:
    member, thread = a_member(), a_thread()
    for _ in range(50):
        a_reply(thread)
    ids = member.id, thread.id
    db.session.commit()

    def see(number: int) -> None:
        with app.app_context(), transaction():
            reading.mark(*ids, reading.up_to(db.session.get_one(Thread, ids[1]), number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(see, [51, *range(1, 51)]))
    assert db.session.scalars(select(ReadMark.post_number)).all() == [51]


def test_new_since_the_last_visit(app: Flask, login_as: LoginAs) -> None:
    now = utcnow()
    member = a_member("ann")
    member.joined_at = now - timedelta(days=9)
    for title, days in (("Before", 3), ("Between", 1)):
        with at_time(now - timedelta(days=days)):
            a_thread(title=title)
    db.session.add(Visit(member_id=member.id, since=now - timedelta(days=5), seen_at=now - timedelta(days=2)))
    ann = login_as("ann")
    assert titles(ann, "/new") == ["Between"]
    viewing.flush()  # the visit has begun
    a_thread(title="Just now")
    assert titles(ann, "/new") == ["Just now", "Between"]
    assert titles(ann, "/unread") == ["Just now", "Between", "Before"]


def test_who_was_never_here_finds_everything_new(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    a_thread(title="A thread")
    assert titles(ann, "/new") == ["A thread"]
    viewing.flush()
    assert titles(ann, "/new") == ["A thread"]
    assert db.session.scalars(select(Visit.member_id)).one()


def test_what_may_not_be_read_is_not_counted_nor_marked(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    member, thread = a_member("ann"), a_thread(inner)
    ann = login_as("ann")
    assert titles(ann, "/unread") == []
    ann.post(f"/threads/{thread.id}/read", {"number": "1"}, status=404)
    ann.get(f"/threads/{thread.id}/unread", status=404)
    reading.mark_these(actor_for(member.id), utcnow(), [])
    assert db.session.scalars(select(ReadMark)).all() == []


@pytest.mark.databases("sqlite")  # the statements are the same
@pytest.mark.parametrize("path", ["/unread", "/new", "/threads"])
def test_ten_thousand_unread_threads_cost_no_statement_more(
    app: Flask, login_as: LoginAs, count_statements: CountStatements, path: str
) -> None:
    a_member("ann")
    ann, costs = login_as("ann"), []
    for threads in (1, 300):
        many_threads(threads)
        ann.get(path)
        with count_statements() as sql:
            ann.get(path)
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 5
    assert db.session.scalars(select(ReadMark)).all() == []


def many_threads(count: int) -> None:
    """Threads with an opening post each, in two statements."""
    space, author = a_space(), a_member()
    moment = utcnow()
    first = (db.session.scalar(select(func.max(Thread.id))) or 0) + 1
    ids = range(first, first + count)
    common = {"author_id": author.id, "created_at": moment}
    db.session.bulk_insert_mappings(
        Thread,
        [
            {
                "id": id_,
                "space_id": space.id,
                "kind": "question",
                "title": f"T{id_}",
                "last_activity_at": moment,
                **common,
            }
            for id_ in ids
        ],
    )
    db.session.bulk_insert_mappings(
        Post, [{"thread_id": id_, "number": 1, "body": "x", "html": "<p>x</p>", **common} for id_ in ids]
    )


def test_what_is_gone_meanwhile_stops_nothing(app: Flask) -> None:
    member, thread = a_member(), a_thread()
    db.session.commit()
    reading._here.update({member.id: utcnow(), 999_999: utcnow()})
    for ids in ((member.id, thread.id), (member.id, 999_999), (999_999, thread.id)):
        reading._shown[ids] = reading.up_to(thread, 1)
    with transaction():
        reading.flush()
    assert len(db.session.scalars(select(ReadMark)).all()) == len(db.session.scalars(select(Visit)).all()) == 1

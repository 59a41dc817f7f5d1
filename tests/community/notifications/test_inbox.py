"""The inbox: new first, opened, counted."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.forum.reactions.thanking import thank, withdraw
from community.notifications.kinds import GROUPS, all_kinds
from community.notifications.models import Notification
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_thread
from tests.visit import Visitor


def test_the_inbox_wants_somebody_signed_in(app: Flask, visitor: Visitor) -> None:
    visitor.get("/notifications", status=302)
    assert visitor.location.startswith("/sign-in")


def test_an_empty_inbox_says_what_will_come(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/notifications")
    assert "No news yet" in ann.text


def test_new_ones_come_first_and_in_words(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob", name="Bob Lind")
    first, second = a_thread(author=ann, title="First thread"), a_thread(author=ann, title="Second thread")
    a_reply(first, bob)
    a_reply(second, bob)
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    assert "2 are new to you" in visitor.text
    assert "Bob Lind replied" in visitor.text
    newest = visitor.select('form[action$="/opening"]')[0]
    visitor.post(str(newest["action"]), {})
    assert visitor.location.startswith(f"/threads/{second.id}")
    visitor.get("/notifications")
    assert [row.get_text(strip=True) for row in visitor.select(".rows .state")] == ["New", "Read"]
    assert visitor.select(".row__title a")[0].get_text() == "First thread"
    assert ann.unread == 1


def test_opening_twice_counts_once(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    for _ in range(2):
        a_reply(a_thread(author=ann))
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    action = str(visitor.select('form[action$="/opening"]')[0]["action"])
    visitor.post(action, {})
    visitor.post(action, {})
    assert ann.unread == 1


def test_opening_belongs_to_its_receiver(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    a_member("eve")
    a_reply(a_thread(author=ann))
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    action = str(visitor.select('form[action$="/opening"]')[0]["action"])
    login_as("eve").post(action, {}, status=404)
    assert ann.unread == 1


def test_looking_at_the_inbox_marks_nothing(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    a_reply(a_thread(author=ann))
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    assert ann.unread == 1


def test_everything_can_be_marked_as_read(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    for _ in range(3):
        a_reply(a_thread(author=ann))
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    visitor.submit("/notifications/read")
    assert ann.unread == 0
    assert "You have seen everything" in visitor.text


def test_the_count_answers_304_until_it_changes(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    visitor = login_as("ann")
    first = visitor.get("/notifications/unread")
    assert visitor.json == {"unread": 0}
    tag = first.response.headers["ETag"]
    again = visitor.client.get("/notifications/unread", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    a_reply(thread)
    run_jobs()
    visitor.get("/notifications/unread", headers={"If-None-Match": tag})
    assert visitor.json == {"unread": 1}


def test_news_lead_to_the_page_that_holds_the_first_new_reply(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(author=ann)
    visitor = login_as("ann")
    for number in range(22):
        reply = a_reply(thread, bob, f"Attempt number {number}.")
        if number < 19:
            continue
        run_jobs()
        visitor.get("/notifications")
        first = a_reply(thread, bob, f"And one more after {number}.")
        run_jobs()
        visitor.get("/notifications")
        assert f"#post-{reply.id if number > 19 else thread.posts[1].id}" in visitor.links(".row__title a")[0]
        visitor.get(visitor.links(".row__title a")[0])
        assert visitor.select(f"#post-{reply.id if number > 19 else thread.posts[1].id}")
        visitor.get("/notifications")
        visitor.submit('form[action$="/reading"]')
        assert first.id


def test_several_replies_in_a_thread_are_one_entry(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread, other = a_thread(author=ann, title="The printer is silent"), a_thread(author=ann, title="VPN drops")
    for _number in range(5):
        a_reply(thread)
    a_reply(other)
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    assert "6 are new to you" in visitor.text
    assert len(visitor.select(".rows .row")) == 2
    assert "5 replies" in visitor.text
    (entry,) = [row for row in visitor.select(".rows .row") if "5 replies" in row.get_text()]
    visitor.post(str(entry.select('form[action$="/reading"]')[0]["action"]), {})
    assert ann.unread == 1
    a_reply(thread, a_member("bob", name="Bob Lind"))
    run_jobs()
    visitor.get("/notifications")
    assert "Bob Lind replied" in visitor.text
    assert ann.unread == 2


def test_thanks_of_several_people_are_one_entry(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    bob = a_member("bob")
    thread = a_thread()
    answer = a_reply(thread, bob)
    for name in ("eve", "dan", "kim"):
        member = a_member(name)
        thank(answer, member_id=member.id)
        withdraw(answer, member_id=member.id)
        thank(answer, member_id=member.id)
    run_jobs()
    visitor = login_as("bob")
    visitor.get("/notifications")
    assert "3 people thanked you" in visitor.text
    assert bob.unread == 3


def test_one_can_be_kept_for_later(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann)
    for _number in range(3):
        a_reply(thread)
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    visitor.submit("/notifications/read")
    unreading = str(visitor.select('form[action$="/unreading"]')[0]["action"])
    for _twice in range(2):
        visitor.post(unreading, {})
    assert ann.unread == 1
    visitor.get("/notifications")
    assert "1 is new to you" in visitor.text
    a_member("eve")
    login_as("eve").post(unreading, {}, status=404)


def test_the_count_is_exact_however_many_ask_at_once(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    threads = [a_thread(author=ann) for _number in range(4)]
    for about in threads:
        for _number in range(3):
            a_reply(about)
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    asked = [str(form["action"]) for form in visitor.select('form[action$="/reading"]')]
    token = str(visitor.select('input[name="csrf_token"]')[0]["value"])
    cookie = visitor.client.get_cookie("isthmus")
    assert cookie

    def ask(path: str) -> None:
        client = app.test_client()
        client.set_cookie("isthmus", cookie.value)
        with client.session_transaction() as session:
            session.update(kept)
        assert client.post(path, data={"csrf_token": token}).status_code == 302

    with visitor.client.session_transaction() as session:
        kept = dict(session)
    paths = [*asked, *(path.replace("/reading", "/unreading") for path in asked)] * 6
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, paths))
    db.session.expire_all()
    unread = select(func.count(Notification.id)).where(Notification.member_id == ann.id, Notification.read_at.is_(None))
    assert ann.unread == db.session.scalar(unread)


def test_a_full_inbox_costs_as_many_statements_as_one_entry(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    ann = a_member("ann")
    visitor = login_as("ann")
    costs = []
    for number in (1, 12):
        for _ in range(number):
            a_reply(a_thread(author=ann))
        run_jobs()
        with count_statements() as sent:
            visitor.get("/notifications")
        costs.append(len(sent))
    assert costs == [4, 4], sent


def test_the_preferences_show_each_kind_once_under_its_heading(app: Flask, login_as: LoginAs) -> None:
    a_member("mona", role="manager")
    mona = login_as("mona")
    mona.get("/notifications/preferences")
    parts = {part.select("th")[0].get_text(): part for part in mona.select("#kinds tbody")}
    assert list(parts) == [str(heading) for heading in GROUPS.values()]
    shown = [str(box["name"]) for box in mona.select("#kinds input[name$=-here]")]
    with app.test_request_context():
        known = [f"{kind.key}-here" for kind in all_kinds() if kind.offered is None]
    assert len(shown) == len(set(shown)) and set(known) <= set(shown)
    assert "Your turns on duty" in parts["Super users"].get_text()
    assert "News from the service desk" in parts["The service desk"].get_text()

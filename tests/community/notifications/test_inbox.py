"""The inbox: new first, opened, counted."""

from flask import Flask

from community.forum import operations as forum
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


def test_following_a_thread_and_leaving_it(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    eve = a_member("eve")
    thread = a_thread()
    visitor = login_as("eve")
    visitor.post(f"/threads/{thread.id}/subscription", {})
    a_reply(thread)
    run_jobs()
    assert eve.unread == 1
    visitor.post(f"/threads/{thread.id}/subscription/end", {})
    a_reply(thread)
    run_jobs()
    assert eve.unread == 1
    visitor.post(f"/threads/{thread.id}/subscription", {})
    a_reply(thread)
    run_jobs()
    assert eve.unread == 2


def test_a_thread_that_cannot_be_read_cannot_be_followed(app: Flask, login_as: LoginAs) -> None:
    a_member("eve")
    thread = a_thread()
    forum.restrict(thread, by_id=None)
    login_as("eve").post(f"/threads/{thread.id}/subscription", {}, status=404)


def test_news_lead_to_the_page_that_holds_the_reply(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(author=ann)
    replies = [a_reply(thread, bob, f"Attempt number {number}.") for number in range(22)]
    run_jobs()
    visitor = login_as("ann")
    for reply in (replies[0], replies[19], replies[20], replies[21]):
        visitor.get("/notifications")
        address = next(link for link in visitor.links(".row__title a") if link.endswith(f"#post-{reply.id}"))
        visitor.get(address)
        assert visitor.select(f"#post-{reply.id}")


def test_a_full_inbox_costs_few_statements(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    ann = a_member("ann")
    for _ in range(12):
        a_reply(a_thread(author=ann))
    run_jobs()
    visitor = login_as("ann")
    with count_statements() as sent:
        visitor.get("/notifications")
    assert len(sent) <= 6, sent

"""Writing to a few people: beginning, answering, unread marks, adding, leaving, muting, limits."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db, utcnow
from community.messages import operations, policies, queries
from community.messages.models import Conversation, Message, Participant
from tests.community.forum.test_votes import at_once
from tests.community.messages.conftest import Talk
from tests.conftest import CountStatements, LoginAs, MakeApp, RunJobs
from tests.factories import a_member
from tests.visit import Visitor


def test_one_writes_to_others_and_they_answer(app: Flask, login_as: LoginAs) -> None:
    a_member("ann", role="agent", name="Ann Ek")
    a_member("bob", name="Bob Lind")
    a_member("cleo", name="Cleo Ray")
    ann = login_as("ann")
    ann.get("/messages")
    assert "No messages yet" in ann.text
    ann.get("/messages/new", to="bob")
    assert ann.select("#to")[0]["value"] == "@bob"
    ann.submit("#message-form", to="@bob, Cleo Ray", subject="Budget", body="Is the **figure** right?")
    assert ann.page.heading == "Budget"
    assert "3 people read this" in ann.text
    assert ann.select("#messages .prose strong")[0].get_text() == "figure"
    bob = login_as("bob")
    bob.get("/messages")
    assert [link.get_text() for link in bob.select(".row__title a")] == ["Budget"]
    assert "Ann Ek: Is the figure right?" in bob.text
    assert "1 new" in bob.text
    bob.get(str(bob.select(".row__title a")[0]["href"]))
    bob.submit("#message-form", body="It is")
    assert [row.get_text().strip() for row in bob.select("#messages .prose")] == ["Is the figure right?", "It is"]


def test_a_double_click_sends_one_message(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann", role="agent")
    a_member("bob")
    a_member("cleo")
    visitor, typed = login_as("ann"), {"to": "@bob", "subject": "Budget", "body": "Is the figure right?"}
    for wanted in (typed, typed, {**typed, "to": "@bob, @cleo"}, {**typed, "to": "@cleo"}, {**typed, "body": "Is it?"}):
        visitor.post("/messages/new", wanted)
    assert db.session.scalar(select(func.count(Conversation.id))) == 4
    first = db.session.scalars(select(Conversation.id).order_by(Conversation.id)).first()
    for _ in range(2):
        visitor.post(f"/messages/{first}/replies", {"body": "Nobody is in a hurry"})
    sent = select(Message.body).where(Message.conversation_id == first, Message.author_id == ann.id)
    assert list(db.session.scalars(sent.order_by(Message.id))) == ["Is the figure right?", "Nobody is in a hurry"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": "nobody-here"}, "is nobody’s handle"),
        ({"to": "ann"}, "somebody else than yourself"),
        ({"to": "@gone"}, "Gone cannot be written to"),
        ({"to": ""}, "Say to whom"),
        ({"subject": " "}, "Say in a few words"),
        ({"body": " "}, "Write a few words first"),
        ({"to": "Same Name"}, "not the name of one person"),
    ],
)
def test_what_cannot_be_sent_is_kept_with_the_reason(
    app: Flask, login_as: LoginAs, fields: dict[str, str], said: str
) -> None:
    a_member("ann", role="agent")
    a_member("bob")
    a_member("gone").suspended_at = utcnow()
    a_member("one", name="Same Name")
    a_member("two", name="Same Name")
    ann = login_as("ann")
    ann.get("/messages/new")
    ann.submit("#message-form", **({"to": "@bob", "subject": "Budget", "body": "Hello there"} | fields), status=422)
    assert said in ann.text
    if "body" not in fields:
        assert ann.select("#body")[0].get_text(strip=True) == "Hello there"
    assert db.session.scalar(select(func.count(Conversation.id))) == 0


def test_secrets_are_asked_about_before_they_are_sent(app: Flask, login_as: LoginAs) -> None:
    a_member("ann", role="agent")
    a_member("bob")
    ann = login_as("ann")
    ann.get("/messages/new", to="bob")
    ann.submit("#message-form", subject="Access", body="The password: hunter2Secret! is for you", status=422)
    assert "Should they read this?" in ann.text
    ann.submit("#message-form")
    assert "hunter2Secret" not in ann.text
    assert "[password]" in ann.text


def test_unread_is_what_others_wrote_and_one_has_not_seen(talk: Talk, login_as: LoginAs) -> None:
    bob = login_as("bob")
    talk.say(talk.ann, "Second")
    talk.say(talk.bob, "My own")
    assert queries.unread_in(talk.bob.id, talk.id) == 2
    bob.get(talk.path)
    assert len(bob.select(".newline")) == 1
    assert queries.unread_in(talk.bob.id, talk.id) == 2, "a page that is read writes nothing"
    mark = bob.select('[data-controller="read"]')[0]
    bob.post(str(mark["data-read-url"]), {"number": str(mark["data-number"])})
    assert queries.unread_in(talk.bob.id, talk.id) == 0
    assert queries.unread_in(talk.cleo.id, talk.id) == 3
    bob.get(talk.path)
    assert not bob.select(".newline")
    for number in ("1000000000", "9" * 40, "-" + "9" * 40, "x", ""):
        bob.post(f"{talk.path}/read", {"number": number})
    talk.say(talk.ann, "Third")
    assert queries.unread_in(talk.bob.id, talk.id) == 1, "no mark goes beyond what there is"
    bob.get(talk.path)
    number = bob.select('[data-controller="read"]')[0]["data-number"]
    bob.post(f"{talk.path}/read", {"number": str(number), "back": "1"}, follow=True)
    assert queries.unread_in(talk.bob.id, talk.id) == 0


def test_long_conversations_come_in_pages(talk: Talk, login_as: LoginAs) -> None:
    for number in range(2, 66):
        talk.say(talk.ann, f"Word {number}")
    bob = login_as("bob")

    def shown() -> list[str]:
        return [row.get_text(strip=True) for row in bob.select("#messages .prose")]

    bob.get(talk.path)
    assert (shown()[0], shown()[-1]) == ("Word 36", "Word 65")
    bob.get(str(bob.select("a[href*='after=']")[0]["href"]))
    assert (shown()[0][:6], shown()[-1]) == ("Is the", "Word 30"), "to the first that is new"
    bob.get(str(bob.select("a[rel=next]")[0]["href"]))
    assert (shown()[0], shown()[-1]) == ("Word 31", "Word 60")
    bob.get(str(bob.select("a[rel=prev]")[0]["href"]))
    assert (shown()[0][:6], shown()[-1]) == ("Is the", "Word 30")
    assert not bob.select("a[rel=prev]")


def test_people_who_are_added_read_from_then_on(talk: Talk, login_as: LoginAs, run_jobs: RunJobs) -> None:
    talk.ann.role = "agent"
    ann = login_as("ann")
    ann.get(talk.path)
    ann.submit("#add-form", to="@dan")
    assert "They read what is written from now on" in ann.text
    dan = login_as("dan")
    dan.get(talk.path)
    assert "cormorant" not in dan.html
    assert "Nothing was written since you were added" in dan.text
    dan.get("/messages")
    assert "cormorant" not in dan.html
    dan.get("/messages", q="cormorant")
    assert "Nothing is found" in dan.text
    talk.say(talk.bob, "Welcome Dan")
    dan.get(talk.path)
    assert [row.get_text(strip=True) for row in dan.select("#messages .prose")] == ["Welcome Dan"]
    ann.get(talk.path)
    ann.submit("#add-form", to="@dan", status=422)
    assert "takes part already" in ann.text
    run_jobs()
    dan.get("/notifications")
    assert "Ann Ek added you to a conversation" in dan.text


def test_who_leaves_sees_only_what_was_written_until_then(talk: Talk, login_as: LoginAs) -> None:
    talk.ann.role = "agent"
    bob, ann = login_as("bob"), login_as("ann")
    bob.get(talk.path)
    bob.get(str(bob.select("a[href$='/leaving']")[0]["href"]))
    bob.post(f"{talk.path}/leaving", {}, follow=True)
    talk.say(talk.ann, "Behind your back: kingfisher")
    for address in (talk.path, f"{talk.path}?after=0", "/messages", "/messages?q=kingfisher", "/messages?q=osprey"):
        bob.get(address)
        assert "back: kingfisher" not in bob.html, address
    bob.get(talk.path)
    assert "cormorant" in bob.text
    assert "You left this conversation" in bob.text
    assert not bob.select("#message-form")
    bob.get("/messages", q="cormorant")
    assert "osprey" in bob.text
    for verb in ("replies", "people", "muting", "leaving"):
        bob.post(f"{talk.path}/{verb}", {"body": "x", "to": "dan"}, status=404)
    ann.get(talk.path)
    assert "left" in ann.select("aside")[0].get_text()
    ann.submit("#add-form", to="@bob", status=422)
    assert "cannot be brought back" in ann.text
    login_as("cleo").post(f"{talk.path}/leaving", {})
    ann.get(talk.path)
    assert "Nobody else takes part any more" in ann.text
    ann.post(f"{talk.path}/replies", {"body": "Alone"}, status=422)


def test_newcomers_write_to_one_person_at_a_time_and_to_few(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    for handle in ("bob", "cleo", "dan", "eve"):
        a_member(handle)
    ann = login_as("ann")
    ann.get("/messages/new")
    assert "one person at a time" in ann.text
    ann.submit("#message-form", to="@bob, @cleo", subject="Hello", body="Hello", status=422)
    for handle in ("bob", "cleo", "dan"):
        ann.get("/messages/new", to=handle)
        ann.submit("#message-form", subject="Hello", body="Hello")
        assert ann.page.heading == "Hello"
    assert not ann.select("#add-form")
    ann.post(f"{ann.page.path}/people", {"to": "eve"}, status=404)
    ann.get("/messages/new", to="eve")
    ann.submit("#message-form", subject="Hello", body="Hello", status=422)
    assert "You began 3 conversations within a day" in ann.text


def test_a_day_has_limits_also_for_members_and_the_next_day_is_free(talk: Talk) -> None:
    few = policies.Limits(conversations=1, messages=3, people=19)
    with pytest.raises(operations.Refused, match="began 1"):
        operations.start(sender_id=talk.ann.id, to=[talk.bob], subject="More", body="More", limits=few)
    for number in range(2):
        operations.send(talk.id, author_id=talk.ann.id, body=f"More {number}", limits=few)
    with pytest.raises(operations.Refused, match="wrote 3"):
        operations.send(talk.id, author_id=talk.ann.id, body="More", limits=few)
    for row in [talk.conversation, *db.session.scalars(select(Message))]:
        row.created_at = utcnow() - timedelta(days=2)
    db.session.flush()
    operations.start(sender_id=talk.ann.id, to=[talk.bob], subject="More", body="More", limits=few)


def test_at_most_twenty_take_part(talk: Talk) -> None:
    people = [a_member() for _number in range(20)]
    with pytest.raises(operations.Refused, match="At most 20"):
        operations.start(sender_id=talk.ann.id, to=people, subject="Many", body="Many")
    made = operations.start(sender_id=talk.ann.id, to=people[:19], subject="Many", body="Many")
    with pytest.raises(operations.Refused, match="At most 20"):
        operations.add(made.id, people[19], by_id=talk.ann.id)


def test_fifty_messages_at_once_are_fifty_unread_ones_and_one_piece_of_news(
    app: Flask, talk: Talk, run_jobs: RunJobs
) -> None:
    run_jobs()
    ids, talk_id, told = [talk.ann.id, talk.cleo.id], talk.id, talk.bob.unread
    before = queries.unread_in(talk.bob.id, talk_id)
    made = at_once(app, lambda n: operations.send(talk_id, author_id=ids[n % 2], body=f"Word {n}").id, 50)
    assert len(set(made)) == 50
    db.session.expire_all()
    assert queries.unread_in(talk.bob.id, talk_id) == before + 50
    assert talk.conversation.last_id == max(made)  # type: ignore[type-var]
    run_jobs()
    db.session.expire_all()
    assert talk.bob.unread == told == 1


def test_beginning_many_at_once_keeps_to_the_limit(app: Flask, talk: Talk) -> None:
    few = policies.Limits(conversations=4, messages=99, people=19)
    ann, bob = talk.ann.id, talk.bob.id

    def begin(number: int) -> bool:
        try:
            to = [db.session.get_one(type(talk.bob), bob)]
            operations.start(sender_id=ann, to=to, subject="Again", body=f"Again {number}", limits=few)
        except operations.Refused:
            return False
        return True

    assert sum(map(bool, at_once(app, begin, 12))) == 3


def test_pages_cost_the_same_however_much_there_is(
    talk: Talk, login_as: LoginAs, count_statements: CountStatements
) -> None:
    bob = login_as("bob")
    costs = []
    for number in range(2):
        for path in ("/messages", talk.path, "/messages?q=osprey"):
            bob.get(path)
            with count_statements() as sql:
                bob.get(path)
            costs.append(len(sql))
        for other in range(5 if number == 0 else 0):
            operations.start(sender_id=talk.cleo.id, to=[talk.bob, talk.dan], subject=f"Osprey {other}", body="More")
            talk.say(talk.ann, "More osprey")
    assert costs[:3] == costs[3:]
    assert max(costs) <= 8, sql


def test_an_installation_can_do_without(make_app: MakeApp) -> None:
    off = make_app(messages=False)
    with off.app_context():
        a_member("ann")
        a_member("bob")
        db.session.commit()
        ann = Visitor(off)
        ann.get("/sign-in")
        ann.submit("main form", email="ann@example.org", password="correct horse battery")
        for address in ("/messages", "/messages/new", "/messages/1", "/messages/1/leaving"):
            ann.get(address, status=404)
        for address in ("/", "/people/bob", "/preferences", "/notifications/preferences"):
            ann.get(address)
            assert "/messages" not in ann.html
            assert "writes you a message" not in ann.text
        ann.get("/blocked")


def test_a_conversation_without_anybody_else_is_no_ones_to_join(talk: Talk) -> None:
    with pytest.raises(operations.Refused):
        operations.send(talk.id, author_id=talk.dan.id, body="Let me in")
    with pytest.raises(operations.Refused):
        operations.add(talk.id, talk.dan, by_id=talk.dan.id)
    operations.leave(talk.id, talk.dan.id)
    assert db.session.get(Participant, (talk.id, talk.dan.id)) is None


def test_a_refused_beginning_leaves_nothing_behind(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "NEWCOMER", policies.Limits(conversations=3, messages=1, people=1))
    a_member("ann")
    a_member("bob")
    ann = login_as("ann")
    ann.get("/messages/new", to="bob")
    ann.submit("#message-form", subject="One", body="First")
    ann.get("/messages/new", to="bob")
    ann.submit("#message-form", status=422, subject="Two", body="Second")
    assert "as many as one can" in ann.text
    assert db.session.scalars(select(Conversation.subject)).all() == ["One"]


def test_all_are_added_or_none(app: Flask, talk: Talk, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "isthmus.standing", {talk.ann.id}.__contains__)
    a_member("gone").suspended_at = utcnow()
    a_member("eve")
    ann = login_as("ann")
    ann.get(talk.path)
    talk.ann.silenced_until = utcnow() + timedelta(days=1)
    ann.submit("#add-form", status=422, to="@dan")
    assert "write nothing, until" in ann.text
    talk.ann.silenced_until = None
    ann.submit("#add-form", status=422, to="@dan, @gone")
    assert "Gone cannot be written to" in ann.text
    assert db.session.get(Participant, (talk.id, talk.dan.id)) is None
    ann.submit("#add-form", to="@dan, @eve")
    assert db.session.get(Participant, (talk.id, talk.dan.id)) is not None


def test_who_left_learns_of_nobody_who_came_later(talk: Talk, login_as: LoginAs) -> None:
    bob, cleo = login_as("bob"), login_as("cleo")
    bob.get(f"{talk.path}/leaving")
    bob.submit(f"{talk.path}/leaving")
    operations.add(talk.id, talk.dan, by_id=talk.ann.id)
    for path in ("/messages", talk.path):
        bob.get(path)
        cleo.get(path)
        assert "Dan Moe" in cleo.text
        assert "Dan Moe" not in bob.text
        assert "Cleo Ray" in bob.text

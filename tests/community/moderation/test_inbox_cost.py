"""What the inbox asks the database for does not grow with what waits in it, whatever kinds of cases these are."""

from collections.abc import Callable

import pytest
from flask import Flask

from community.accounts.entering.models import Registration
from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core.cache import cache
from community.core.db import db, transaction
from community.forum.models import Post
from community.messages import operations as messages
from community.messages.models import Message
from community.moderation import appeals, cases, flagging, inbox, measures, targets
from community.moderation.spam.models import SpamOpinion
from community.spaces.models import Space
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread

ADDRESS = "203.0.113.7"


@pytest.fixture
def home(app: Flask) -> Space:
    a_member("boss", role="manager")
    return a_space("home")


def _reply(home: Space) -> Post:
    return a_reply(a_thread(home), a_member(), "Buy pills")


def an_appeal(home: Space) -> None:
    """Against a post that was hidden after somebody gave their opinion."""
    post, by = _reply(home), a_member(super_user_in=[home])
    case = cases.open_case("flag", "post", post.id, rule="spam", space_id=home.id, member_id=post.author_id)
    cases.give_opinion(case, by_id=a_member(super_user_in=[home]).id, decision="hide", words="Looks like spam")
    cases.settle("flag", "post", post.id, decision="hide", by_id=by.id)
    about = {"target_kind": "post", "target_id": post.id, "space_id": home.id, "case_id": case.id}
    taken = measures.take("hide", rule="spam", member_id=post.author_id, by_id=by.id, words="Spam.", **about)
    appeals.appeal(taken, member_id=post.author_id, words="It was a joke.")


def a_reported_message(_home: Space) -> None:
    by, to = a_member(), a_member()
    talk = messages.start(sender_id=by.id, to=[to], subject="Pills", body="Buy pills")
    message = db.session.query(Message).filter_by(conversation_id=talk.id).one()
    target = targets.look("message", message.id)
    assert target is not None
    flagging.flag(actor_for(to.id), target, reason="spam", note="I never asked for it")


def a_registration(_home: Space) -> None:
    row = Registration(member_id=a_member().id, address=ADDRESS, words="Hello", held_by="approval", state="waiting")
    db.session.add(row)
    db.session.flush()
    cases.open_case("registration", "registration", row.id, rule="held_approval", member_id=row.member_id)


def a_spam_verdict(home: Space) -> None:
    post = _reply(home)
    db.session.add(SpamOpinion(target_kind="post", target_id=post.id, score=0.8, reason="pills"))
    cases.open_case("spam", "post", post.id, rule="spam_service", space_id=home.id, member_id=post.author_id)


def a_reported_person(home: Space) -> None:
    person: Member = _reply(home).author
    cases.open_case("member", "member", person.id, rule="unkind", space_id=home.id, member_id=person.id)


def plant(app: Flask, make: Callable[[Space], None], number: int) -> None:
    """So many cases, made as a request makes them."""
    db.session.commit()
    with app.test_request_context(), transaction():
        home = db.session.query(Space).filter_by(slug="home").one()
        for _each in range(number):
            make(home)
    db.session.expire_all()


SAID = {
    an_appeal: "It was a joke.",
    a_reported_message: "A private message",
    a_registration: "joined from the same network address",
    a_spam_verdict: "The service says: pills.",
    a_reported_person: "Reported member",
}


@pytest.mark.parametrize("make", SAID, ids=lambda make: make.__name__)
def test_the_page_asks_as_much_for_twenty_as_for_one(
    app: Flask, home: Space, make: Callable[[Space], None], login_as: LoginAs, count_statements: CountStatements
) -> None:
    plant(app, make, 1)
    boss = login_as("boss")
    boss.get("/review")
    assert SAID[make] in boss.text or make is a_registration
    with count_statements() as few:
        boss.client.get("/review")
    plant(app, make, 19)
    with count_statements() as many:
        boss.client.get("/review")
    boss.get("/review")
    assert len(boss.select(".case")) == 20
    assert SAID[make] in boss.text
    assert len(many) == len(few), "\n".join(str(each) for each in many)


def test_all_kinds_together_stay_below_a_budget(
    app: Flask, home: Space, login_as: LoginAs, count_statements: CountStatements
) -> None:
    boss = login_as("boss")
    for make in SAID:
        plant(app, make, 4)
    with count_statements() as asked:
        boss.client.get("/review")
    assert len(asked) <= 26


@pytest.mark.parametrize("number", [1, 20])
def test_the_number_in_the_menu_is_one_statement(
    app: Flask, home: Space, number: int, count_statements: CountStatements
) -> None:
    plant(app, an_appeal, number)
    plant(app, a_reported_message, number)
    boss = actor_for(db.session.query(Member).filter_by(handle="boss").one().id)
    cache().clear()
    with count_statements() as asked:
        assert inbox.waiting_for(boss) == 2 * number
        assert inbox.waiting_for(boss) == 2 * number
    assert len(asked) == 1

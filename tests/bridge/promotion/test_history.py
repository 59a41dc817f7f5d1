"""What happened, read from the database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flask import Flask

from bridge.promotion.calendars import ALWAYS
from bridge.promotion.conditions import NotAccepted
from bridge.promotion.dry_run import dry_run
from bridge.promotion.history import facts_of
from bridge.promotion.replaying import Acceptance
from bridge.promotion.rules import Rule
from community.core.db import at_time, db
from community.forum import operations
from tests.conftest import CountStatements
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
END = START + timedelta(days=30)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def test_what_happened_is_read_with_its_times(app: Flask) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    with at_time(START):
        thread = a_thread(author=ann, tags=["vpn"])
    with at_time(hours(1)):
        answer = a_reply(thread, bob)
        operations.have_too(thread, member_id=bob.id)
    with at_time(hours(2)):
        a_reply(thread, ann, "It still drops")
        operations.accept(thread, answer, by_id=ann.id)
    with at_time(hours(3)):
        operations.unaccept(thread, by_id=ann.id)
    with at_time(hours(4)):
        a_query(thread, by=bob)
    db.session.flush()
    (facts,) = facts_of(START, END)
    assert (facts.thread_id, facts.author_id, facts.created_at) == (thread.id, ann.id, START)
    assert (facts.space, facts.kind, facts.tags, facts.title) == (thread.space.slug, "question", ("vpn",), thread.title)
    assert [at for at, _words in facts.own_words] == [START, hours(2)]
    assert facts.own_words[1][1] == "It still drops"
    assert facts.replies == (hours(1),)
    assert facts.have_too_at == (hours(1),)
    assert facts.acceptances == (Acceptance(hours(2)), Acceptance(hours(3), accepted=False))
    assert [(each.at, each.by_person) for each in facts.promotions] == [(hours(4), True)]
    assert (facts.first_question, facts.closed_at) == (True, None)


def test_imported_answers_have_no_record_but_count(app: Flask) -> None:
    with at_time(START):
        thread = a_thread()
        answer = a_reply(thread)
        a_thread(author=thread.author)
    thread.solution_id, thread.solved_at = answer.id, hours(5)
    db.session.flush()
    first, second = facts_of(START, END)
    assert first.acceptances == (Acceptance(hours(5)),)
    assert second.acceptances == ()
    assert (first.first_question, second.first_question) == (True, False)


def test_only_what_was_asked_for(app: Flask) -> None:
    space = a_space()
    with at_time(START):
        wanted, hidden = a_thread(space), a_thread(space)
        a_thread()
        a_thread(space, kind="announcement")
    with at_time(END):
        a_thread(space)
    hidden.hidden_at = END
    db.session.flush()
    assert [facts.thread_id for facts in facts_of(START, END, [space.id])] == [wanted.id]
    assert list(facts_of(END + timedelta(days=9), END + timedelta(days=10))) == []


def test_the_number_of_statements_is_fixed(app: Flask, count_statements: CountStatements) -> None:
    for number in range(12):
        with at_time(hours(number)):
            a_reply(a_thread())
    db.session.flush()
    with count_statements() as sql:
        found = list(facts_of(START, END))
    assert len(sql) <= 6
    assert all(former.created_at < latter.created_at for former, latter in pairwise(found))
    rule = Rule("r", "R", (NotAccepted(0),))
    assert len(dry_run(found, lambda _: [rule], lambda _: ALWAYS, since=START, until=END).suggestions) == 12

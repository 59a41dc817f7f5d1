"""What somebody answered, as the reader may see it."""

from flask import Flask

from community.core.db import utcnow
from community.forum import operations
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def listed(visitor: Visitor) -> list[str]:
    """Titles of the threads on Eve's page."""
    visitor.get("/people/eve/answers")
    return [link.get_text() for link in visitor.select(".row__title a")]


def test_answers_are_listed_as_the_reader_may_see_them(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    inner, eve, bob = a_space("inner", visibility="members"), a_member("eve"), a_member("bob")
    a_member("insider", member_of=[inner])
    solved = a_thread(author=bob, title="Solved")
    operations.accept(solved, a_reply(solved, eve), by_id=bob.id)
    a_reply(a_thread(title="Newer"), eve)
    a_reply(a_thread(inner, title="Within"), eve)
    a_reply(a_thread(title="Talk", kind="discussion"), eve)
    a_reply(a_thread(title="Hidden reply"), eve).hidden_at = utcnow()
    a_reply(a_thread(title="Hidden thread"), eve).thread.hidden_at = utcnow()
    a_reply(a_thread(title="Restricted"), eve).thread.restricted = True
    a_reply(a_thread(author=eve, title="By somebody else"), bob)
    assert listed(visitor) == ["Solved", "Newer"]
    assert visitor.text.count("Their answer was accepted") == 1
    assert listed(login_as("insider")) == ["Solved", "Within", "Newer"]
    visitor.get("/people/eve")
    assert "/people/eve/answers" in [link["href"] for link in visitor.select("main a")]
    visitor.get("/people/nobody/answers", status=404)
    visitor.get("/people/bob/answers", page="2", status=404)


def test_the_list_costs_the_same_for_many(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    eve = a_member("eve")
    a_reply(a_thread(), eve)
    visitor.get("/people/eve/answers")
    with count_statements() as few:
        listed(visitor)
    for _ in range(4):
        a_reply(a_thread(), eve)
    with count_statements() as many:
        assert len(listed(visitor)) == 5
    assert len(many) == len(few)

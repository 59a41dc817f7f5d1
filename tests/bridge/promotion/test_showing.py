"""What is kept of a look, and what can no longer be read."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from bridge.promotion.book import open_book
from bridge.promotion.conditions import Reason, Unanswered
from bridge.promotion.evaluating import Verdict
from bridge.promotion.models import PromotionRule
from bridge.promotion.rules import Effect, Rule
from bridge.promotion.showing import class_of, kept, shown
from community.core.db import db
from tests.bridge.promotion.acts import HOUR, jobs_at, only, shared, suggesting, watch
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread
from tests.visit import Visitor

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
RULE = Rule("waits", "Waits", (Unanswered(8),), Effect.AUTOMATIC, cap=3)
REASONS = (
    Reason("unanswered", (("time", timedelta(hours=9)),)),
    Reason("distress", (("score", 4), ("words", ("desperate",)))),
    Reason("have_too", (("count", 2),)),
)


def test_a_verdict_is_read_as_it_was(app: Flask) -> None:
    verdict = Verdict(RULE, RULE.effect, REASONS, NOW, NOW, NOW + 3 * HOUR)
    (found,) = shown([kept(verdict, "incident")])
    assert (found.rule, found.reasons, found.query_class) == (RULE, REASONS, "incident")
    assert (found.since, found.due_at, found.automatic) == (NOW, NOW + 3 * HOUR, True)


def test_a_persons_feelings_are_for_those_who_act(app: Flask) -> None:
    (found,) = shown([kept(Verdict(RULE, RULE.effect, REASONS, NOW), "incident")])
    with app.test_request_context():
        assert (
            found.why == "9 working hours without a reply, the author sounds distressed: “desperate”, 2 have this too"
        )
        assert found.plain_why == "9 working hours without a reply, 2 have this too"


def test_the_class_of_a_rule_comes_first() -> None:
    assert class_of(Rule("a", "A", (), target_class="complaint"), "incident") == "complaint"
    assert class_of(Rule("a", "A", ()), "incident") == "incident"
    assert class_of(Rule("a", "A", ()), "question") == "service_request"


def test_what_cannot_be_read_is_left_out(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    only(suggesting(1))
    thread = shared(a_thread())
    jobs_at(NOW)
    found = watch(thread)
    found.verdicts, found.suggested_at = [{"rule": {"key": "?"}}], NOW
    db.session.add(PromotionRule(key="odd", definition={"key": "odd"}, effect="suggest", enabled=True, changed_at=NOW))
    db.session.flush()
    assert "odd" not in {rule.key for rule in open_book().rules.defaults}
    visitor.get(f"/threads/{thread.id}")
    a_member(handle="jonas", role="agent")
    login_as("jonas").get("/desk/suggestions")

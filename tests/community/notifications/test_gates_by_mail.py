"""Mail goes through the same gates as the page: refused with a reason, or kept until somebody looked at it."""

import pytest
from flask import Flask

from community.core.db import db
from community.moderation import measures
from community.moderation.cases import decide
from community.moderation.gates.models import Action, GateRules, HeldWriting, Look, WatchedWord
from community.moderation.kinds import case_kind
from community.moderation.models import Case
from community.notifications.models import MemberLetter
from tests.community.notifications.conftest import Exchange, a_mail, arrive, plain
from tests.conftest import RunJobs
from tests.factories import a_member
from tests.servers import Mailbox


def told(exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs) -> str:
    run_jobs()
    mails = [mail for mail in receiving.to(exchange.ann.email) if mail["Auto-Submitted"] == "auto-replied"]
    return plain(mails[-1]) if mails else ""


def hold_all() -> None:
    db.session.add(GateRules(scope="site", first_posts=99))


def silence(exchange: Exchange) -> None:
    measures.take("silence", rule="spam", member_id=exchange.ann.id, by_id=exchange.bob.id)


def watch(action: Action) -> None:
    db.session.add(WatchedWord(look=Look.WORD.value, text="pills", action=action.value))


def test_what_is_refused_is_told_by_mail(app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs) -> None:
    watch(Action.REFUSE)
    arrive(app, a_mail("Buy my pills.", to=exchange.reply_to))
    assert exchange.written() == []
    assert "“pills” is not published here" in told(exchange, receiving, run_jobs)
    arrive(app, a_mail("It works now, thanks.", to=exchange.reply_to, message_id="<m2@x.example>"))
    assert [post.body for post in exchange.written()] == ["It works now, thanks."]


def test_words_are_masked_in_mail_too(app: Flask, exchange: Exchange) -> None:
    watch(Action.MASK)
    arrive(app, a_mail("These pills help.", to=exchange.reply_to))
    assert [post.body for post in exchange.written()] == ["These ■■■■■ help."]


def test_what_waits_is_published_once_somebody_looked(
    app: Flask, exchange: Exchange, receiving: Mailbox, run_jobs: RunJobs
) -> None:
    hold_all()
    arrive(app, a_mail("It works now, thanks.", to=exchange.reply_to))
    assert exchange.written() == []
    assert "Somebody looks at it before others can read it" in told(exchange, receiving, run_jobs)
    row = db.session.query(HeldWriting).one()
    case = db.session.query(Case).filter_by(kind="held", target_id=row.id).one()
    kind = case_kind("held")
    assert kind is not None
    assert [letter.outcome for letter in db.session.query(MemberLetter)] == ["held"]
    decide(case, kind.by_key["publish"], by_id=a_member().id)
    assert [post.body for post in exchange.written()] == ["It works now, thanks."]


@pytest.mark.parametrize("while_silenced", [True, False])
def test_the_silenced_write_no_mail_either(app: Flask, exchange: Exchange, while_silenced: bool) -> None:
    if while_silenced:
        silence(exchange)
    arrive(app, a_mail("It works now, thanks.", to=exchange.reply_to))
    assert len(exchange.written()) == (0 if while_silenced else 1)

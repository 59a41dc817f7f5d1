"""Who did it and who only recorded it read words of their own; a better rule is proposed once."""

from flask import Flask
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Thread
from community.notifications.models import Notification
from community.spaces.models import Space
from community.superusers.deviations import operations
from community.superusers.deviations.models import Deviation
from community.superusers.deviations.operations import Account
from tests.community.moderation.gates.test_at_once import at_once
from tests.conftest import LoginAs, RunJobs

from .test_deviations import TOLD, case_of, space  # noqa: F401 - a fixture


def told(handle: str) -> list[str]:
    wanted = select(Notification.title).join(Member, Member.id == Notification.member_id).where(Member.handle == handle)
    return list(db.session.scalars(wanted.where(Notification.kind == "deviation").order_by(Notification.id)))


def of_another(doer: str, recorder: str) -> Deviation:
    ids = {row.handle: row.id for row in db.session.scalars(select(Member))}
    return operations.record(Account(**TOLD), member_id=ids[recorder], by_id=ids[doer])


def test_who_only_recorded_it_broke_nothing(
    space: Space,  # noqa: F811 - the fixture
    login_as: LoginAs,
    run_jobs: RunJobs,
) -> None:
    found = of_another("sue", "sam")
    mona = login_as("mona")
    mona.post(f"/review/{case_of(found).id}/decision", {"decision": "change", "words": "The rule is wrong."})
    mona.get(f"/deviations/{found.id}")
    mona.submit("#changed", to="Up to five questions", on="2026-11-22")
    run_jobs()
    assert told("sue")[0].startswith("A rule that you broke on purpose was looked at: ")
    assert told("sue")[1] == "The rule that you broke on purpose was changed"
    assert told("sam")[0].startswith("A broken rule that you recorded was looked at: ")
    assert told("sam")[1] == "The rule whose breach you recorded was changed"
    assert len(told("sue")) == len(told("sam")) == 2


def test_a_better_rule_is_proposed_once(
    app: Flask,
    space: Space,  # noqa: F811 - the fixture
    login_as: LoginAs,
) -> None:
    found = of_another("sue", "sue")
    mona, max_ = login_as("mona"), login_as("max")
    mona.post(f"/review/{case_of(found).id}/decision", {"decision": "change", "words": "The rule is wrong."})
    words = {"title": "A better rule for threads", "body": "Up to five questions a thread.", "idea_space": "home"}
    answers = at_once(app, [(who, f"/deviations/{found.id}/idea", words) for who in (mona, max_, mona, max_)])
    assert sorted(answers) == [302, 404, 404, 404]
    assert db.session.scalars(select(Thread.id)).all() == [found.idea_id]

"""People are told that others agree with what they say they know: once of each person, gathered by tag."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.expertise import operations
from community.following import operations as following
from community.following.models import Level
from community.notifications.models import Notification
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member


def told() -> int:
    """How many news of endorsements there are."""
    counted = select(func.count()).select_from(Notification).where(Notification.kind == "endorsed")
    return db.session.scalar(counted) or 0


def test_endorsements_of_a_tag_are_one_entry(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    ann = a_member("ann")
    bob, cat, dan, loud = a_member("bob", name="Bob"), a_member("cat"), a_member("dan"), a_member("loud")
    operations.name_tags(ann.id, ["vpn", "mail"])
    following.choose(ann.id, following.person(loud.id), Level.MUTED)
    for by, tag in ((bob, "vpn"), (cat, "vpn"), (dan, "mail"), (loud, "mail")):
        operations.endorse(ann.id, tag, by_id=by.id)
    operations.withdraw(ann.id, "mail", by_id=dan.id)
    run_jobs()
    assert told() == 2
    operations.withdraw(ann.id, "vpn", by_id=bob.id)
    operations.endorse(ann.id, "vpn", by_id=bob.id)
    run_jobs()
    assert told() == 2
    operations.endorse(ann.id, "mail", by_id=bob.id)
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    assert "2 people agree that you know this" in visitor.text
    assert "Bob agrees that you know this" in visitor.text
    assert ann.unread == 3
    newest = db.session.scalars(
        select(Notification.id).where(Notification.title == "vpn").order_by(Notification.id.desc())
    ).first()
    visitor.post(f"/notifications/{newest}/reading")
    assert ann.unread == 1

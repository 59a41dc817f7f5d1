"""People of the demo world have read most of their news."""

from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.demo.reading import LEFT, read_most
from community.notifications.models import Notification
from tests.conftest import RunJobs
from tests.factories import a_member, a_reply, a_thread


def test_all_but_the_last_few_are_read(app: Flask, run_jobs: RunJobs) -> None:
    ann, bob = a_member("ann"), a_member("bob")
    thread = a_thread(author=ann)
    for number in range(12):
        a_reply(thread, bob, f"Reply {number}")
    run_jobs()
    assert ann.unread == 12
    for member in (ann, bob):
        read_most(member.id)
    db.session.expire_all()
    assert ann.unread == LEFT[ann.id % len(LEFT)]
    assert bob.unread == 0
    waiting = select(func.count(Notification.id)).where(
        Notification.member_id == ann.id, Notification.read_at.is_(None), Notification.listed
    )
    assert db.session.scalar(waiting) == ann.unread

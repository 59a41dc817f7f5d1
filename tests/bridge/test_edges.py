"""What happens rarely at the desk."""

from flask import Flask

from bridge.queries import operations
from community import public
from community.core.db import db
from community.core.policies import Role
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread
from tests.factories.bridge import a_query


def test_a_thread_that_found_another_query_stays_there_when_the_first_is_reopened(
    app: Flask, login_as: LoginAs
) -> None:
    thread, jonas = a_thread(), a_member("jonas", role=Role.AGENT)
    first = a_query(thread)
    operations.decline(first, "Not ours", by_id=jonas.id)
    db.session.flush()
    second = a_query(thread)
    assert second.id != first.id
    desk = login_as("jonas")
    desk.post(f"/desk/queries/{first.id}/reopening", {"again": "It is ours"})
    db.session.expire_all()
    assert (first.active_thread_ids, second.active_thread_ids) == ([], [thread.id])
    snapshot = public.thread_snapshot(thread.id)
    assert snapshot is not None
    assert snapshot.state == "desk"
    desk.post(f"/desk/queries/{first.id}/replies", {"text": "We are on it"}, status=422)
    assert "nobody would read it" in desk.text
    desk.post(f"/desk/queries/{first.id}/decline", {"text": "See the other one"})
    assert [post.body for post in public.post_snapshots(thread.id)][1:] == ["Not ours"]

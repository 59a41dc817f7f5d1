"""What spaces allow groups, through HTTP: refused before, allowed after, refused when the membership ends."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.core.events import EventRecord
from community.following.queries import audience
from community.forum.models import Thread
from community.forum.operations import hide_post
from community.groups.events import SpaceRightsChanged
from community.groups.models import SpaceRight
from community.groups.rights import set_rights
from community.notifications.models import Notification
from community.spaces.models import Space
from tests.community.groups.conftest import a_group, take_out
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

Does = Callable[[Visitor, Space, Thread], int]


def reads(who: Visitor, space: Space, thread: Thread) -> int:
    return who.client.get(f"/threads/{thread.id}").status_code


def starts(who: Visitor, space: Space, thread: Thread) -> int:
    who.get("/ask")
    options = [tag.get("value") for tag in who.select("#space option")]
    return 200 if space.slug in options else 404


def moderates(who: Visitor, space: Space, thread: Thread) -> int:
    return who.client.get(f"/threads/{thread.id}/closing").status_code


def manages(who: Visitor, space: Space, thread: Thread) -> int:
    return who.client.get(f"/admin/spaces/{space.slug}").status_code


@pytest.mark.parametrize(
    ("right", "does", "visibility"),
    [
        ("read", reads, "members"),
        ("reply", reads, "members"),
        ("start", reads, "members"),
        ("manage", reads, "members"),
        ("start", starts, "open"),
        ("moderate", starts, "members"),
        ("moderate", moderates, "open"),
        ("manage", manages, "open"),
    ],
)
def test_a_right_holds_as_long_as_the_membership(
    app: Flask, login_as: LoginAs, right: str, does: Does, visibility: str
) -> None:
    ann, space, other = a_member("ann"), a_space("home", visibility=visibility), a_space("other", visibility="members")
    space.start_by = "groups"
    group, thread = a_group("network", ann), a_thread(space)
    elsewhere = a_thread(other)
    visitor = login_as("ann")
    assert does(visitor, space, thread) == 404
    set_rights(space.id, {(group.id, right)}, of=[group.id], by_id=None)
    assert does(visitor, space, thread) == 200
    if does is not starts:
        assert does(visitor, other, elsewhere) == 404
    take_out(group, ann)
    assert does(visitor, space, thread) == 404


def test_only_groups_reply_where_a_space_says_so(app: Flask, login_as: LoginAs) -> None:
    ann, space = a_member("ann"), a_space("home")
    space.reply_by = "groups"
    group, thread = a_group("network", ann), a_thread(space)
    visitor, path = login_as("ann"), f"/threads/{thread.id}/replies"
    visitor.get(f"/threads/{thread.id}")
    assert "In this space only some groups reply." in visitor.text
    visitor.post(path, {"body": "A reply of mine, first."}, status=404)
    set_rights(space.id, {(group.id, "reply")}, of=[group.id], by_id=None)
    visitor.get(f"/threads/{thread.id}")
    visitor.submit("#reply-form", body="A reply of mine, second.")
    assert thread.reply_count == 1
    take_out(group, ann)
    visitor.post(path, {"body": "A reply of mine, third."}, status=404)


def test_moderators_by_group_see_what_is_hidden_and_are_not_drawn_as_super_users(app: Flask, login_as: LoginAs) -> None:
    ann, space = a_member("ann"), a_space("home")
    group, thread = a_group("network", ann), a_thread(space, title="Canary hidden title")
    reply = a_reply(thread, a_member("bob"), "Canary hidden words")
    hide_post(reply, by_id=a_member("cyd").id, reason="spam")
    visitor = login_as("ann")
    visitor.get(f"/threads/{thread.id}")
    assert "Canary hidden words" not in visitor.text
    set_rights(space.id, {(group.id, "moderate")}, of=[group.id], by_id=None)
    visitor.get(f"/threads/{thread.id}")
    assert "Canary hidden words" in visitor.text
    visitor.get("/spaces/home/about")
    assert "Nobody is appointed yet." in visitor.text


def test_rights_are_set_in_a_table_by_managers_only(app: Flask, login_as: LoginAs, mia: Visitor) -> None:
    ann, space = a_member("ann"), a_space("home")
    group = a_group("network", ann)
    set_rights(space.id, {(group.id, "manage")}, of=[group.id], by_id=None)
    path = "/spaces/home/manage/groups"
    visitor = login_as("ann")
    visitor.get("/spaces/home/manage")
    visitor.get("/admin/spaces")
    visitor.get(path, status=404)
    visitor.post(path, {"right": f"{group.id}:moderate", "start_by": "groups", "reply_by": "groups"}, status=404)
    visitor.get("/admin/spaces/new", status=404)
    mia.get(path)
    mia.post(path, {"right": [f"{group.id}:read", f"{group.id}:own", "x"], "start_by": "groups", "reply_by": "members"})
    assert list(db.session.scalars(select(SpaceRight.right))) == ["read"]
    assert (space.start_by, space.reply_by) == ("groups", "members")
    visitor.get("/admin/spaces/home", status=404)
    changes = select(EventRecord.payload).where(EventRecord.name == SpaceRightsChanged.name)
    facts = db.session.scalars(changes.order_by(EventRecord.id)).all()
    assert facts[-1]["taken"] == [f"{group.id}:manage"]


def test_who_reads_by_group_is_told_and_nobody_else(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    inside = a_member("inside")
    a_member("outside")
    space = a_space("home", visibility="members")
    group = a_group("network", inside)
    set_rights(space.id, {(group.id, "read")}, of=[group.id], by_id=None)
    author = a_member("author", member_of=[space])
    thread = a_thread(space, author, body="Look at this, @inside and @outside, it is very odd indeed.")
    run_jobs()
    told = set(db.session.scalars(select(Notification.member_id)))
    assert told == {inside.id}
    visitor = login_as("inside")
    visitor.post(f"/threads/{thread.id}/following", {"level": "4"}, status=None)
    a_reply(thread, author, "Something more")
    assert inside.id in audience(thread.id).new_post
    take_out(group, inside)
    assert inside.id not in audience(thread.id).new_post


def test_completion_of_people_knows_readers_by_group(app: Flask, login_as: LoginAs) -> None:
    space = a_space("home", visibility="members")
    group = a_group("network", a_member("inside"), a_member("ann"))
    a_member("insider-no-more")
    set_rights(space.id, {(group.id, "read")}, of=[group.id], by_id=None)
    ann = login_as("ann")
    answer = ann.client.get("/complete/people?q=insid&space=home").get_json()
    assert [one["text"] for one in answer["suggestions"]] == ["@inside "]


def test_rights_cost_no_further_statement(app: Flask, login_as: LoginAs, count_statements: CountStatements) -> None:
    ann, space = a_member("ann"), a_space("home")
    visitor, thread = login_as("ann"), a_thread(space)
    visitor.get(f"/threads/{thread.id}")
    with count_statements() as before:
        visitor.get(f"/threads/{thread.id}")
    groups = [a_group(f"group-{number}", ann) for number in range(3)]
    for group in groups:
        set_rights(space.id, {(group.id, "start"), (group.id, "read")}, of=[group.id], by_id=None)
    db.session.commit()
    with count_statements() as after:
        visitor.get(f"/threads/{thread.id}")
    assert len(after) <= len(before)

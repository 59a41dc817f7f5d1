"""Mentions of groups: who may, who hears of it, and the inbox. Nobody learns what they may not read."""

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.forum.operations import hide_post, reply
from community.groups import policies
from community.groups.rights import set_rights
from community.mentions.models import GroupMention
from community.notifications.models import Notification
from tests.community.groups.conftest import a_group, take_out
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

CALL = "Could you have a look at this, @network? It is odd."


def told(kind: str = "group-mention") -> list[int]:
    rows = select(Notification.member_id).where(Notification.kind == kind).order_by(Notification.member_id)
    return list(db.session.scalars(rows))


@pytest.mark.parametrize(
    ("mentionable", "able"),
    [
        ("nobody", []),
        ("members", ["inner"]),
        ("staff", ["inner", "agent"]),
        ("everybody", ["inner", "agent", "ann"]),
    ],
)
def test_only_who_may_calls_a_group(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, mentionable: str, able: list[str]
) -> None:
    space, hearing = a_space("home"), a_member("hearing")
    people = {"inner": a_member("inner"), "agent": a_member("agent", role="agent"), "ann": a_member("ann")}
    a_group("network", hearing, people["inner"], mentionable=mentionable)
    called = 0
    for handle in people:
        visitor = login_as(handle)
        thread = a_thread(space, people[handle])
        visitor.get(f"/threads/{thread.id}")
        visitor.submit("#reply-form", body=CALL)
        linked = visitor.select('.prose a.mention[href="/groups/network"]')
        assert bool(linked) == (handle in able)
        answer = visitor.client.get("/complete/people?q=netw&space=home").get_json()
        assert bool(answer["suggestions"]) == (handle in able)
        run_jobs()
        called += handle in able
        assert told().count(hearing.id) == called
    inbox = select(GroupMention.id)
    assert len(db.session.scalars(inbox).all()) == len(able)


def test_each_hears_once_and_only_who_may_read(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    space = a_space("home", visibility="members")
    author = a_member("author", member_of=[space])
    inside, both = a_member("inside", member_of=[space]), a_member("both", member_of=[space])
    muted, outside = a_member("muted", member_of=[space]), a_member("outside")
    thread = a_thread(space, author)
    group = a_group("network", inside, both, muted, outside, author, mentionable="everybody")
    a_group("second", inside, mentionable="everybody")
    login_as("muted").post(f"/threads/{thread.id}/following", {"level": "0"}, status=None)
    reply(thread, author_id=author.id, body=f"{CALL} And @both, and @second.")
    run_jobs()
    assert told() == [inside.id]
    assert told("mention") == [both.id]
    assert told("reply") == []
    visitor = login_as("outside")
    visitor.get("/groups/network/inbox")
    assert thread.title not in visitor.text
    assert "Could you have a look" not in visitor.html
    mention = db.session.scalars(select(GroupMention).where(GroupMention.group_id == group.id)).one()
    visitor.post(f"/groups/network/inbox/{mention.id}/take", {}, status=404)
    assert mention.state == "open"


def test_an_edit_calls_only_anew(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    inside, author, space = a_member("inside"), a_member("author"), a_space("home")
    a_group("network", inside, mentionable="everybody")
    thread = a_thread(space, author)
    post = a_reply(thread, author, "Nobody is called here, at first.")
    run_jobs()
    visitor = login_as("author")
    for words in (CALL, f"{CALL} And more words, still the same."):
        visitor.get(f"/posts/{post.id}/edit")
        visitor.submit("#edit-form", body=words)
        run_jobs()
    assert told() == [inside.id]


def test_large_groups_are_not_called(app: Flask, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    people, author = [a_member() for _number in range(3)], a_member("author")
    a_group("network", *people, mentionable="everybody")
    monkeypatch.setattr(policies, "MOST_CALLED", 2)
    a_thread(a_space("home"), author, body=CALL)
    run_jobs()
    assert told() == []
    assert db.session.scalar(select(GroupMention.id)) is None


def test_a_group_takes_what_it_is_asked_and_is_done(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    ann, bob, author = a_member("ann"), a_member("bob"), a_member("author")
    group = a_group("network", ann, bob, mentionable="everybody")
    thread = a_thread(a_space("home"), author, body=CALL)
    run_jobs()
    mention = db.session.scalars(select(GroupMention)).one()
    login_as("author").get("/groups/network/inbox", status=404)
    first, second = login_as("ann"), login_as("bob")
    second.get("/groups/network/inbox")
    first.get("/groups/network/inbox")
    assert first.select(f'a[href="/threads/{thread.id}"]')
    first.submit(f"/groups/network/inbox/{mention.id}/take")
    assert (mention.state, mention.by_id) == ("taken", ann.id)
    second.submit(f"/groups/network/inbox/{mention.id}/take")
    assert "Somebody else was faster." in second.text
    assert mention.by_id == ann.id
    second.get("/groups/network/inbox?state=taken")
    assert "taken by Ann" in second.text
    second.submit(f"/groups/network/inbox/{mention.id}/done")
    second.get("/groups/network/inbox?state=done")
    assert "done by Bob" in second.text
    second.submit(f"/groups/network/inbox/{mention.id}/reopen")
    assert (mention.state, mention.by_id) == ("open", None)
    take_out(group, bob)
    second.get("/groups/network/inbox", status=404)
    second.post(f"/groups/network/inbox/{mention.id}/take", {}, status=404)


def test_hidden_posts_leave_the_inbox(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    ann, author = a_member("ann"), a_member("author")
    group = a_group("network", ann, mentionable="everybody")
    thread = a_thread(a_space("home"), author)
    post = a_reply(thread, author, CALL)
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/groups/network/inbox")
    assert visitor.select("[data-row]")
    hide_post(post, by_id=author.id, reason="Not meant for here")
    visitor.get("/groups/network/inbox")
    assert not visitor.select("[data-row]")
    set_rights(thread.space_id, {(group.id, "moderate")}, of=[group.id], by_id=None)
    visitor.get("/groups/network/inbox")
    assert visitor.select("[data-row]")


def test_hidden_groups_and_lists_do_not_leak(
    app: Flask, run_jobs: RunJobs, login_as: LoginAs, visitor: Visitor
) -> None:
    secret = a_member("canary", name="Canary Person")
    a_group("network", secret, visibility="hidden", mentionable="everybody", name="Canary group")
    a_member("ann")
    thread = a_thread(a_space("home"), secret, body=CALL)
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    ann.submit("#reply-form", body="I call them as well, @network, please come.")
    assert len(ann.select('.prose a.mention[href="/groups/network"]')) == 1
    run_jobs()
    assert len(db.session.scalars(select(GroupMention.id)).all()) == 1
    for who in (visitor, ann):
        who.get("/groups/network", status=404)
        who.get("/groups")
        assert "Canary" not in who.text
    ann.get("/groups/network/inbox", status=404)
    assert ann.client.get("/complete/people?q=networ&space=home").get_json()["suggestions"] == []


def test_people_hear_of_invitations_requests_and_decisions(app: Flask, run_jobs: RunJobs, login_as: LoginAs) -> None:
    owner, ann = a_member("olga"), a_member("ann")
    a_group("network", owner=owner, joining="request")
    run_jobs()
    before = len(told("group"))
    login_as("ann").post("/groups/network/membership", {})
    run_jobs()
    assert told("group")[before:] == [owner.id] or told("group").count(owner.id) == before + 1
    login_as("olga").post("/groups/network/people/ann/accept", {})
    run_jobs()
    visitor = login_as("ann")
    visitor.get("/notifications")
    assert "You belong to Network now." in visitor.text
    assert told("group").count(ann.id) == 1

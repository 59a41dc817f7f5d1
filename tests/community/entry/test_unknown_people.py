"""Somebody who registered is nobody to others until their address is confirmed and, where people wait, they are let in.

Each place is asked twice: while they are unknown, and once they are here, so that it is refused for the right reason.
"""

import pytest
from flask import Flask
from sqlalchemy import select

from community.accounts.entering.models import EntrySettings
from community.accounts.models import Member
from community.core.db import db
from community.forum import operations
from community.groups.models import Group, GroupRule, Joining, RuleKind
from community.groups.settling import settle_all
from community.moderation import cases, kinds
from community.moderation.models import Case
from community.notifications.models import Notification
from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

NAME, HANDLE, NOBODY = "Ingrid Solberg", "ingrid-solberg", "nobody-at-all"
ADDRESS, SECRET = "ingrid@example.org", "four quiet herons wade"
PAGES = ("/people/{}", "/people/{}/answers", "/people/{}/standing")


@pytest.fixture
def world(app: Flask) -> None:
    """Somebody who looks around, an agent, a group of all members by a rule."""
    a_member("ann")
    a_member("jonas", role="agent")
    group = Group(slug="all", name="All members", joining=Joining.AUTOMATIC.value)
    group.rules = [GroupRule(kind=RuleKind.ROLE.value, value="member")]
    db.session.add(group)


def register(app: Flask, mode: str) -> Member:
    db.session.add(EntrySettings(id=1, mode=mode, question="", invitations=5))
    db.session.commit()
    visitor = Visitor(app)
    visitor.get("/join")
    why = {"why": "I help at work."} if mode == "approval" else {}
    visitor.submit("main form", name=NAME, email=ADDRESS, password=SECRET, **why)
    member = db.session.scalars(select(Member).where(Member.email == ADDRESS)).one()
    assert member.handle == HANDLE
    return member


def confirm(app: Flask, letters: Letters, run_jobs: RunJobs) -> None:
    run_jobs()
    visitor = Visitor(app)
    visitor.get(letters.link_to(ADDRESS, "/confirm/"))
    visitor.submit("main form")
    run_jobs()


def admit(run_jobs: RunJobs) -> None:
    case, kind = db.session.scalars(select(Case)).one(), kinds.case_kind("registration")
    assert kind is not None
    cases.decide(case, kind.by_key["admit"], by_id=a_member("boss", role="manager").id)
    run_jobs()


def named(ann: Visitor) -> dict[str, bool]:
    """Whether lists, completion, a mention and an address line find the person."""
    settle_all()
    found = {path: NAME in ann.get(path).text for path in ("/people", "/people?q=ingrid", "/groups/all")}
    found["completion"] = HANDLE in ann.client.get("/complete/people?q=ingrid").get_data(as_text=True)
    sent = {"headers": {"X-CSRFToken": ann.page.csrf_token}}
    preview = ann.client.post("/preview", data={"text": f"Ask @{HANDLE}"}, **sent)
    found["mention"] = f'href="/people/{HANDLE}"' in preview.get_data(as_text=True)
    for called in (HANDLE, NAME):
        letter = {"to": called, "subject": "Hello", "body": "Hello there"}
        found[f"message to {called}"] = ann.client.post("/messages/new", data=letter, **sent).status_code == 302
    return found


@pytest.mark.parametrize("mode", ["open", "approval"])
def test_they_look_like_nobody_and_are_here_once_let_in(
    app: Flask, world: None, mode: str, login_as: LoginAs, visitor: Visitor, letters: Letters, run_jobs: RunJobs
) -> None:
    register(app, mode)
    if mode == "approval":
        confirm(app, letters, run_jobs)
    ann, jonas = login_as("ann"), login_as("jonas")
    for path in PAGES:
        for who in (visitor, ann):
            refused = who.get(path.format(HANDLE), status=404).text
            assert refused.replace(HANDLE, NOBODY) == who.get(path.format(NOBODY), status=404).text
        assert NAME in jonas.get(path.format(HANDLE)).text
    for action in ("following", "block", "endorsements"):
        ann.post(f"/people/{HANDLE}/{action}", {"tag": "vpn", "level": "watching"}, status=404)
    assert not any(named(ann).values())
    if mode == "approval":
        admit(run_jobs)
    else:
        confirm(app, letters, run_jobs)
    for path in PAGES:
        assert NAME in visitor.get(path.format(HANDLE)).text
    assert all(named(ann).values())


def test_a_mention_tells_nobody_who_is_not_here_yet(
    app: Flask, world: None, letters: Letters, run_jobs: RunJobs
) -> None:
    member = register(app, "approval")
    confirm(app, letters, run_jobs)
    a_reply(a_thread(), body=f"Perhaps @{HANDLE} knows why it never comes back.")
    run_jobs()
    told = select(Notification).where(Notification.member_id == member.id)
    assert db.session.scalars(told).all() == []
    admit(run_jobs)
    a_reply(a_thread(), body=f"Perhaps @{HANDLE} knows why it never comes back.")
    run_jobs()
    assert len(db.session.scalars(told).all()) == 1


def test_nobody_gives_them_a_role_before_they_are_let_in(
    app: Flask, world: None, login_as: LoginAs, letters: Letters, run_jobs: RunJobs
) -> None:
    register(app, "approval")
    confirm(app, letters, run_jobs)
    a_space("closed", visibility="members")
    a_member("oksana", role="manager")
    oksana = login_as("oksana")
    oksana.get("/spaces/closed/manage/roles")
    oksana.submit("#appoint", handle=HANDLE, status=422)
    admit(run_jobs)
    oksana.get("/spaces/closed/manage/roles")
    oksana.submit("#appoint", handle=HANDLE)
    assert NAME in oksana.text


def test_imported_people_whom_nobody_claimed_are_known_by_what_they_wrote(app: Flask, visitor: Visitor) -> None:
    old = a_member("old-hand", name="Old Hand")
    operations.reply(a_thread(), author_id=old.id, body="Switch always-on reconnect off.")
    old.email_confirmed_at, old.password_hash = None, ""
    assert "Old Hand" in visitor.get("/people/old-hand").text

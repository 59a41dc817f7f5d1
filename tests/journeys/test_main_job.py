"""The main job: what no peer could answer reaches the desk, comes back as the answer, and stays as knowledge."""

from flask import Flask
from sqlalchemy import select

from bridge.queries.models import Query
from community.core.db import db
from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor

ANSWER = "Gateway 1 has the right time again."


def ask(ann: Visitor) -> str:
    """Ann asks; the path of her thread."""
    ann.get("/ask")
    ann.submit("#ask-form", title="VPN asks for the code twice", body="The first code is always refused.")
    return ann.page.path


def work_on_it(jonas: Visitor) -> None:
    """The agent acknowledges, takes it, notes something inside, and proposes the answer."""
    query = db.session.scalars(select(Query)).one()
    desk = f"/desk/queries/{query.id}"
    jonas.get("/desk")
    assert desk in jonas.links()
    jonas.get(desk)
    jonas.submit(f"{desk}/acknowledgement")
    jonas.submit("#take")
    jonas.submit("#notes", note="canary of an inner note")
    jonas.submit("#say", button="Propose as the answer", text=ANSWER)


def write_it_up(priya: Visitor, page: str) -> None:
    """The super user makes an article of it; the answer is filled in."""
    priya.get(page)
    priya.submit(f"/threads/{page.rpartition('/')[2]}/article")
    assert priya.page.path.startswith("/articles/")
    assert ANSWER in priya.html


def test_from_a_question_to_the_desk_and_back_into_knowledge(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, letters: Letters
) -> None:
    space = a_space("workplace", name="Workplace")
    member = a_member("ann", name="Ann Lee")
    for handle, role in (("eve", "member"), ("jonas", "agent"), ("mei", "manager")):
        a_member(handle, role=role)
    a_member("priya", super_user_in=[space])
    ann, eve, jonas = login_as("ann"), login_as("eve"), login_as("jonas")

    page = ask(ann)
    run_jobs()
    eve.get(page)
    eve.submit("#too")
    ann.get(f"{page}/promotion")
    ann.submit("#promotion", query_class="incident", impact=2, urgency=3)
    run_jobs()
    ann.get(page)
    assert ann.select("main .actbar .state")[0].get_text(strip=True) == "With the service desk"
    ann.get(f"{page}/promotion", status=302)

    work_on_it(jonas)
    run_jobs()

    ann.get(page)
    assert ANSWER in ann.text
    ann.submit(".decide form", button="Yes, accept")
    run_jobs()
    assert "Accepted answer" in ann.text
    for visitor in (ann, eve, Visitor(app)):
        visitor.get(page)
        assert "canary" not in visitor.html
    assert letters.to(member.email)
    assert not [mail for mail in letters.sent if "canary" in mail.text]
    assert letters.to("eve@example.org")

    write_it_up(login_as("priya"), page)

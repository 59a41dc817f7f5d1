"""From a stranger with a problem to an answer that helps the next one."""

from flask import Flask

from tests.community.accounts.letters import Letters
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space
from tests.visit import Visitor

ADDRESS = "ingrid@example.org"


def join(ingrid: Visitor, letters: Letters, run_jobs: RunJobs) -> None:
    """Register, and confirm the address by the link in the mail."""
    ingrid.get("/join")
    ingrid.submit("main form", name="Ingrid Solberg", email=ADDRESS, password="four quiet herons")
    run_jobs()
    ingrid.get(letters.link_to(ADDRESS, "/confirm/"))
    ingrid.submit("main form")


def test_a_newcomer_asks_is_answered_and_helps_the_next(
    app: Flask, visitor: Visitor, letters: Letters, run_jobs: RunJobs, login_as: LoginAs
) -> None:
    space = a_space("workplace", name="Workplace")
    a_member("bob", name="Bob Lind", super_user_in=[space])

    ingrid = visitor
    join(ingrid, letters, run_jobs)
    ingrid.get("/ask", title="VPN drops when the lid is closed")
    ingrid.submit("#ask-form", body="It never comes back. @bob do you know?", tags="vpn")
    page = ingrid.page.path
    run_jobs()

    bob = login_as("bob")
    bob.get("/notifications")
    assert "Ingrid Solberg mentioned you" in bob.text
    bob.get(page)
    bob.submit("#reply-form", body="Install client 5.1.4.")
    run_jobs()

    ingrid.get(letters.link_to(ADDRESS, "/threads/").partition("#")[0])
    assert "Install client 5.1.4." in ingrid.text
    ingrid.get("/")
    assert "Waiting for you" in ingrid.text
    ingrid.get(page)
    (accept,) = [str(form["action"]) for form in ingrid.select("form") if "acceptance" in str(form.get("action"))]
    ingrid.submit(accept)
    assert "Accepted answer" in ingrid.text
    run_jobs()

    bob.get("/notifications")
    assert "accepted by Ingrid Solberg" in bob.text
    stranger = Visitor(app)
    stranger.get("/search", q="vpn lid")
    assert page in stranger.links()
    stranger.get(page)
    assert "Accepted answer" in stranger.text
    stranger.get("/threads", state="solved")
    assert page in stranger.links()


def test_a_moderator_puts_a_thread_right(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    from tests.factories import a_reply, a_thread

    space = a_space("workplace")
    a_member("sue", super_user_in=[space])
    thread = a_thread(space, a_member("ann"), title="heeelp!!", body="my printer is brokken")
    rude = a_reply(thread, a_member("eve"), "You are all fools")
    sue, page = login_as("sue"), f"/threads/{thread.id}"
    sue.get(f"/posts/{thread.posts[0].id}/edit")
    sue.submit("main form", title="The printer in hall 2 does not print", reason="says what it is about")
    sue.get(f"/posts/{rude.id}/hiding")
    sue.submit("main form", reason="Be kind, as the charter says")
    sue.get(page)
    sue.get(f"{page}/closing")
    sue.submit("#arrange-form", reason="It became rude")
    run_jobs()
    ann = login_as("ann")
    ann.get(page)
    assert ann.page.heading == "The printer in hall 2 does not print"
    assert "fools" not in ann.html
    assert "takes no more replies" in ann.text
    ann.get(f"/posts/{thread.posts[0].id}/revisions")
    assert "says what it is about" in ann.text

"""Each kind of thread has its own states and rules."""

from flask import Flask

from community.core.policies import Role
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread

WORD = "We build it in spring; the first version comes in April."


def test_the_provider_decides_on_ideas_with_a_word(app: Flask, login_as: LoginAs) -> None:
    a_member("agent", role=Role.AGENT)
    idea = a_thread(author=a_member("ann"), kind="idea")
    login_as("ann").get(f"/threads/{idea.id}/decision", status=404)
    agent = login_as("agent")
    for choice, state in (("planned", "planned"), ("done", "done"), ("declined", "declined"), ("open", "answered")):
        agent.get(f"/threads/{idea.id}/decision")
        agent.submit("#decision-form", state=choice, body=f"{WORD} {choice}")
        assert idea.state == state
        assert WORD in agent.text
    a_reply(idea)
    assert idea.state == "answered"
    agent.get(f"/threads/{idea.id}")
    assert f"/threads/{idea.id}/decision" in agent.links()


def test_only_ideas_are_decided_on(app: Flask, login_as: LoginAs) -> None:
    a_member("agent", role=Role.AGENT)
    agent = login_as("agent")
    for kind in ("question", "discussion", "announcement"):
        agent.get(f"/threads/{a_thread(kind=kind).id}/decision", status=404)


def test_a_discussion_has_no_accepted_answer(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    question, discussion = a_thread(author=ann), a_thread(author=ann, kind="discussion")
    visitor = login_as("ann")
    refused = a_reply(discussion)
    visitor.post(f"/posts/{refused.id}/acceptance", {}, status=404)
    visitor.post(f"/posts/{a_reply(question).id}/acceptance", {})
    assert discussion.state == "answered"
    assert question.state == "solved"


def test_announcements_are_the_providers(app: Flask, login_as: LoginAs) -> None:
    a_space("home")
    a_member("ann")
    a_member("agent", role=Role.AGENT)
    asked = {"title": "The platform rests on Sunday", "body": "From six to eight nobody can sign in.", "space": "home"}
    ann, agent = login_as("ann"), login_as("agent")
    for visitor, status in ((ann, 422), (agent, 302)):
        visitor.get("/ask")
        visitor.post("/ask", {**asked, "kind": "announcement", "tags": ""}, status=status)


def test_an_idea_is_wanted_and_a_question_is_had(app: Flask, login_as: LoginAs) -> None:
    idea, question = a_thread(kind="idea", title="Sign in by badge"), a_thread(title="The printer stops")
    a_member("ann")
    ann = login_as("ann")
    for thread, verb, said in ((idea, "want", "1 person wants this"), (question, "have", "1 person has this too")):
        ann.get(f"/threads/{thread.id}")
        assert f"I {verb} this too" in ann.text
        ann.submit("#too")
        ann.get(f"/threads/{thread.id}")
        assert said in ann.text
        ann.get("/threads")
        assert said in ann.text

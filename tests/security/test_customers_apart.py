"""What only the people of one customer may read: two hundred probes by another customer's people find nothing of it."""

from collections.abc import Iterator
from urllib.parse import quote, unquote_plus

import pytest
from flask import Flask
from werkzeug.routing import Rule

from community.accounts.models import Member
from community.core.db import db
from community.forum import operations
from community.forum.models import Post, Thread
from tests.community.organisations.conftest import an_organisation
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.security.world import a_file
from tests.visit import Visitor

CANARY = "zanzibarite"
MEMBERS = ("bob", "priya", "vera", "")
WORDS = (
    CANARY,
    f"{CANARY} pump",
    "pump",
    f"tag:{CANARY}-tag",
    "author:ann pump",
    f'"{CANARY}"',
    "in:title pump",
    "kind:question",
)


@pytest.fixture
def thread(app: Flask, run_jobs: RunJobs) -> Thread:
    """Ann's thread for the people of Acme: answered, tagged, with a file, at the desk, voted on and followed."""
    acme, globex = an_organisation("Acme", "acme.example"), an_organisation("Globex", "globex.example")
    space = a_space("pumps", name="Pumps")
    ann = a_member("ann", email="ann@acme.example")
    people = [a_member("bob"), a_member("priya", super_user_in=[space]), a_member("cleo"), a_member("vera")]
    for person, organisation in ((ann, acme), (people[2], acme), (people[0], globex), (people[1], globex)):
        person.organisation_id, person.organisation_fixed = organisation.id, True
    a_member("jonas", role="agent")
    made = operations.start_thread(
        space=space,
        author_id=ann.id,
        kind="question",
        title=f"The {CANARY} pump stops",
        body=f"Our {CANARY} pump stops every night. @bob should not hear of it.",
        tags=[f"{CANARY}-tag", "pump"],
        organisation_id=acme.id,
    )
    reply = a_reply(made, people[2], body=f"Restart the {CANARY} valve.")
    operations.mark_helpful(reply, member_id=ann.id)
    operations.accept(made, reply, by_id=ann.id)
    a_file(reply, people[2])
    a_thread(
        space, people[0], title="Another pump stops", body="A pump of ours stops too, every night again.", tags=["pump"]
    )
    a_query(made, reason=f"{CANARY} reason")
    run_jobs()
    return made


def addresses(app: Flask, thread: Thread) -> Iterator[str]:
    """Every address that may be read, with whatever of the thread fits into it."""
    post = db.session.query(Post).filter_by(thread_id=thread.id, number=2).one()
    known = {
        "thread_id": thread.id, "post_id": post.id, "handle": "ann", "slug": "pumps", "tag": f"{CANARY}-tag",
        "reference": "QRY-00001", "query_id": 1, "article_id": 1, "key": f"{post.id:024d}.png", "name": "x",
        "number": 1, "code": "en", "version": "x", "old_id": thread.id, "rest": "x", "old_tag": f"{CANARY}-tag",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and _harmless(rule) and rule.arguments <= known.keys():
            values = {name: known[name] for name in rule.arguments}
            with app.test_request_context():
                yield app.url_for(rule.endpoint, **values)


def _harmless(rule: Rule) -> bool:
    return not rule.endpoint.startswith(("assets.", "web.language", "web.set_theme"))


def probes(app: Flask, thread: Thread) -> Iterator[str]:
    """All addresses, plain and narrowed, and all ways of searching."""
    plain = list(dict.fromkeys(addresses(app, thread)))
    yield from plain
    for address in (
        "/threads",
        "/hot",
        "/unanswered",
        "/unsolved",
        "/spaces/pumps",
        "/feeds/threads.atom",
        "/feeds/pumps.atom",
    ):
        for order in ("latest", "newest", "oldest", "affected"):
            yield f"{address}?order={order}&tag={CANARY}-tag"
            yield f"{address}?order={order}&space=pumps"
    part = CANARY[:7]
    for address in ("/complete/tags", "/complete/articles", "/tags", "/people", "/search", "/similar", "/knowledge"):
        yield f"{address}?q={part}"
        yield f"{address}?title={part}"
    for words in WORDS:
        for more in ("", "&sort=date", "&sort=votes", "&page=2"):
            yield f"/search?q={words}{more}"
        yield f"/similar?title={words}"
        yield f"/similar?q={words}"


def answer_of(person: Visitor, address: str) -> bytes:
    """What comes back, whatever it is."""
    response = person.client.get(address)
    data: bytes = response.data + repr(sorted(response.headers)).encode()
    asked = unquote_plus(address)
    # What was asked may be said again, and nothing else.
    for words in (asked, *WORDS, f"{CANARY}-tag", CANARY):
        if words in asked:
            data = data.replace(words.encode(), b"").replace(quote(words).encode(), b"")
    return data


@pytest.mark.parametrize("handle", MEMBERS)
def test_nothing_of_it_is_found_by_anybody_else(
    app: Flask, thread: Thread, login_as: LoginAs, visitor: Visitor, handle: str
) -> None:
    person = login_as(handle) if handle else visitor
    asked = list(probes(app, thread))
    assert len(asked) >= 150, "with four people these are far more than two hundred"
    leaks = [address for address in asked if CANARY.encode() in answer_of(person, address)]
    assert leaks == []
    assert person.client.get(f"/threads/{thread.id}").status_code == 404


@pytest.mark.parametrize("handle", ["cleo", "jonas", "ann"])
def test_its_own_people_and_staff_read_and_find_it(app: Flask, thread: Thread, login_as: LoginAs, handle: str) -> None:
    person = login_as(handle)
    page = person.get(f"/threads/{thread.id}")
    assert "Only people of Acme" in page.text
    assert CANARY in person.get("/threads").text
    assert CANARY in person.get("/search", q="valve").text
    if handle != "jonas":
        assert CANARY in person.get("/organisation").text


@pytest.mark.parametrize("handle", ["bob", "priya", "vera"])
def test_nobody_else_acts_on_it(app: Flask, thread: Thread, login_as: LoginAs, handle: str) -> None:
    person, reply = login_as(handle), db.session.query(Post).filter_by(thread_id=thread.id, number=2).one()
    for address in (
        f"/threads/{thread.id}/replies", f"/threads/{thread.id}/have-too", f"/posts/{reply.id}/helpful",
        f"/threads/{thread.id}/promotion", f"/threads/{thread.id}/closing", f"/threads/{thread.id}/organisation",
        f"/posts/{reply.id}/hiding", f"/threads/{thread.id}/moving", f"/threads/{thread.id}/merging",
    ):  # fmt: skip
        assert person.post(address, {"body": "Let me in, please, I am curious"}, status=404)


def test_those_who_were_mentioned_or_follow_are_not_told(app: Flask, thread: Thread, login_as: LoginAs) -> None:
    for handle in ("bob", "priya", "vera"):
        assert CANARY not in login_as(handle).get("/notifications").text


def test_an_author_keeps_a_thread_within_and_nobody_brings_it_back(
    app: Flask, thread: Thread, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    ann = db.session.query(Member).filter_by(handle="ann").one()
    other = a_thread(
        thread.space, ann, title="A secret of the gallium valve", body="The gallium valve leaks, see here."
    )
    run_jobs()
    assert "gallium" in visitor.get(f"/threads/{other.id}").text
    login_as("bob").post(f"/threads/{other.id}/organisation", status=404)
    asker = login_as("ann")
    asker.get(f"/threads/{other.id}")
    asker.submit(f"/threads/{other.id}/organisation")
    assert "Only people of Acme" in asker.text
    run_jobs()
    visitor.get(f"/threads/{other.id}", status=404)
    for address in ("/", "/threads", "/search?q=gallium", "/feeds/threads.atom", "/spaces/pumps"):
        assert b"gallium valve" not in visitor.client.get(address).data
    assert "gallium" in login_as("cleo").get("/search", q="gallium").text
    asker.post(f"/threads/{other.id}/organisation", status=404)


def test_one_asks_for_the_own_organisation_only(app: Flask, thread: Thread, login_as: LoginAs) -> None:
    cleo = login_as("cleo")
    cleo.get("/ask")
    words = "It leaks oil on the floor every morning when we come."
    cleo.submit("#ask-form", title="The third valve leaks oil", body=words, space="pumps", for_organisation=True)
    made = db.session.query(Thread).order_by(Thread.id.desc()).first()
    assert made is not None
    assert made.organisation_id == thread.organisation_id
    vera = login_as("vera")
    vera.get("/ask")
    assert not vera.select("[name=for_organisation]")


def test_an_organisation_with_threads_of_its_own_is_not_deleted(app: Flask, thread: Thread, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    mia = login_as("mia")
    mia.post("/admin/organisations/acme/deletion")
    mia.follow()
    assert "nobody else reads it" in mia.text
    assert "Acme" in mia.get("/admin/organisations").text

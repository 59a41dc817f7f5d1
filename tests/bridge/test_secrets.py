"""What is private to the desk is planted everywhere, and searched for on every page that others can get."""

import itertools

from flask import Flask

from bridge.queries import operations, promotion, queries
from bridge.queries.models import Query
from bridge.queries.promotion import Choice
from community import public
from community.core.policies import Role
from community.forum.models import Thread
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.visit import Visitor

_numbers = itertools.count(1)


def _planted() -> str:
    return f"zqxsecret{next(_numbers)}zqx"


def _worked_on(thread: Thread, agent_id: int) -> tuple[Query, list[str]]:
    """A query with every private field filled, and what was put there."""
    query = a_query(thread)
    secrets = [_planted() for _number in range(4)]
    operations.note(query, f"Internal {secrets[0]}", by_id=agent_id)
    operations.classify(query, "service_request", by_id=agent_id, reason=secrets[1])
    operations.classify(query, "service_request", by_id=agent_id, reason=secrets[2])
    operations.reply(query, "Public words", by_id=agent_id)
    operations.resolve(query, "The answer", by_id=agent_id)
    operations.reopen(query, by_id=agent_id, reason=secrets[3])
    operations.assign(query, agent_id, by_id=agent_id)
    return query, secrets


def _pages_of(person: Visitor, thread: Thread, query: Query) -> str:
    """The source of everything one can get from here."""
    known = [f"/threads/{thread.id}", f"/queries/{query.reference}", "/", "/desk", f"/desk/queries/{query.id}"]
    known += [f"/threads/{thread.id}/promotion", "/desk/suggestions", "/search?q=zqxsecret", "/threads"]
    seen: set[str] = set()
    html = ""
    for path in known:
        page = person.client.get(path, headers=person.headers)
        html += page.get_data(as_text=True)
        for link in _links(page.get_data(as_text=True)):
            if link not in seen and len(seen) < 60:
                seen.add(link)
                html += person.client.get(link, headers=person.headers).get_data(as_text=True)
    return html


def _links(html: str) -> list[str]:
    parts = html.split('href="/')[1:]
    links = ["/" + part.split('"')[0].replace("&amp;", "&").split("#")[0] for part in parts]
    return [link for link in links if not link.startswith(("/assets", "/theme", "/language", "/files"))]


def test_nothing_internal_is_on_any_page_of_others(
    app: Flask, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    space = a_space()
    thread = a_thread(space=space, author=a_member(handle="ann"))
    agent = a_member(handle="jonas", role=Role.AGENT)
    a_member(handle="priya", super_user_in=[space])
    query, secrets = _worked_on(thread, agent.id)
    run_jobs()
    for person in (visitor, login_as("ann"), login_as("priya")):
        html = _pages_of(person, thread, query)
        assert "Public words" in html
        assert not [secret for secret in secrets if secret in html]
    desk = login_as("jonas")
    desk.get(f"/desk/queries/{query.id}")
    assert all(secret in desk.html for secret in secrets)


def test_a_restricted_query_is_on_no_page_of_others(
    app: Flask, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    space = a_space()
    thread = a_thread(space=space, author=a_member(handle="ann"), title="zqxtitle zqx", body="zqxbody")
    agent = a_member(handle="jonas", role=Role.AGENT)
    a_member(handle="priya", super_user_in=[space])
    query = a_query(thread, query_class="suspicious_activity", reason="zqxreason")
    operations.mark_major(query, major=True, by_id=agent.id)
    operations.reply(query, "zqxpublic", by_id=agent.id)
    run_jobs()
    for person in (visitor, login_as("priya")):
        assert "zqx" not in _pages_of(person, thread, query).replace("q=zqxsecret", "").replace(
            '"zqxsecret"', ""
        ).replace("zqxsecret", "")
    ann = login_as("ann")
    ann.get(f"/queries/{query.reference}")
    assert "zqxpublic" in ann.text


def test_becoming_suspicious_restricts_every_thread(app: Flask, visitor: Visitor) -> None:
    one, two = a_thread(), a_thread()
    query = a_query(one)
    agent = a_member(role=Role.AGENT)
    from bridge.queries import promotion
    from community import public

    snapshot = public.thread_snapshot(two.id)
    assert snapshot is not None
    promotion.join(query, snapshot, by_id=agent.id)
    visitor.get(f"/queries/{query.reference}")
    operations.classify(query, "suspicious_activity", by_id=agent.id)
    assert (one.restricted, two.restricted, query.restricted) == (True, True, True)
    visitor.get(f"/queries/{query.reference}", status=404)
    third = public.thread_snapshot(a_thread().id)
    assert third is not None
    promotion.join(query, third, by_id=agent.id)
    assert public.thread_snapshot(third.id).restricted  # type: ignore[union-attr]


def test_what_was_no_threat_is_shown_again_by_a_decision_of_its_own(
    app: Flask, visitor: Visitor, login_as: LoginAs
) -> None:
    thread = a_thread(title="The badge reader opens for everybody")
    query = a_query(thread, query_class="suspicious_activity")
    a_member("jonas", role=Role.AGENT)
    jonas = login_as("jonas")
    jonas.get(f"/desk/queries/{query.id}")
    assert not jonas.page.soup.select("#show-again")
    jonas.post(f"/desk/queries/{query.id}/showing", {"why_shown": "A reader under repair"}, status=422)
    jonas.get(f"/desk/queries/{query.id}")
    jonas.submit("#classify", query_class="incident")
    visitor.get(f"/threads/{thread.id}", status=404)
    jonas.submit("#show-again", status=422, why_shown=" ")
    assert "Say why: it stays on the record." in jonas.text
    choice = Choice("suspicious_activity", 2, 2, topic="log", title="The log was emptied")
    further = promotion.promote(public.thread_snapshot(thread.id), choice, by_id=a_member().id)  # type: ignore[arg-type]
    jonas.submit("#show-again", status=422, why_shown="A reader under repair")
    assert "stays restricted" in jonas.text
    visitor.get(f"/threads/{thread.id}", status=404)
    operations.classify(further, "incident", by_id=a_member(role=Role.AGENT).id)
    jonas.submit("#show-again", why_shown="A reader under repair")
    assert "Shown to the community again" in jonas.text
    visitor.get(f"/threads/{thread.id}")
    visitor.get(f"/queries/{query.reference}")
    visitor.get(f"/queries/{further.reference}")
    assert "A reader under repair" not in visitor.text


def test_the_title_of_an_unreadable_thread_is_not_shown(app: Flask, login_as: LoginAs) -> None:
    closed = a_thread(space=a_space(visibility="members"), title="zqxclosed title")
    mine = a_thread(author=a_member(handle="ann"), title="My own words")
    query = a_query(closed, reason="zqxreason")
    from bridge.queries import promotion
    from community import public

    snapshot = public.thread_snapshot(mine.id)
    assert snapshot is not None
    promotion.join(query, snapshot, by_id=None)
    ann = login_as("ann")
    ann.get(f"/queries/{query.reference}")
    assert "My own words" in ann.page.heading
    assert "zqx" not in ann.html
    ann.get(f"/threads/{mine.id}")
    assert "zqx" not in ann.html
    assert queries.by_id(query.id) is not None


def test_people_of_an_unreadable_thread_are_not_named(
    app: Flask, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    inner, jonas = a_space("inner", visibility="members"), a_member("jonas", role="agent", name="Jonas Weber")
    ann = a_member("ann", name="Ann Hidden", member_of=[inner])
    hidden, shown = a_thread(inner, ann), a_thread()
    query = a_query(shown, a_member("priya", name="Priya Rao"))
    snapshot = public.thread_snapshot(hidden.id)
    assert snapshot is not None
    promotion.join(query, snapshot, by_id=jonas.id)
    operations.ask(query, "Which one?", by_id=jonas.id)
    run_jobs()
    a_reply(hidden, ann, body="Mine")
    run_jobs()
    text = visitor.get(f"/queries/{query.reference}").text
    assert "The author answered" in text
    assert [name for name in ("Jonas Weber", "Priya Rao", "Ann Hidden") if name in text] == ["Jonas Weber", "Priya Rao"]
    assert "Ann Hidden" in login_as("jonas").get(f"/queries/{query.reference}").text


def test_a_merged_thread_brings_no_title_of_an_unreadable_one(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    inner, space = a_space("inner", visibility="members"), a_space()
    query = a_query(a_thread(inner, title="Takeover of Rivertown planned"))
    source, target = a_thread(space, title="Mail is slow"), a_thread(space, title="Mail crawls")
    snapshot = public.thread_snapshot(source.id)
    assert snapshot is not None
    promotion.join(query, snapshot, by_id=None)
    a_query(target)
    a_member("boss", role=Role.MANAGER)
    login_as("boss").post(f"/threads/{source.id}/merging", {"other": str(target.id), "reason": "the same"})
    run_jobs()
    page = visitor.get(f"/threads/{target.id}")
    assert query.reference in page.text
    assert "Takeover" not in page.html
    assert "Mail is slow" in page.text

"""What is private to a query: on no page, in no feed, letter, piece of news, hit or header of others."""

import pytest
from flask import Flask
from sqlalchemy import select

from bridge.queries import operations, promotion
from bridge.queries.models import Query, QueryStep
from community import public
from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.forum import operations as forum
from community.forum.models import Attachment, Thread
from community.notifications.models import Notification
from community.spaces.models import Space
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.security.visiting import every_address, known, narrowed, seen_by

# Where each planted word stands, and who reads it: the desk always does, unless nobody is shown it at all.
DESK_ONLY = ("note", "classreason", "reopenreason", "firstnote", "draftdecline", "service", "over")
NEVER_SHOWN = {"draftdecline", "service", "over"}
RESTRICTED = ("rtitle", "rbody", "rreason", "rreply", "ranswer", "rnote", "rwords", "rfile")
INNER = ("ititle", "ibody", "ireason", "itag")
AUTHOR_READS = {"ann": set(RESTRICTED) - {"rnote"}, "insider": set(INNER)}
ALIKE = "vpn drops whenever the lid of the laptop is closed"
WATCHERS = ("anonymous", "eve", "farmod", "ann", "insider", "priya")


def word(name: str) -> str:
    """The word that stands in one place only."""
    return f"zqx{name}zqx"


def space(slug: str) -> Space:
    """A space of the world."""
    return db.session.scalars(select(Space).where(Space.slug == slug)).one()


def people() -> dict[str, Member]:
    """A desk, authors, a super user of the space, one of another, and somebody who is mentioned everywhere."""
    home, far = a_space("home"), a_space("far")
    inner = a_space("inner", visibility="members")
    return {
        "jonas": a_member("jonas", role="agent"),
        "ann": a_member("ann"),
        "eve": a_member("eve"),
        "priya": a_member("priya", super_user_in=[home]),
        "farmod": a_member("farmod", super_user_in=[far]),
        "insider": a_member("insider", member_of=[inner]),
    }


def worked_on(home_thread: Thread, desk: int) -> Query:
    """An open query with words in all that only the desk reads."""
    query = a_query(home_thread, reason="Many people wait for vpn")
    operations.note(query, f"{word('note')} @eve vpn", by_id=desk)
    operations.classify(query, "service_request", by_id=desk, reason=f"{word('classreason')} @eve")
    operations.assign(query, desk, by_id=desk)
    operations.reply(query, "Public words about vpn", by_id=desk)
    operations.resolve(query, "A public answer about vpn", by_id=desk)
    operations.reopen(query, by_id=desk, reason=f"{word('reopenreason')} @eve")
    query.service = word("service")
    for link in query.links:
        link.handover = f"{link.handover} {word('over')}"
    return query


def restricted_one(author: Member, desk: int) -> None:
    """A query in work that only its author and the desk may know of."""
    thread = a_thread(
        space("home"),
        author,
        title=f"{word('rtitle')} {ALIKE}",
        body=f"{word('rbody')} vpn @eve",
        tags=["hushed"],
    )
    forum.have_too(thread, member_id=db.session.scalars(select(Member.id).where(Member.handle == "eve")).one())
    query = a_query(thread, author, query_class="suspicious_activity", reason=f"{word('rreason')} vpn")
    operations.mark_major(query, major=True, by_id=desk)
    operations.note(query, word("rnote"), by_id=desk)
    operations.reply(query, f"{word('rreply')} vpn @eve", by_id=desk)
    operations.ask(query, f"{word('ranswer')} vpn @eve", by_id=desk)
    post = a_reply(thread, author, f"{word('rwords')} vpn @eve")
    row = {"content_type": "text/plain", "kind": "text", "size": 1, "member_id": author.id}
    db.session.add(Attachment(key=f"{post.id:024d}.txt", post_id=post.id, name=f"{word('rfile')}.txt", **row))
    post.attachments = [{"key": f"{post.id:024d}.txt", "name": f"{word('rfile')}.txt", "kind": "text", "size": 1}]


def inner_one(author: Member, open_query: Query) -> None:
    """A thread of a members-only space that travels with an open query."""
    title, body = f"{word('ititle')} {ALIKE}", f"{word('ibody')} @eve"
    thread = a_thread(space("inner"), author, title=title, body=body, tags=[word("itag")])
    snapshot = public.thread_snapshot(thread.id)
    assert snapshot is not None
    promotion.join(open_query, snapshot, by_id=author.id, reason=word("ireason"))


@pytest.fixture
def planted(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> dict[str, Member]:
    """The people of a world full of words that only some may read."""
    who = people()
    desk, home = who["jonas"].id, space("home")
    shown = a_thread(home, who["ann"], title="vpn drops in view", tags=["hushed"])
    run_jobs()
    query = worked_on(shown, desk)
    inner_one(who["insider"], query)
    restricted_one(who["ann"], desk)
    answered = a_query()
    operations.resolve(answered, "Restart it", by_id=desk)
    a_thread(home, who["eve"], title=f"Here too the {ALIKE}")  # what is alike is offered on its promotion's page
    db.session.commit()
    jonas = login_as("jonas")
    # A form that could not be taken: what was typed is shown to the one who typed it, and kept nowhere.
    jonas.post(f"/desk/queries/{answered.id}/decline", {"text": word("draftdecline")}, status=422)
    assert word("draftdecline") in jonas.html
    note = {"note": f"{word('firstnote')} @eve"}
    jonas.post(f"/desk/queries/{query.id}/notes", note)
    run_jobs()
    return who


def may_read(handle: str) -> set[str]:
    """The planted words that a watcher may read."""
    return {word(name) for name in AUTHOR_READS.get(handle, set())}


@pytest.mark.parametrize("handle", WATCHERS)
def test_what_is_private_to_a_query_is_in_no_answer(
    app: Flask, planted: dict[str, Member], handle: str, login_as: LoginAs
) -> None:
    client = app.test_client() if handle == "anonymous" else login_as(handle).client
    addresses = [*every_address(app, known()), *narrowed(("vpn", "vpn drops", "eve", "public words"), ("hushed",))]
    names = {word(name) for name in (*DESK_ONLY, *RESTRICTED, *INNER)}
    seen = seen_by(client, addresses, names | {"Public words about vpn"})
    assert seen.pop("Public words about vpn"), "the query itself was not visited"
    assert {needle: where for needle, where in seen.items() if needle not in may_read(handle)} == {}
    if handle in AUTHOR_READS:
        assert set(seen) == may_read(handle)


def test_the_desk_reads_what_was_planted(app: Flask, planted: dict[str, Member], login_as: LoginAs) -> None:
    names = {*DESK_ONLY, *RESTRICTED, *INNER}
    seen = seen_by(login_as("jonas").client, every_address(app, known()), map(word, names))
    assert set(seen) == {word(name) for name in names - NEVER_SHOWN}


def test_nobody_is_told_of_what_is_private_to_a_query(app: Flask, planted: dict[str, Member]) -> None:
    names = [word(name) for name in (*DESK_ONLY, *RESTRICTED, *INNER)]
    wrong = []
    for handle in ("eve", "farmod", "priya"):
        member = planted[handle]
        news = db.session.scalars(select(Notification).where(Notification.member_id == member.id))
        letters = [str(row.args) for row in db.session.scalars(select(Delivery)) if row.args.get("to") == member.email]
        texts = [*letters, *(f"{row.title} {row.url}" for row in news)]
        wrong += [f"{handle} was told of {name}" for name in names for text in texts if name in text]
    assert not wrong


def test_facts_carry_no_words_of_the_desk(app: Flask, planted: dict[str, Member]) -> None:
    payloads = [str(row.payload) for row in db.session.scalars(select(EventRecord))]
    assert not [name for name in DESK_ONLY for payload in payloads if word(name) in payload]


def test_what_could_not_be_taken_is_kept_nowhere(app: Flask, planted: dict[str, Member]) -> None:
    steps = [row.text + row.html + row.to_value for row in db.session.scalars(select(QueryStep))]
    queries = [row.decline_reason + row.resolution_text for row in db.session.scalars(select(Query))]
    assert not [text for text in (*steps, *queries) if word("draftdecline") in text]

"""Where one has a problem too, votes against replies, their order, and thanks."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from community import public
from community.accounts.models import Member
from community.core.cache import cache
from community.core.db import db, utcnow
from community.forum import operations, standing
from community.forum.models import HelpfulVote, Post
from community.forum.reactions import affected, thanking, voting
from community.notifications.models import Notification
from gamification.models import LedgerEntry, Standing
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def a_regular(handle: str) -> Member:
    """Somebody whom gamification knows as a regular."""
    member = a_member(handle)
    db.session.add(Standing(member_id=member.id, points=200, level="regular"))
    return member


def told(handle: str, kind: str) -> list[str]:
    """Titles of what somebody was told."""
    mine = select(Member.id).where(Member.handle == handle).scalar_subquery()
    return list(
        db.session.scalars(
            select(Notification.title)
            .where(Notification.member_id == mine, Notification.kind == kind)
            .order_by(Notification.id)
        )
    )


# --- where one has it too ---


def test_having_it_too_offers_a_form_and_what_is_said_is_counted(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    for handle, version, site in (("ann", "Client 5.1.3", "Leipzig"), ("bob", "client 5.1.3", ""), ("eve", "", "Lyon")):
        a_member(handle)
        visitor = login_as(handle)
        visitor.get(f"/threads/{thread.id}")
        assert not visitor.select("form[action$='/details']")
        visitor.submit("#too")
        assert visitor.select("#having details[open]")
        visitor.submit("form[action$='/details']", version=f"  {version} ", site=site)
    lines = [line.get_text(" ", strip=True) for line in visitor.select(".named")]
    assert lines == ["Versions Client 5.1.3 2", "Sites Leipzig 1 Lyon 1"]
    assert not visitor.select("#having details[open]")
    found = public.affected_details([thread.id])
    assert (found.versions, found.sites) == ((("Client 5.1.3", 2),), (("Leipzig", 1), ("Lyon", 1)))
    assert thread.have_too_count == 3


def test_who_no_longer_has_it_no_longer_counts_anywhere(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    thread = a_thread()
    a_member("ann")
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    ann.submit("#too")
    ann.submit("form[action$='/details']", version="5.1", site="Leipzig")
    visitor.get(f"/threads/{thread.id}")
    assert "5.1" in visitor.select(".named")[0].get_text()
    ann.submit("#too")
    assert not ann.select(".named")
    visitor.get(f"/threads/{thread.id}")
    assert not visitor.select(".named")
    assert public.affected_details([thread.id]) == affected.NOTHING
    ann.post(f"/threads/{thread.id}/have-too/details", {"version": "5.1"}, status=404)


def test_what_is_too_long_is_refused_and_kept(app: Flask, login_as: LoginAs) -> None:
    thread, ann = a_thread(), a_member("ann")
    operations.have_too(thread, member_id=ann.id)
    data = {"version": "x" * 61, "site": "Lyon"}
    page = login_as("ann").post(f"/threads/{thread.id}/have-too/details", data, status=422)
    assert "x" * 61 in page.html
    assert public.affected_details([thread.id]) == affected.NOTHING


def test_several_threads_are_counted_together(app: Flask) -> None:
    first, second, ann = a_thread(), a_thread(), a_member()
    for thread in (first, second):
        operations.have_too(thread, member_id=ann.id)
        affected.describe(thread, member_id=ann.id, version="7", site="")
    assert public.affected_details([first.id, second.id]).versions == (("7", 2),)
    assert public.affected_details([]) == affected.NOTHING


def test_the_author_is_told_of_all_who_have_it_in_one_piece_of_news(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=a_member("author"), title="VPN drops")
    gone, back = a_member(), a_member()
    for member in (a_member(), back, gone):
        operations.have_too(thread, member_id=member.id)
    operations.no_longer_have_too(thread, member_id=gone.id)
    run_jobs()
    operations.no_longer_have_too(thread, member_id=back.id)
    operations.have_too(thread, member_id=back.id)
    run_jobs()
    assert told("author", "too") == ["VPN drops"] * 2
    assert "2 people have your problem too" in login_as("author").get("/notifications").text


# --- not helpful ---


def test_a_regular_says_that_a_reply_does_not_help_and_switches(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread()
    post = a_reply(thread)
    a_regular("ann")
    ann = login_as("ann")
    verbs = {"helpful": f"/posts/{post.id}/helpful", "not helpful": f"/posts/{post.id}/not-helpful"}
    for verb, sums in (
        ("not helpful", (0, 1)), ("helpful", (1, 0)), ("not helpful", (0, 1)), ("not helpful", (0, 0)),
        ("helpful", (1, 0)), ("helpful", (0, 0)),
    ):  # fmt: skip
        ann.get(f"/threads/{thread.id}")
        ann.submit(verbs[verb])
        assert (post.helpful_count, post.not_helpful_count) == sums
        assert len(db.session.scalars(select(HelpfulVote)).all()) == sum(sums)
        pressed = {name: ann.select(f"form[action='{path}'] button")[0]["aria-pressed"] for name, path in verbs.items()}
        assert pressed == {"helpful": str(bool(sums[0])).lower(), "not helpful": str(bool(sums[1])).lower()}


@pytest.mark.parametrize("what", ["newcomer", "own", "opening", "discussion"])
def test_who_may_not_weigh_a_reply_is_not_offered_it(app: Flask, login_as: LoginAs, what: str) -> None:
    ann = a_member("ann") if what == "newcomer" else a_regular("ann")
    thread = a_thread(kind="discussion" if what == "discussion" else "question")
    reply = a_reply(thread, ann if what == "own" else None)
    post = db.session.scalars(select(Post).where(Post.number == 1)).one() if what == "opening" else reply
    visitor = login_as("ann")
    visitor.get(f"/threads/{thread.id}")
    assert not visitor.select(f"form[action='/posts/{post.id}/not-helpful']")
    visitor.post(f"/posts/{post.id}/not-helpful", {"to": "on"}, status=404)
    assert post.not_helpful_count == 0


def test_standing_without_gamification_takes_weeks_and_posts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, thread = a_member("ann"), a_thread()
    for _ in range(standing.POSTS):
        post = a_reply(thread, ann)
    db.session.flush()
    assert not standing.by_weeks_and_posts(ann.id)
    ann.joined_at = utcnow() - timedelta(days=standing.DAYS + 1)
    db.session.flush()
    assert standing.by_weeks_and_posts(ann.id)
    operations.hide_post(post, by_id=ann.id, reason="x")
    db.session.flush()
    assert not standing.by_weeks_and_posts(ann.id)


def test_the_community_serves_without_the_packages_above(app: Flask, login_as: LoginAs) -> None:
    known = app.extensions.pop("isthmus.standing")
    try:
        thread, ann = a_thread(), a_member("ann")
        post = a_reply(thread)
        visitor = login_as("ann")
        visitor.post(f"/posts/{post.id}/not-helpful", status=404)
        for _ in range(standing.POSTS):
            a_reply(thread, ann)
        ann.joined_at = utcnow() - timedelta(days=100)
        cache().clear()
        visitor.post(f"/posts/{post.id}/not-helpful")
        assert post.not_helpful_count == 1
    finally:
        app.extensions["isthmus.standing"] = known


def test_the_ledger_takes_back_what_a_vote_gave_and_gives_nothing_for_one_against(
    app: Flask, run_jobs: RunJobs
) -> None:
    post, ann = a_reply(a_thread(), helper := a_member()), a_member()
    sums = []
    for verb in (voting.mark_helpful, voting.mark_not_helpful, voting.mark_helpful, voting.unmark_helpful):
        assert verb(post, member_id=ann.id)
        run_jobs()
        sums.append(sum(db.session.scalars(select(LedgerEntry.points).where(LedgerEntry.member_id == helper.id))))
    assert sums == [5, 0, 5, 0]


# --- the most helpful first ---


def test_replies_with_the_most_helpful_first_are_each_on_one_page(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    replies = [a_reply(thread, body=f"Reply number {number}") for number in range(25)]
    voters = [a_member() for _ in range(3)]
    for voter in voters:
        voting.mark_helpful(replies[22], member_id=voter.id)
    voting.mark_helpful(replies[10], member_id=voters[0].id)
    voting.mark_not_helpful(replies[0], member_id=voters[0].id)
    operations.accept(thread, replies[24], by_id=thread.author_id)
    seen = []
    for page in (1, 2):
        visitor.get(f"/threads/{thread.id}", order="helpful", page=page)
        seen += [int(str(row["id"]).removeprefix("post-")) for row in visitor.select("article.post--reply")]
    expected = [22, 10, *(n for n in range(1, 25) if n not in (10, 22)), 0]
    assert seen == [replies[n].id for n in expected]
    visitor.get(f"/threads/{thread.id}")
    assert visitor.select("article.post--reply")[0]["id"] == f"post-{replies[0].id}"
    assert [link.get_text() for link in visitor.select(".orders [aria-current]")] == ["As written"]


# --- thanks ---


def test_thanks_with_and_without_a_line(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    thread = a_thread()
    post = a_reply(thread)
    for handle, line in (("ann", "It  saved my day"), ("bob", "")):
        a_member(handle)
        person = login_as(handle)
        person.get(f"/threads/{thread.id}")
        person.submit(f"/posts/{post.id}/thanks")
        if line:
            person.submit(f"/posts/{post.id}/thanks", line=line)
    visitor.get(f"/threads/{thread.id}")
    assert visitor.select(".thanked summary")[0].get_text() == "2 people thanked"
    assert [row.get_text() for row in visitor.select(".thanked li")] == ["Ann It saved my day"]
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    ann.submit(f"/posts/{post.id}/thanks/withdrawal")
    assert post.thanks_count == 1
    page = visitor.get(f"/threads/{thread.id}")
    assert "1 person thanked" in page.text
    assert "saved my day" not in page.text


def test_nobody_thanks_themselves_and_no_line_is_too_long(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    own, other = a_reply(thread := a_thread(), ann), a_reply(thread)
    visitor = login_as("ann")
    visitor.post(f"/posts/{own.id}/thanks", status=404)
    assert "y" * 141 in visitor.post(f"/posts/{other.id}/thanks", {"line": "y" * 141}, status=422).html
    assert (own.thanks_count, other.thanks_count) == (0, 0)


def test_a_page_costs_the_same_however_many_thanked(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    thread, costs = a_thread(a_space()), []
    posts = [a_reply(thread) for _ in range(5)]
    a_member("ann")
    ann = login_as("ann")
    for number in (1, 5):
        for post in posts[:number]:
            thanking.thank(post, member_id=a_member().id, line="Thank you")
            operations.have_too(thread, member_id=(other := a_member()).id)
            affected.describe(thread, member_id=other.id, version=f"v{other.id}", site="Lyon")
        path = f"/threads/{thread.id}"
        ann.client.get(path)
        with count_statements() as sql:
            ann.client.get(path)
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 10

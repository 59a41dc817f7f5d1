"""Pinning, moving, splitting, merging, and duplicates: what is where afterwards, and who is told and counted."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db, utcnow
from community.forum import operations
from community.forum.arranging import operations as arranging
from community.forum.arranging import posts as arranging_posts
from community.forum.models import HaveToo, Post, Thread
from community.forum.reading.models import ReadMark
from community.importing.models import ImportMap
from community.notifications.models import Notification
from community.spaces.models import Space
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

WHY = "It belongs there"


def exact(*threads: Thread) -> None:
    """Counters of threads and of their spaces are what the rows say, and posts are numbered without a gap."""
    db.session.expire_all()
    for thread in threads:
        numbers = list(db.session.scalars(select(Post.number).where(Post.thread_id == thread.id).order_by(Post.number)))
        having = db.session.scalar(select(func.count()).select_from(HaveToo).where(HaveToo.thread_id == thread.id))
        assert numbers == list(range(1, len(numbers) + 1))
        assert (thread.reply_count, thread.have_too_count) == (max(len(numbers) - 1, 0), having)
    for space in db.session.scalars(select(Space)):
        there = (Thread.space_id == space.id, Thread.merged_into_id.is_(None))
        assert space.thread_count == db.session.scalar(select(func.count()).select_from(Thread).where(*there))


def told(handle_id: int, kind: str) -> list[str]:
    """Addresses that a member was told of."""
    wanted = (Notification.member_id == handle_id, Notification.kind == kind)
    return list(db.session.scalars(select(Notification.url).where(*wanted)))


def found(visitor: Visitor, words: str) -> list[str]:
    """Addresses of what search finds."""
    visitor.get("/search", q=words)
    return [str(link["href"]) for link in visitor.select(".results a, .row__title a")]


@pytest.fixture
def space(app: Flask) -> Space:
    return a_space("home")


@pytest.fixture
def mod(space: Space, login_as: LoginAs) -> Visitor:
    """A super user of the space."""
    a_member("mod", super_user_in=[space])
    return login_as("mod")


def arrange(mod: Visitor, path: str, **fields: Any) -> None:
    """Fill the page of a verb."""
    mod.get(path)
    mod.submit("#arrange-form", **{"reason": WHY, **fields})


def test_a_pinned_thread_comes_first_until_its_day_is_over(space: Space, mod: Visitor) -> None:
    first, second = a_thread(space, title="The older one"), a_thread(space, title="The newer one")

    def listed() -> list[str]:
        mod.get("/spaces/home")
        return [row.get_text(strip=True) for row in mod.select(".row__title")]

    assert listed() == ["The newer one", "The older one"]
    arrange(mod, f"/threads/{first.id}/pinning", until=(utcnow() + timedelta(days=2)).date().isoformat())
    assert listed()[0].startswith("The older one")
    first.pinned_until = utcnow() - timedelta(minutes=1)
    db.session.commit()
    arranging.unpin_what_is_over()
    db.session.commit()
    assert not first.pinned
    assert listed() == ["The newer one", "The older one"]
    arrange(mod, f"/threads/{second.id}/pinning")
    mod.submit(f"/threads/{second.id}/unpinning")
    mod.get(f"/threads/{second.id}/record")
    assert [head.get_text() for head in mod.select(".case h2")] == ["No longer pinned", "Pinned"]
    assert WHY in mod.text


def test_pinning_until_yesterday_is_refused(space: Space, mod: Visitor) -> None:
    thread = a_thread(space)
    mod.get(f"/threads/{thread.id}/pinning")
    mod.submit("#arrange-form", reason=WHY, until="2020-01-01", status=422)
    assert "This day is over" in mod.text
    assert not thread.pinned


def test_a_moved_thread_is_for_the_readers_of_its_new_space(
    space: Space, mod: Visitor, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    inner = a_space("inner", visibility="members")
    author, sue = a_member("ann", member_of=[inner]), a_member("sue", super_user_in=[space, inner])
    thread = a_thread(space, author, title="Quince marmalade", tags=["jam"])
    reply = a_reply(thread, body="Zucchini instead")
    run_jobs()
    visitor.get(f"/threads/{thread.id}")
    assert found(visitor, "quince")
    mover = login_as("sue")
    arrange(mover, f"/threads/{thread.id}/moving", space="inner")
    assert thread.space_id == inner.id
    assert thread.tags == ["jam"]
    run_jobs()
    exact(thread)
    visitor.get(f"/threads/{thread.id}", status=404)
    visitor.get(f"/posts/{reply.id}", status=404)
    mod.get(f"/threads/{thread.id}", status=404)
    assert not found(visitor, "quince")
    assert not found(visitor, "zucchini")
    assert found(mover, "zucchini")
    assert told(author.id, "arranged") == [f"/threads/{thread.id}"]
    assert not told(sue.id, "arranged")
    arrange(mover, f"/threads/{thread.id}/moving", space="home")
    visitor.get(f"/threads/{thread.id}")
    exact(thread)


def test_nobody_loses_their_thread_by_a_move(space: Space, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    a_member("sue", super_user_in=[space, inner])
    thread = a_thread(space, a_member("ann"))
    sue = login_as("sue")
    sue.get(f"/threads/{thread.id}/moving")
    sue.submit("#arrange-form", reason=WHY, space="inner", status=422)
    assert "cannot read that space" in sue.text
    assert thread.space_id == space.id
    sue.submit("#arrange-form", reason="", space="inner", status=422)
    assert sue.select("#reason-error")


def test_replies_split_off_are_a_thread_of_their_own(
    space: Space, mod: Visitor, visitor: Visitor, run_jobs: RunJobs
) -> None:
    thread = a_thread(space, title="The one about quinces", tags=["jam"])
    bob = a_member("bob")
    posts = [a_reply(thread, bob, f"Reply {n} pomegranate") for n in range(25)]
    operations.accept(thread, posts[24], by_id=thread.author_id)
    run_jobs()
    visitor.get(f"/threads/{thread.id}")
    chosen = [posts[3].id, posts[21].id]
    mark = ReadMark(member_id=bob.id, thread_id=thread.id, post_number=26)
    db.session.add(mark)
    mod.get(f"/threads/{thread.id}/splitting")
    offered = {str(box["value"]) for box in mod.select("input[name=posts]")}
    assert str(posts[24].id) not in offered
    mod.post(
        f"/threads/{thread.id}/splitting",
        {"posts": [str(id_) for id_ in chosen], "title": "About pomegranates", "reason": WHY},
        follow=True,
    )
    new = db.session.scalars(select(Thread).order_by(Thread.id.desc()).limit(1)).one()
    assert mod.page.heading == "About pomegranates"
    assert mod.page.path == f"/threads/{new.id}"
    assert [post.id for post in new.posts] == chosen
    assert mark.post_number == 24
    assert (new.author_id, new.tags, new.space_id, new.state) == (bob.id, ["jam"], space.id, "answered")
    run_jobs()
    exact(thread, new)
    for one, other in ((thread, new), (new, thread)):
        visitor.get(f"/threads/{one.id}")
        assert f"/threads/{other.id}" in visitor.links()
    for post in posts:
        visitor.get(f"/posts/{post.id}", status=302)
        visitor.follow()
        assert visitor.page.path == f"/threads/{new.id if post.id in chosen else thread.id}"
        assert visitor.select(f"#post-{post.id}")
    a_reply(thread, bob, "One more")
    exact(thread)
    assert told(bob.id, "arranged") == [f"/threads/{new.id}"]
    assert f"/threads/{new.id}" in found(visitor, "About pomegranates")


def test_what_cannot_be_split_off(space: Space, mod: Visitor) -> None:
    thread, other = a_thread(space), a_thread(space)
    hidden, foreign, fine = a_reply(thread), a_reply(other), a_reply(thread)
    operations.hide_post(hidden, by_id=thread.author_id, reason="x")
    fields = {"title": "New title", "reason": WHY}
    for ids in ([hidden.id], [foreign.id], [thread.posts[0].id], [fine.id, foreign.id], []):
        mod.post(f"/threads/{thread.id}/splitting", {**fields, "posts": [str(id_) for id_ in ids]}, status=422)
    assert db.session.scalar(select(func.count(Thread.id))) == 2
    exact(thread, other)


def test_two_threads_become_one(
    space: Space, mod: Visitor, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    ann, bob, eve = a_member("ann"), a_member("bob"), a_member("eve")
    source = a_thread(space, ann, title="Printer is dead", body="Mine smokes")
    target = a_thread(space, bob, title="Printer is gone", body="It vanished")
    first, second, third = a_reply(target, eve, "One"), a_reply(source, eve, "Two"), a_reply(target, ann, "Three")
    operations.mark_helpful(second, member_id=bob.id)
    operations.accept(source, second, by_id=ann.id)
    for thread, members in ((source, (eve, bob)), (target, (eve, a_member("zoe")))):
        for member in members:
            operations.have_too(thread, member_id=member.id)
    opening = source.posts[0].id
    run_jobs()
    visitor.get(f"/threads/{source.id}")
    arrange(mod, f"/threads/{source.id}/merging", other=f"http://localhost/threads/{target.id}#replies")
    assert mod.page.path == f"/threads/{target.id}"
    run_jobs()
    exact(source, target)
    assert [post.id for post in target.posts][1:] == [opening, first.id, second.id, third.id]
    having = set(db.session.scalars(select(HaveToo.member_id).where(HaveToo.thread_id == target.id)))
    assert having >= {eve.id, ann.id}
    assert bob.id not in having
    assert (target.solution_id, target.state, second.helpful_count) == (second.id, "solved", 1)
    for path in (f"/threads/{source.id}", f"/threads/{source.id}?page=2"):
        visitor.get(path, status=301)
        assert visitor.location.endswith(f"/threads/{target.id}")
    login_as("ann").get(f"/threads/{source.id}", status=301)
    visitor.get(f"/posts/{opening}", status=302)
    visitor.follow()
    assert visitor.select(f"#post-{opening}")
    assert f"/threads/{source.id}" not in found(visitor, "printer dead")
    assert "Printer is dead" not in visitor.client.get("/threads").get_data(as_text=True)
    assert told(ann.id, "arranged") == [f"/threads/{target.id}"]
    mod.get(f"/threads/{target.id}/record")
    assert "Merged" in mod.text


def test_old_addresses_lead_on_through_several_merges(space: Space, mod: Visitor, visitor: Visitor) -> None:
    one, two, three = (a_thread(space) for _ in range(3))
    arrange(mod, f"/threads/{one.id}/merging", other=str(two.id))
    arrange(mod, f"/threads/{two.id}/merging", other=str(three.id))
    for old in (one, two):
        visitor.get(f"/threads/{old.id}", status=301)
        assert visitor.location.endswith(f"/threads/{three.id}")
    three.hidden_at = utcnow()
    db.session.commit()
    visitor.get(f"/threads/{one.id}", status=404)


def test_a_reply_sent_to_a_merged_thread_arrives(space: Space, mod: Visitor, login_as: LoginAs) -> None:
    one, two = a_thread(space), a_thread(space)
    a_member("bob")
    bob = login_as("bob")
    bob.get(f"/threads/{one.id}")
    arrange(mod, f"/threads/{one.id}/merging", other=str(two.id))
    bob.submit("#reply-form", body="Written meanwhile")
    assert bob.page.path == f"/threads/{two.id}"
    assert "Written meanwhile" in bob.text
    exact(one, two)


def test_what_cannot_be_merged(space: Space, mod: Visitor) -> None:
    thread, hidden, far = a_thread(space), a_thread(space), a_thread(a_space("far"))
    operations.hide_post(hidden.posts[0], by_id=thread.author_id, reason="x")
    restricted = a_thread(space)
    operations.restrict(restricted, by_id=None)
    for other in (thread.id, hidden.id, far.id, restricted.id, 0, 999_999, "words"):
        mod.get(f"/threads/{thread.id}/merging")
        mod.submit("#arrange-form", reason=WHY, other=str(other), status=422)
    assert thread.merged_into_id is None
    exact(thread, hidden, far)


def test_a_duplicate_brings_its_people_along_and_may_be_undone(
    space: Space, mod: Visitor, login_as: LoginAs, visitor: Visitor, run_jobs: RunJobs
) -> None:
    ann, bob, eve = a_member("ann"), a_member("bob"), a_member("eve")
    thread, other = a_thread(space, ann, title="Again the same"), a_thread(space, title="The first one")
    for member, of in ((bob, thread), (eve, thread), (eve, other)):
        operations.have_too(of, member_id=member.id)
    run_jobs()
    arrange(mod, f"/threads/{thread.id}/duplicate", other=str(other.id))
    run_jobs()
    exact(thread, other)
    assert (other.have_too_count, thread.state) == (3, "closed")
    for one, another in ((thread, other), (other, thread)):
        visitor.get(f"/threads/{one.id}")
        assert another.title in visitor.select("main")[0].get_text()
    assert told(ann.id, "duplicate") == told(bob.id, "duplicate") == [f"/threads/{other.id}"]
    assert not told(eve.id, "duplicate")
    mod.get(f"/threads/{thread.id}")
    mod.submit(f"/threads/{thread.id}/duplicate/withdrawal")
    exact(thread, other)
    assert (other.have_too_count, thread.have_too_count, thread.state) == (1, 2, "open")
    assert (thread.linked, other.linked) == (False, False)
    visitor.get(f"/threads/{other.id}")
    assert thread.title not in visitor.select("main")[0].get_text()


def test_duplicates_of_duplicates_are_refused(space: Space, mod: Visitor) -> None:
    one, two, three = (a_thread(space) for _ in range(3))
    arrange(mod, f"/threads/{one.id}/duplicate", other=str(two.id))
    for thread, other in ((two, one), (three, one), (one, three), (three, three)):
        mod.get(f"/threads/{thread.id}/duplicate")
        mod.submit("#arrange-form", reason=WHY, other=str(other.id), status=422)
    arrange(mod, f"/threads/{two.id}/merging", other=str(one.id))
    exact(one, two)
    assert (one.state, one.linked) == ("answered", False)


def test_a_link_to_what_one_may_not_read_is_not_shown(space: Space, visitor: Visitor) -> None:
    mod = a_member(super_user_in=[space])
    thread, secret = a_thread(space), a_thread(space, title="Secret title")
    arranging.mark_duplicate(thread, secret, by_id=mod.id, reason=WHY)
    operations.restrict(secret, by_id=None)
    visitor.get(f"/threads/{thread.id}")
    assert "Secret title" not in visitor.html


@pytest.mark.parametrize("way", ["hidden", "restricted", "moved", "renamed"])
def test_a_kept_page_forgets_a_title_that_is_not_for_all_any_more(space: Space, visitor: Visitor, way: str) -> None:
    mod = a_member(super_user_in=[space])
    thread, original = a_thread(space), a_thread(space, title="A title for a while")
    arranging.mark_duplicate(thread, original, by_id=mod.id, reason=WHY)
    visitor.get(f"/threads/{thread.id}")
    visitor.get(f"/threads/{thread.id}")
    assert "A title for a while" in visitor.html
    opening = original.posts[0]
    if way == "hidden":
        operations.hide_post(opening, by_id=mod.id, reason="x")
    elif way == "restricted":
        operations.restrict(original, by_id=None)
    elif way == "moved":
        arranging.move(original, a_space(visibility="members"), by_id=mod.id, reason=WHY)
    else:
        operations.edit_post(opening, editor_id=mod.id, body=opening.body, title="Another title")
    visitor.get(f"/threads/{thread.id}")
    assert "A title for a while" not in visitor.html


def test_addresses_of_an_imported_forum_lead_on(space: Space, mod: Visitor, visitor: Visitor) -> None:
    one, two = a_thread(space), a_thread(space)
    opening = one.posts[0].id
    db.session.add(ImportMap(source="old", kind="post", old_id="7", new_id=opening, old_url="/questions/7"))
    arrange(mod, f"/threads/{one.id}/merging", other=str(two.id))
    visitor.get("/questions/7/a-title", status=301)
    visitor.follow()
    assert visitor.page.path == f"/threads/{two.id}"
    assert visitor.select(f"#post-{opening}")


def test_members_see_nothing_of_the_menu(space: Space, mod: Visitor, login_as: LoginAs) -> None:
    thread = a_thread(space, a_member("ann"))
    a_reply(thread)
    mod.get(f"/threads/{thread.id}")
    assert f"/threads/{thread.id}/merging" in mod.links()
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert not [link for link in ann.links() if "merging" in link or "pinning" in link]
    for verb in ("pinning", "moving", "splitting", "merging", "duplicate", "record", "closing"):
        ann.get(f"/threads/{thread.id}/{verb}", status=404)


def test_merging_keeps_numbers_dense_with_hidden_replies(space: Space) -> None:
    mod = a_member(super_user_in=[space])
    one, two = a_thread(space), a_thread(space)
    operations.hide_post(a_reply(one), by_id=mod.id, reason="x")
    a_reply(two)
    arranging_posts.merge(one, two, by_id=mod.id, reason=WHY)
    exact(one, two)

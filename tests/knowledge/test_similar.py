"""Articles that are like a thread stand beside it, and kept pages never show what is gone."""

from flask import Flask

from community.forum import operations as forum
from community.forum.arranging.operations import move
from community.spaces.operations import SpaceDetails, change_space
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor

TITLE = "Turn the kaleidoscope without a jam"


def similar(visitor: Visitor, thread_id: int) -> list[str]:
    """What stands beside a thread as similar."""
    visitor.get(f"/threads/{thread_id}")
    return visitor.links("#similar-articles a")


def test_an_article_stands_beside_threads_that_are_like_it(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    before = a_thread(title="The kaleidoscope has a jam again")
    other = a_thread(title="Payroll export is empty")
    run_jobs()
    assert similar(visitor, before.id) == []
    article = an_article(title=TITLE, published=True)
    run_jobs()
    after = a_thread(title="A jam in my kaleidoscope")
    run_jobs()
    address = [f"/articles/{article.id}"]
    assert [similar(visitor, each.id) for each in (before, after, other)] == [address, address, []]
    a_member("max", role="agent")
    max_in = login_as("max")
    max_in.post(f"/articles/{article.id}/archiving")
    assert [similar(visitor, each.id) for each in (before, after)] == [[], []]
    run_jobs()
    max_in.get(f"/articles/{article.id}/edit")
    max_in.submit("#article-form", resolution="Newer")
    run_jobs()
    assert similar(visitor, before.id) == address


def test_what_is_linked_is_not_similar_too(app: Flask, visitor: Visitor, run_jobs: RunJobs) -> None:
    thread = a_thread(title="The kaleidoscope has a jam again")
    article = an_article(title=TITLE, thread=thread, published=True)
    run_jobs()
    assert similar(visitor, thread.id) == []
    assert visitor.links("#linked-articles a") == [f"/articles/{article.id}"]


def test_only_who_may_read_an_article_sees_it(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    inner, home = a_space("inner", visibility="members"), a_space("home")
    a_member("ann", member_of=[inner])
    mia = a_member("mia", role="manager")
    secret = an_article(title=TITLE, space=inner, published=True)
    run_jobs()
    within = a_thread(inner, title="The kaleidoscope has a jam again")
    outside = a_thread(home, title="The kaleidoscope has a jam again")
    run_jobs()
    ann = login_as("ann")
    assert similar(ann, within.id) == [f"/articles/{secret.id}"]
    assert similar(ann, outside.id) == similar(visitor, outside.id) == []
    move(within, home, by_id=mia.id, reason="x")
    assert similar(visitor, within.id) == []


def test_related_threads_vanish_from_kept_pages_at_once(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    home, far = a_space("home"), a_space("far")
    other = a_thread(far, title="The kaleidoscope has a jam")
    run_jobs()
    thread = a_thread(home, title="A jam in my kaleidoscope")
    run_jobs()
    path, link = f"/threads/{thread.id}", f"/threads/{other.id}"
    visitor.get(path)
    assert link in visitor.links(".aside a")
    forum.hide_post(other.posts[0], by_id=other.author_id, reason="x")
    visitor.get(path)
    assert link not in visitor.links(".aside a")
    forum.restore_post(other.posts[0], by_id=other.author_id)
    visitor.get(path)
    assert link in visitor.links(".aside a")
    details = SpaceDetails(slug=far.slug, name=far.name, visibility="members")
    change_space(far, details, by_id=None)
    run_jobs()
    visitor.get(path)
    assert link not in visitor.links(".aside a")


def test_they_cost_no_statement(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs, count_statements: CountStatements
) -> None:
    for number in range(4):
        an_article(title=f"{TITLE} {number}", published=True)
    run_jobs()
    thread = a_thread(title=TITLE)
    run_jobs()
    a_member("ann")
    ann = login_as("ann")
    assert len(similar(ann, thread.id)) == 3
    path = f"/threads/{thread.id}"
    with count_statements() as sql:
        ann.client.get(path)
    assert len(sql) <= 8

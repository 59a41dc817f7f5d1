"""The list of what one follows, and lists without what one muted: as the table of the rules says."""

from itertools import product

from flask import Flask

from community.core.db import db
from community.following import operations as following
from community.following.models import Level
from community.following.rules import Levels, effective
from community.forum import operations as forum
from community.forum.models import Thread, ThreadTag
from tests.conftest import CountStatements, LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

ANY = (None, *Level)


def listed(visitor: Visitor, path: str) -> set[str]:
    """Titles on all pages of a list."""
    titles: set[str] = set()
    number = 0
    while True:
        number += 1
        page = visitor.get(path, page=number)
        titles |= {link.get_text() for link in page.soup.select(".row__title a")}
        if not page.soup.select(".pager a[rel=next]"):
            return titles


def test_lists_agree_with_the_table_for_every_combination(app: Flask, login_as: LoginAs) -> None:
    ann, author = a_member("ann"), a_member()
    spaces = {level: a_space(f"space-{level}") for level in ANY}
    for level, space in spaces.items():
        if level is not None:
            following.choose(ann.id, following.space(space.id), level)
            following.choose(ann.id, following.tag(f"tag-{level}"), level)
    outcomes = {}
    for own, tag, level in product(ANY, ANY, ANY):
        title = f"Thread {own} {tag} {level}"
        row = {"space_id": spaces[level].id, "author_id": author.id, "kind": "discussion"}
        thread = Thread(title=title, tags=[f"tag-{tag}"], **row)
        db.session.add(thread)
        db.session.flush()
        db.session.add(ThreadTag(thread_id=thread.id, tag=f"tag-{tag}"))
        if own is not None:
            following.choose(ann.id, following.thread(thread.id), own)
        outcomes[title] = effective(Levels(own, (), [tag] if tag is not None else [], level))
    visitor = login_as("ann")
    assert listed(visitor, "/following/threads") == {t for t, level in outcomes.items() if level >= Level.TRACKING}
    assert listed(visitor, "/threads") == {t for t, level in outcomes.items() if level is not Level.MUTED}


def test_what_one_takes_part_in_is_followed_and_never_left_out(app: Flask, login_as: LoginAs) -> None:
    space, ann = a_space("busy"), a_member("ann")
    for number, take_part in enumerate((lambda _t: None, lambda t: a_reply(t, ann), _have_too(ann.id))):
        take_part(a_thread(space, ann if number == 0 else None, title=f"Thread number {number}"))
    a_thread(space, title="Somebody else's")
    following.choose(ann.id, following.space(space.id), Level.MUTED)
    visitor = login_as("ann")
    expected = {"Thread number 0", "Thread number 1", "Thread number 2"}
    assert listed(visitor, "/following/threads") == listed(visitor, "/threads") == expected
    assert "Somebody else's" in listed(visitor, "/spaces/busy"), "who goes there sees it"
    following.prefer(ann.id, when_asking=Level.NORMAL, when_joining=Level.NORMAL)
    assert listed(visitor, "/following/threads") == listed(visitor, "/threads") == set()
    assert "Thread number 0" in listed(visitor, "/mine")


def _have_too(member_id: int):  # noqa: ANN202 - a lambda with a name
    return lambda thread: forum.have_too(thread, member_id=member_id)


def test_others_see_what_somebody_muted(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    space, ann = a_space("busy"), a_member("ann")
    a_thread(space, title="Seen by others")
    following.choose(ann.id, following.space(space.id), Level.MUTED)
    a_member("eve")
    assert listed(login_as("ann"), "/threads") == set()
    assert listed(login_as("eve"), "/threads") == listed(visitor, "/threads") == {"Seen by others"}


def test_the_list_costs_the_same_however_much_one_follows(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    ann = a_member("ann")
    visitor, costs = login_as("ann"), []
    for turn in range(2):
        for number in range(5):
            a_thread(title=f"Thread {turn} {number}", tags=[f"tag-{number}"])
            following.choose(ann.id, following.tag(f"tag-{number}"), Level.TRACKING)
        visitor.get("/following/threads")
        with count_statements() as sql:
            visitor.get("/following/threads")
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 7


def test_home_leaves_out_what_is_muted(app: Flask, login_as: LoginAs) -> None:
    ann, loud = a_member("ann"), a_space("loud")
    a_thread(loud, title="From a muted space")
    a_thread(title="With a muted tag", tags=["noise"])
    muted = a_thread(title="A muted thread", kind="idea")
    own = a_thread(loud, ann, title="Of mine, and answered")
    a_reply(own)
    a_thread(title="For everybody")
    visitor = login_as("ann")
    words = ("From a muted space", "With a muted tag", "A muted thread", "Of mine, and answered", "For everybody")
    visitor.get("/")
    assert all(each in visitor.text for each in words)
    for path in ("/spaces/loud", "/tags/noise", f"/threads/{muted.id}"):
        visitor.post(f"{path}/following", {"level": "0"})
    visitor.get("/help")  # takes the messages that name them
    visitor.get("/")
    assert [each in visitor.text for each in words] == [False, False, False, True, True]

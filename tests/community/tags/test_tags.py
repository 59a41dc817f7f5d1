"""Tags: pages, index, wiki text, synonyms and merging, and who may give which."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db, transaction
from community.following import operations as following
from community.following.models import Following, Level
from community.forum import operations as forum
from community.forum.models import Thread, ThreadTag
from community.forum.tagging import operations as tagging
from community.forum.tagging.models import Tag, TagRevision
from community.spaces.models import Space
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor


def consistent() -> bool:
    """Whether each thread's own list is what the rows say."""
    rows: dict[int, list[str]] = {}
    for thread_id, tag in db.session.execute(select(ThreadTag.thread_id, ThreadTag.tag)):
        rows.setdefault(thread_id, []).append(tag)
    db.session.expire_all()
    return all(thread.tags == sorted(rows.get(thread.id, [])) for thread in db.session.scalars(select(Thread)))


def ask(visitor: Visitor, tags: str, *, status: int | None = None) -> None:
    visitor.get("/ask")
    words = {"title": f"VPN drops at noon: {tags}", "body": "Every day at noon it drops for a while."}
    visitor.submit("#ask-form", **words, tags=tags, status=status)


def newest() -> Thread:
    return db.session.scalars(select(Thread).order_by(Thread.id.desc()).limit(1)).one()


# --- pages ---


def test_a_tag_has_a_page_with_its_threads_and_what_is_near_it(app: Flask, visitor: Visitor) -> None:
    a_thread(title="About both", tags=["vpn", "wifi"])
    a_thread(title="About the other", tags=["wifi"])
    visitor.get("/tags/vpn")
    assert "1 thread" in visitor.text
    assert "About both" in visitor.text
    assert "About the other" not in visitor.text
    assert "/tags/wifi" in visitor.links()
    visitor.get("/tags/never-given", status=404)


def test_tags_of_threads_lead_there_whatever_signs_they_hold(app: Flask, visitor: Visitor) -> None:
    thread = a_thread(tags=["c#", "c++", ".net", "报销"])
    visitor.get(f"/threads/{thread.id}")
    links = list(visitor.links("a.tag"))
    assert len(links) == 4
    for link in links:
        assert thread.title in visitor.get(link).text


def test_the_index_counts_searches_and_narrows_to_a_group(app: Flask, visitor: Visitor) -> None:
    mia = a_member(role="manager")
    for tags in (["vpn"], ["vpn", "printer"], ["outlook"]):
        a_thread(tags=tags)
    tagging.edit("printer", body="", group="Devices", editor_id=mia.id)
    tagging.merge("tunnel", "vpn", by_id=mia.id)
    names = [tag.get_text() for tag in visitor.get("/tags").soup.select(".taglist .tag")]
    assert names == ["vpn", "outlook", "printer"]
    assert "2 threads" in visitor.text
    for query, found in (("prin", ["printer"]), ("tunn", ["vpn"]), ("%", []), ("vpn", ["vpn"])):
        visitor.get("/tags", q=query)
        assert [tag.get_text() for tag in visitor.select(".taglist .tag")] == found
    visitor.get("/tags", group="Devices")
    assert [tag.get_text() for tag in visitor.select(".taglist .tag")] == ["printer"]
    visitor.get("/tags", page=9, status=404)


def test_tags_tell_nothing_of_threads_that_one_may_not_read(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    mia = a_member("mia", role="manager")
    a_thread(inner, tags=["secret-project", "vpn"])
    restricted = a_thread(tags=["breach", "vpn"])
    forum.restrict(restricted, by_id=None)
    a_thread(tags=["vpn"])
    tagging.edit("secret-project", body="The merger.", group="Hush", editor_id=mia.id)
    tagging.merge("codename", "secret-project", by_id=mia.id)
    for path in ("/tags", "/tags/vpn"):
        visitor.get(path)
        assert "secret-project" not in visitor.html
        assert "breach" not in visitor.html
        assert "Hush" not in visitor.html
        assert "1 thread" in visitor.text
    for tag in ("secret-project", "breach", "codename"):
        visitor.get(f"/tags/{tag}", status=404)
        visitor.get(f"/tags/{tag}/history", status=404)
    manager = login_as("mia")
    manager.get("/tags/secret-project")
    assert "The merger." in manager.text


@pytest.mark.parametrize("path", ["/tags", "/tags/vpn"])
def test_pages_cost_the_same_however_many_there_are(
    app: Flask, path: str, login_as: LoginAs, count_statements: CountStatements
) -> None:
    a_member("ann")
    ann, costs = login_as("ann"), []
    for turn in range(2):
        for number in range(6):
            a_thread(tags=["vpn", f"tag-{turn}-{number}"])
        ann.get(path)
        with count_statements() as sql:
            ann.get(path)
        costs.append(len(sql))
    assert costs[0] == costs[1] <= 10


# --- what is said of a tag ---


def test_super_users_write_what_a_tag_means_and_the_text_before_is_kept(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(tags=["vpn"])
    bob = a_member("bob", super_user_in=[thread.space])
    a_member("ann")
    visitor = login_as("bob")
    visitor.get("/tags/vpn/edit")
    visitor.submit("#tag-form", body="The **tunnel** home.", group="Network", reason="begun")
    assert "The tunnel home." in visitor.text
    visitor.get("/tags/vpn/edit")
    visitor.submit("#tag-form", body="The **tunnel** to the office.", group="Network")
    visitor.get("/tags/vpn/history")
    assert "begun" in visitor.text
    assert len(visitor.select("section.case")) == 2
    row = db.session.get_one(Tag, "vpn")
    assert row.html == "<p>The <strong>tunnel</strong> to the office.</p>"
    revisions = db.session.scalars(select(TagRevision).order_by(TagRevision.number)).all()
    assert [(each.body, each.editor_id) for each in revisions] == [("", bob.id), ("The **tunnel** home.", bob.id)]
    login_as("ann").get("/tags/vpn/edit", status=404)


def test_saving_the_same_changes_nothing(app: Flask) -> None:
    bob = a_member()
    for _ in range(2):
        tagging.edit("vpn", body="The tunnel.", group="", editor_id=bob.id)
    assert db.session.get_one(Tag, "vpn").revision_count == 1


# --- synonyms ---


def test_a_tag_becomes_a_synonym_and_its_threads_and_followers_move(
    app: Flask, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    space = a_space("busy")
    space.tags, space.required_tags = ["tunnel", "wifi"], ["tunnel"]
    one, both, main = (a_thread(space, tags=tags) for tags in (["tunnel"], ["tunnel", "vpn", "wifi"], ["vpn"]))
    _mia, ann, eve = a_member("mia", role="manager"), a_member("ann"), a_member("eve")
    following.choose(ann.id, following.tag("tunnel"), Level.WATCHING)
    following.choose(eve.id, following.tag("tunnel"), Level.WATCHING)
    following.choose(eve.id, following.tag("vpn"), Level.MUTED)
    versions = one.version
    visitor = login_as("mia")
    visitor.get("/tags/vpn/edit")
    visitor.submit("#synonym-form", other="#Tunnel")
    run_jobs()
    assert consistent()
    assert [db.session.get_one(Thread, t.id).tags for t in (one, both, main)] == [["vpn"], ["vpn", "wifi"], ["vpn"]]
    assert db.session.get_one(Thread, one.id).version > versions
    known = db.session.get_one(Space, space.id)
    assert (known.tags, known.required_tags) == (["vpn", "wifi"], ["vpn"])
    rows = select(Following.member_id, Following.tag, Following.level).order_by(Following.member_id)
    assert db.session.execute(rows).all() == [(ann.id, "vpn", Level.WATCHING), (eve.id, "vpn", Level.MUTED)]
    anybody = Visitor(app)
    anybody.get("/tags/tunnel", status=301)
    assert anybody.location == "/tags/vpn"
    anybody.follow()
    assert "tunnel" in anybody.text
    visitor.get("/search", q="tag:vpn")
    assert visitor.text.count(one.title) >= 3


def test_typing_a_synonym_gives_the_main_tag(app: Flask, login_as: LoginAs) -> None:
    mia = a_member(role="manager")
    tagging.merge("tunnel", "vpn", by_id=mia.id)
    a_space(), a_member("ann")
    ann = login_as("ann")
    ask(ann, "tunnel, vpn, Wifi")
    assert newest().tags == ["vpn", "wifi"]
    assert consistent()
    ann.get(f"/posts/{newest().posts[0].id}/edit")
    ann.submit("main form", tags="tunnel")
    assert newest().tags == ["vpn"]
    ann.post("/tags/tunnel/following", {"level": "4"})
    assert db.session.scalars(select(Following.tag)).all() == ["vpn"]


def test_a_chain_of_synonyms_leads_to_the_last_one_at_once(app: Flask) -> None:
    mia = a_member(role="manager")
    thread = a_thread(tags=["a-tag"])
    tagging.merge("a-tag", "b-tag", by_id=mia.id)
    tagging.merge("b-tag", "c-tag", by_id=mia.id)
    assert {tag.name: tag.main for tag in db.session.scalars(select(Tag))} == {
        "a-tag": "c-tag", "b-tag": "c-tag", "c-tag": None,
    }  # fmt: skip
    db.session.expire_all()
    assert thread.tags == ["c-tag"]
    with pytest.raises(ValueError, match="a-tag"):
        tagging.merge("c-tag", "a-tag", by_id=mia.id)


def test_a_synonym_can_be_a_tag_of_its_own_again(app: Flask, login_as: LoginAs) -> None:
    a_thread(tags=["vpn"])
    tagging.merge("tunnel", "vpn", by_id=a_member("mia", role="manager").id)
    visitor = login_as("mia")
    visitor.get("/tags/vpn/edit")
    visitor.submit("/tags/vpn/synonyms/removal")
    assert db.session.get_one(Tag, "tunnel").main is None
    visitor.post("/tags/vpn/synonyms/removal", {"name": "tunnel"}, status=404)
    visitor.get("/tags/vpn/edit")
    for other in ("vpn", "two words", "-", ""):
        visitor.submit("#synonym-form", other=other, status=422)


def test_merging_costs_the_same_for_many_threads(app: Flask, count_statements: CountStatements) -> None:
    mia_id, costs = a_member(role="manager").id, []
    for turn, number in enumerate((1, 8)):
        for _ in range(number):
            a_thread(tags=[f"old-{turn}"])
        db.session.commit()
        with count_statements() as sql:
            tagging.merge(f"old-{turn}", "new", by_id=mia_id)
        costs.append(len([line for line in sql if not line.startswith("INSERT INTO search_pending")]))
        db.session.commit()
    assert costs[0] == costs[1]
    assert consistent()


# --- who may give which ---


def test_a_thread_gets_at_most_five_tags_of_two_to_thirty_signs(app: Flask, login_as: LoginAs) -> None:
    a_space(), a_member("ann")
    ann = login_as("ann")
    for tags, why in (
        ("one two three four five six", "At most 5 tags"),
        ("x", "from 2 to 30 characters"),
        ("t" * 31, "from 2 to 30 characters"),
        ("-bad", "cannot be a tag"),
    ):
        ask(ann, tags, status=422)
        assert why in ann.text
    ask(ann, f"{'t' * 30} ab")
    assert newest().tags == ["ab", "t" * 30]


def test_tags_that_were_brought_from_elsewhere_stay_when_the_thread_is_edited(app: Flask, login_as: LoginAs) -> None:
    ann = a_member("ann")
    thread = a_thread(author=ann, tags=["c", "c#", ".net", "t" * 35])
    visitor = login_as("ann")
    visitor.get(f"/posts/{thread.posts[0].id}/edit")
    visitor.submit("main form", body="Something else than it said before.")
    assert newest().tags == sorted(["c", "c#", ".net", "t" * 35])


def test_reserved_tags_are_given_and_taken_by_super_users_and_staff(app: Flask, login_as: LoginAs) -> None:
    space = a_space("busy")
    space.reserved_tags = ["official"]
    a_member("ann"), a_member("bob", super_user_in=[space]), a_member("far", super_user_in=[a_space("far")])
    ann, bob = login_as("ann"), login_as("bob")
    ann.get("/ask")
    words = {"title": "VPN drops at noon", "body": "Every day at noon it drops for a while.", "space": "busy"}
    ann.submit("#ask-form", **words, tags="official", status=422)
    assert "given by super users and staff only" in ann.text
    ann.submit("#ask-form", **words, tags="vpn")
    edit = f"/posts/{newest().posts[0].id}/edit"
    bob.get(edit)
    bob.submit("main form", tags="vpn official")
    assert newest().tags == ["official", "vpn"]
    ann.get(edit)
    ann.submit("main form", tags="wifi")
    assert newest().tags == ["official", "wifi"], "who may not give it does not take it away either"
    bob.get(edit)
    bob.submit("main form", tags="wifi")
    assert newest().tags == ["wifi"]


def test_a_space_can_want_one_of_some_tags(app: Flask, login_as: LoginAs) -> None:
    a_space("busy").required_tags = ["hall-1", "hall-2"]
    a_member("ann")
    ann = login_as("ann")
    ask(ann, "vpn", status=422)
    assert "Give one of these tags: hall-1, hall-2" in ann.text
    ask(ann, "vpn hall-2")
    assert newest().tags == ["hall-2", "vpn"]


def test_managers_say_which_tags_a_space_wants_and_reserves(app: Flask, login_as: LoginAs) -> None:
    a_space("busy"), a_member("mia", role="manager")
    mia = login_as("mia")
    mia.get("/admin/spaces/busy")
    mia.submit("#space", required_tags="Hall-1, hall-2", reserved_tags="official")
    space = db.session.scalars(select(Space)).one()
    assert (space.required_tags, space.reserved_tags) == (["hall-1", "hall-2"], ["official"])
    mia.get("/admin/spaces/busy")
    mia.submit("#space", required_tags="x", status=422)


@pytest.mark.parametrize(("setting", "admitted"), [("everybody", "new bob"), ("standing", "bob"), ("staff", "bob")])
def test_who_makes_new_tags_is_a_setting(
    app: Flask, setting: str, admitted: str, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "NEW_TAGS", setting)
    space = a_space("busy")
    space.tags = ["offered"]
    a_thread(space, tags=["known"])
    a_member("new"), a_member("bob", super_user_in=[space])
    for handle in ("new", "bob"):
        visitor = login_as(handle)
        ask(visitor, f"fresh-{handle}", status=None if handle in admitted.split() else 422)
        if handle not in admitted.split():
            assert f"There is no tag “fresh-{handle}” yet" in visitor.text
        ask(visitor, "known offered")
        assert newest().tags == ["known", "offered"]


def test_tags_changed_by_two_at_once_agree_with_the_rows(app: Flask) -> None:
    thread = a_thread(tags=["one-tag"])
    ids = thread.id
    db.session.commit()

    def change(number: int) -> None:
        with app.app_context(), transaction():
            forum.retag(db.session.get_one(Thread, ids), ["shared", f"tag-{number % 3}"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(24)))
    db.session.expire_all()
    assert consistent()
    assert "shared" in db.session.get_one(Thread, ids).tags


def test_many_who_choose_at_once_leave_one_row_each(app: Flask) -> None:
    ann_id, thread_id = a_member("ann").id, a_thread().id
    db.session.commit()

    def choose(number: int) -> None:
        with app.app_context(), transaction():
            following.choose(ann_id, following.thread(thread_id), Level(number % 5))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(choose, range(24)))
    assert len(db.session.scalars(select(Following.level)).all()) == 1

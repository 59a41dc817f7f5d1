"""Feeds: valid, cheap to ask again, and without anything private."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import etree

from community.core.db import utcnow
from community.forum import operations
from community.forum.lists import hot as lists_hot
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
# What RFC 4287 asks of the elements that our feeds have.
SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><ref name="common"/><interleave>
    <ref name="title"/><ref name="id"/><ref name="updated"/>
    <element name="subtitle"><text/></element>
    <oneOrMore><ref name="link"/></oneOrMore>
    <zeroOrMore><ref name="entry"/></zeroOrMore>
  </interleave></element></start>
  <define name="common">
    <optional><attribute name="xml:lang" ns=""><data type="language"/></attribute></optional>
    <optional><attribute name="xml:base" ns=""><data type="anyURI"/></attribute></optional>
  </define>
  <define name="title">
    <element name="title"><data type="string"><param name="minLength">1</param></data></element>
  </define>
  <define name="id">
    <element name="id"><data type="anyURI"><param name="pattern">https?://.+</param></data></element>
  </define>
  <define name="updated"><element name="updated"><ref name="date"/></element></define>
  <define name="date"><data type="dateTime"><param name="pattern">.+([+-][0-9]{2}:[0-9]{2}|Z)</param></data></define>
  <define name="link"><element name="link">
    <attribute name="rel"><choice><value>self</value><value>alternate</value></choice></attribute>
    <attribute name="type"/><attribute name="href"><data type="anyURI"/></attribute>
  </element></define>
  <define name="entry"><element name="entry"><ref name="common"/><interleave>
    <ref name="title"/><ref name="id"/><ref name="updated"/><ref name="link"/>
    <element name="author">
      <element name="name"><text/></element><element name="uri"><data type="anyURI"/></element>
    </element>
    <element name="published"><ref name="date"/></element>
    <zeroOrMore>
      <element name="category"><attribute name="term"/><optional><attribute name="label"/></optional></element>
    </zeroOrMore>
    <element name="content"><attribute name="type"><value>html</value></attribute><text/></element>
  </interleave></element></define>
</grammar>
""".replace(' ns=""', "")
FEEDS = (
    "/feeds/threads.atom",
    "/feeds/print.atom",
    "/feeds/tags/vpn.atom",
    *(f"/feeds/lists/{name}.atom" for name in ("threads", "hot", "unanswered", "unsolved", "ideas", "news")),
)


def feed(visitor: Visitor, path: str, **headers: str) -> Any:
    """The parsed feed, after a look at its form."""
    answer = visitor.client.get(path, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    tree = etree.fromstring(answer.data)
    schema = etree.RelaxNG(etree.fromstring(SCHEMA))
    assert schema.validate(tree), schema.error_log
    ids = [entry.findtext(f"{ATOM}id") for entry in tree.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    own = [link.get("href") for link in tree.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == [tree.findtext(f"{ATOM}id")]
    return tree


def titles(tree: Any) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in tree.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("path", FEEDS)
def test_each_feed_is_valid_empty_and_full(app: Flask, visitor: Visitor, path: str) -> None:
    space = a_space("print")
    assert titles(feed(visitor, path)) == []
    for kind in ("question", "idea", "announcement"):
        a_thread(space, title=f'<A> & "{kind}"', body="Some *words*\x0b & <b>more</b>", kind=kind, tags=["vpn"])
    a_reply(a_thread(space, title="Replied", tags=["vpn"]))
    lists_hot.find_hot()
    assert titles(feed(visitor, path))


def test_lists_are_fed_as_they_are_narrowed(app: Flask, visitor: Visitor) -> None:
    a_thread(a_space("print"), title="In print", tags=["vpn"])
    a_thread(title="Idea", kind="idea")
    assert titles(feed(visitor, "/feeds/lists/threads.atom?space=print")) == ["In print"]
    assert titles(feed(visitor, "/feeds/lists/threads.atom?kind=idea&tag=")) == ["Idea"]
    assert titles(feed(visitor, "/feeds/tags/VPN.atom")) == ["In print"]
    visitor.get("/threads", kind="idea")
    (link,) = visitor.links("head link[type='application/atom+xml']")
    assert titles(feed(visitor, link)) == ["Idea"]
    visitor.get("/threads", tag="vpn")
    assert visitor.links("head link[type='application/atom+xml']") == ["/feeds/tags/vpn.atom"]


def test_nothing_private_is_fed_to_anybody(app: Flask, visitor: Visitor, login_as: LoginAs) -> None:
    boss, inner = a_member("boss", role="admin"), a_space("inner", visibility="members")
    a_thread(inner, title="Inner", tags=["vpn"])
    operations.restrict(a_thread(author=boss, title="Restricted", tags=["vpn"]), by_id=None)
    hidden = a_thread(title="Hidden", tags=["vpn"])
    operations.hide_post(hidden.posts[0], by_id=boss.id, reason="x")
    a_thread(title="Open", tags=["vpn"])
    for who in (visitor, login_as("boss")):
        for path in ("/feeds/threads.atom", "/feeds/tags/vpn.atom", "/feeds/lists/unanswered.atom?space=inner"):
            assert titles(feed(who, path)) == ["Open"]
        assert who.client.get("/feeds/inner.atom").status_code == 404
        for name in ("unread", "new", "mine", "for_me", "nonsense"):
            assert who.client.get(f"/feeds/lists/{name}.atom").status_code == 404
    boss_page = login_as("boss")
    boss_page.get("/spaces/inner")
    assert not boss_page.select("link[type='application/atom+xml']")


def test_who_asks_again_gets_it_only_if_it_changed(app: Flask, visitor: Visitor) -> None:
    thread = a_thread()
    first = visitor.client.get("/feeds/threads.atom")
    again = {"If-None-Match": first.headers["ETag"]}
    same = visitor.client.get("/feeds/threads.atom", headers=again)
    assert (same.status_code, same.data) == (304, b"")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert visitor.client.get("/feeds/threads.atom", headers=since).status_code == 304
    a_reply(thread)
    thread.last_activity_at = utcnow() + timedelta(seconds=5)
    for headers in (again, since):
        assert visitor.client.get("/feeds/threads.atom", headers=headers).status_code == 200

"""Sitemaps and robots.txt: everything that everybody may read, and nothing else."""

from typing import Any

import pytest
from flask import Flask
from lxml import etree

from community.core.cache import cache
from community.forum import operations
from community.forum.lists import sitemaps
from tests.conftest import CountStatements
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SCHEMA = f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{NAMESPACE}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><choice>
    <element name="sitemapindex">
      <zeroOrMore><element name="sitemap"><ref name="place"/></element></zeroOrMore>
    </element>
    <element name="urlset"><zeroOrMore><element name="url"><ref name="place"/></element></zeroOrMore></element>
  </choice></start>
  <define name="place">
    <element name="loc"><data type="anyURI"><param name="pattern">http://localhost/.*</param></data></element>
    <optional><element name="lastmod"><data type="dateTime"/></element></optional>
  </define>
</grammar>
"""


def places(visitor: Visitor, path: str) -> list[str]:
    """The paths in a sitemap, after a look at its form."""
    answer = visitor.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    tree: Any = etree.fromstring(answer.data)
    schema = etree.RelaxNG(etree.fromstring(SCHEMA))
    assert schema.validate(tree), schema.error_log
    return [loc.text.removeprefix("http://localhost") for loc in tree.iter(f"{{{NAMESPACE}}}loc")]


def test_sitemaps_hold_what_everybody_may_read(app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "A_SITEMAP", 2)
    space, inner, ann = a_space("print"), a_space("inner", visibility="members"), a_member("ann")
    threads = [a_thread(place, ann) for place in (space, space, inner, space, space, space)]
    operations.restrict(threads[1], by_id=None)
    operations.hide_post(threads[3].posts[0], by_id=ann.id, reason="x")
    (first, *_rest) = ids = [thread.id for thread in threads]
    shares = sorted({(id_ - 1) // 2 + 1 for position, id_ in enumerate(ids) if position not in (1, 2, 3)})
    assert places(visitor, "/sitemap.xml") == [
        "/sitemaps/spaces.xml",
        *(f"/sitemaps/threads/{share}.xml" for share in shares),
    ]
    listed = [path for share in shares for path in places(visitor, f"/sitemaps/threads/{share}.xml")]
    assert listed == [f"/threads/{id_}" for id_ in (first, ids[4], ids[5])]
    assert visitor.client.get("/sitemaps/threads/999.xml").status_code == 404
    assert visitor.client.get("/sitemaps/threads/0.xml").status_code == 404
    spaces = places(visitor, "/sitemaps/spaces.xml")
    assert "/spaces/print" in spaces
    assert "/" in spaces
    assert "/spaces/inner" not in spaces
    for path in (*listed, *spaces):
        visitor.get(path)


def test_a_sitemap_is_kept_for_a_while(app: Flask, visitor: Visitor, count_statements: CountStatements) -> None:
    share = (a_thread().id - 1) // sitemaps.A_SITEMAP + 1
    for path in ("/sitemap.xml", "/sitemaps/spaces.xml", f"/sitemaps/threads/{share}.xml"):
        answer = visitor.client.get(path)
        with count_statements() as sql:
            again = visitor.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, sql) == (304, [])
    cache().clear()
    a_thread()
    assert len(places(visitor, f"/sitemaps/threads/{share}.xml")) == 2


def test_an_empty_forum_has_its_sitemap(app: Flask, visitor: Visitor) -> None:
    assert places(visitor, "/sitemap.xml") == ["/sitemaps/spaces.xml"]
    assert "/threads" in places(visitor, "/sitemaps/spaces.xml")


def test_robots_are_told_where_to_look(app: Flask, visitor: Visitor) -> None:
    answer = visitor.client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert "/desk" in closed
    for path in ("/", "/threads", "/threads/7", "/spaces/print", "/knowledge", "/sitemap.xml", "/feeds/threads.atom"):
        assert not any(path.startswith(prefix) for prefix in closed), path

"""Suggestions while typing: of what one may read, and of nothing else."""

import pytest
from flask import Flask

from community.core.completion import Source, add_source
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread
from tests.factories.knowledge import an_article
from tests.visit import Visitor


def labels(visitor: Visitor, kind: str, query: str, space: str = "") -> list[str]:
    visitor.get(f"/complete/{kind}", q=query, space=space)
    answer = visitor.json
    assert isinstance(answer, dict)
    return [suggestion["label"] for suggestion in answer["suggestions"]]


@pytest.fixture
def ann(app: Flask, login_as: LoginAs) -> Visitor:
    inner = a_space("inner", visibility="members")
    a_space("open")
    a_member("ann", name="Ann Lee", member_of=[inner])
    a_member("anton", name="Anton Berg", member_of=[inner])
    a_member("bertha", name="Bertha Antoni")
    a_member("agnes", name="Agnes Antman", role="agent")
    a_member("sean_x", name="O%Brien")
    a_member("wang", name="王小明")
    a_member("outsider")
    return login_as("ann")


def test_people_are_found_by_handle_and_name(ann: Visitor) -> None:
    assert labels(ann, "people", "ANT") == ["Anton Berg", "Agnes Antman", "Bertha Antoni"]
    assert labels(ann, "people", "小明") == ["王小明"]
    assert labels(ann, "people", "%") == ["O%Brien"]
    assert labels(ann, "people", "_") == []
    assert labels(ann, "people", "") == labels(ann, "people", "a" * 41) == labels(ann, "people", "ann") == []


def test_in_a_members_only_space_its_readers_are_offered(ann: Visitor, login_as: LoginAs) -> None:
    assert labels(ann, "people", "ant", "inner") == ["Anton Berg", "Agnes Antman"]
    assert len(labels(ann, "people", "ant", "open")) == 3
    assert len(labels(login_as("outsider"), "people", "ant", "inner")) == 3  # that it exists is not told


def test_tags_are_of_threads_that_one_may_read(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    a_thread(tags=["vpn"])
    a_thread(tags=["vpn-client", "vpn"])
    a_thread(inner, tags=["vpn-canary", "打印机"])
    a_member("ann", member_of=[inner])
    a_member("bob")
    assert labels(login_as("bob"), "tags", "VPN") == ["#vpn", "#vpn-client"]
    ann = login_as("ann")
    assert "#vpn-canary" in labels(ann, "tags", "vpn")
    assert labels(ann, "tags", "打") == ["#打印机"]
    assert "%E6%89%93" in str(ann.json)


def test_articles_are_those_that_one_may_read(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    a_member("ann", member_of=[inner])
    a_member("bob")
    an_article(title="Set up [VPN] for labels", published=True)
    an_article(title="VPN canary article", published=True, space=inner)
    an_article(title="VPN draft of an article")
    ann, bob = login_as("ann"), login_as("bob")
    assert labels(bob, "articles", "label vpn") == ["Set up [VPN] for labels"]
    assert "[Set up \\\\[VPN\\\\] for labels](/articles/" in str(bob.json)
    assert "VPN canary article" in labels(ann, "articles", "vpn")
    assert labels(ann, "articles", "v") == []
    ann.get("/complete/nothing", status=404, q="x")


def test_a_sign_stands_for_one_kind(app: Flask) -> None:
    with pytest.raises(ValueError, match="taken"):
        add_source(Source("other", "@", lambda *_: []))

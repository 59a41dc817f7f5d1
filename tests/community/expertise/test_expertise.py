"""What people say that they know, and others who agree."""

import contextvars
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.db import db, transaction, utcnow
from community.core.events import EventRecord
from community.expertise import operations
from community.expertise.models import Endorsement, Expertise
from community.forum.tagging import operations as tagging
from tests.conftest import CountStatements, LoginAs, RunJobs
from tests.factories import a_member, a_thread
from tests.visit import Visitor


def an_expert(handle: str = "eve", *tags: str) -> Member:
    """Somebody who knows the tags, or else one."""
    member = a_member(handle)
    operations.name_tags(member.id, tags or ("vpn",))
    return member


def shown(visitor: Visitor) -> list[str]:
    """The tags on the open profile, in order."""
    return [tag.get_text() for tag in visitor.select("section[aria-labelledby=expertise] a.tag")]


def endorsements() -> int:
    return db.session.scalar(select(func.count()).select_from(Endorsement)) or 0


def test_people_name_what_they_know_and_change_it(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/people/ann")
    assert shown(ann) == []
    assert "Name up to ten tags" in ann.text
    ann.get("/preferences/expertise")
    ann.submit("#expertise-form", tags="VPN, #outlook 打印机")
    assert shown(ann) == ["outlook", "vpn", "打印机"]
    ann.get("/preferences/expertise")
    ann.submit("#expertise-form", tags="vpn")
    assert shown(ann) == ["vpn"]
    ann.get("/preferences/expertise")
    ann.submit("#expertise-form", tags="")
    assert shown(ann) == []


@pytest.mark.parametrize("typed", [" ".join(f"tag{n}" for n in range(11)), "vpn !!", "w" * 41])
def test_too_much_and_what_is_no_tag_is_refused_and_kept(app: Flask, login_as: LoginAs, typed: str) -> None:
    an_expert("ann", "mail")
    ann = login_as("ann")
    ann.get("/preferences/expertise")
    ann.submit("#expertise-form", status=422, tags=typed)
    assert ann.select("[name=tags]")[0]["value"] == typed
    assert db.session.scalars(select(Expertise.tag)).all() == ["mail"]


def test_a_synonym_is_named_by_its_main_tag_also_later(app: Flask, login_as: LoginAs, run_jobs: RunJobs) -> None:
    eve, bob = an_expert("eve", "tunnel", "vpn"), an_expert("bob", "tunnel")
    for person in (eve, bob):
        operations.endorse(person.id, "tunnel", by_id=a_member().id)
    boss = a_member("boss", role="admin")
    operations.endorse(eve.id, "tunnel", by_id=boss.id)
    operations.endorse(eve.id, "vpn", by_id=boss.id)
    a_thread(tags=["vpn"])
    tagging.merge("tunnel", "vpn", by_id=boss.id)
    run_jobs()
    assert sorted(db.session.execute(select(Expertise.member_id, Expertise.tag)).all()) == [
        (eve.id, "vpn"),
        (bob.id, "vpn"),
    ]
    assert endorsements() == 3
    visitor = login_as("boss")
    visitor.get("/preferences/expertise")
    visitor.submit("#expertise-form", tags="tunnel")
    assert shown(visitor) == ["vpn"]


def test_a_member_endorses_once_and_withdraws(app: Flask, login_as: LoginAs, visitor: Visitor) -> None:
    an_expert()
    a_member("ann", name="Ann Lee")
    ann = login_as("ann")
    ann.get("/people/eve")
    ann.submit("/people/eve/endorsements")
    assert "1 person agrees" in ann.text
    assert [link["href"] for link in ann.select("details.folded .links a")] == ["/people/ann"]
    ann.post("/people/eve/endorsements", {"tag": "vpn"})
    assert endorsements() == 1
    visitor.get("/people/eve")
    assert "1 person agrees" in visitor.text
    assert "Ann Lee" not in visitor.text
    assert not visitor.select("form[action*=endorsements]")
    ann.get("/people/eve")
    ann.submit("/people/eve/endorsements/withdrawal")
    ann.post("/people/eve/endorsements/withdrawal", {"tag": "vpn"})
    assert endorsements() == 0
    assert "agrees" not in ann.get("/people/eve").text
    names = select(EventRecord.name).where(EventRecord.name.startswith("expertise.tag.")).order_by(EventRecord.id)
    assert db.session.scalars(names).all() == ["expertise.tag.endorsed", "expertise.tag.withdrawn"]


def test_nobody_endorses_themselves_or_what_was_not_named(app: Flask, login_as: LoginAs) -> None:
    an_expert()
    a_member("ann")
    gone = an_expert("gone")
    gone.suspended_at = utcnow()
    eve, ann = login_as("eve"), login_as("ann")
    eve.get("/people/eve")
    assert not eve.select("form[action*=endorsements]")
    eve.post("/people/eve/endorsements", {"tag": "vpn"}, status=404)
    ann.post("/people/eve/endorsements", {"tag": "mail"}, status=404)
    ann.post("/people/eve/endorsements", {}, status=404)
    ann.post("/people/gone/endorsements", {"tag": "vpn"}, status=404)
    ann.post("/people/nobody/endorsements", {"tag": "vpn"}, status=404)
    assert endorsements() == 0
    ann.post("/people/eve/endorsements", {"tag": "vpn"})
    assert endorsements() == 1


def test_suspended_people_do_not_count(app: Flask, login_as: LoginAs) -> None:
    eve, bad = an_expert(), a_member("bad", name="Bad Penny")
    for member in (bad, a_member("ann")):
        operations.endorse(eve.id, "vpn", by_id=member.id)
    bad.suspended_at = utcnow()
    ann = login_as("ann")
    ann.get("/people/eve")
    assert "1 person agrees" in ann.text
    assert "Bad Penny" not in ann.text


def test_fifty_endorsements_at_once_count_exactly(app: Flask, visitor: Visitor) -> None:
    eve = an_expert()
    member_id, people = eve.id, [a_member().id for _ in range(25)]
    db.session.commit()

    def agree(by_id: int) -> None:
        with app.app_context(), transaction():
            operations.endorse(member_id, "vpn", by_id=by_id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda by_id: contextvars.Context().run(agree, by_id), people * 2))
    assert endorsements() == 25
    visitor.get("/people/eve")
    assert "25 people agree" in visitor.text
    facts = select(func.count()).where(EventRecord.name == "expertise.tag.endorsed")
    assert db.session.scalar(facts) == 25


def test_an_endorsement_outlives_a_tag_that_was_taken_back(app: Flask, visitor: Visitor) -> None:
    eve = an_expert("eve", "vpn", "mail")
    operations.endorse(eve.id, "vpn", by_id=a_member().id)
    operations.name_tags(eve.id, ["mail"])
    visitor.get("/people/eve")
    assert shown(visitor) == ["mail"]
    assert "agrees" not in visitor.text
    operations.name_tags(eve.id, ["mail", "vpn"])
    visitor.get("/people/eve")
    assert shown(visitor) == ["vpn", "mail"]
    assert "1 person agrees" in visitor.text


def test_a_profile_costs_the_same_for_many_tags_and_names(
    app: Flask, login_as: LoginAs, count_statements: CountStatements
) -> None:
    eve = an_expert()
    operations.endorse(eve.id, "vpn", by_id=a_member("ann").id)
    ann = login_as("ann")
    ann.get("/people/eve")
    with count_statements() as few:
        ann.get("/people/eve")
    operations.name_tags(eve.id, [f"tag{n}" for n in range(10)])
    for n in range(10):
        for _ in range(3):
            operations.endorse(eve.id, f"tag{n}", by_id=a_member().id)
    with count_statements() as many:
        ann.get("/people/eve")
    assert len(many) == len(few)


def test_questions_find_those_who_say_they_know(app: Flask, login_as: LoginAs) -> None:
    an_expert("eve", "vpn")
    a_thread(title="No tunnel today", tags=["vpn"])
    a_thread(title="No paper today", tags=["print"])
    eve = login_as("eve")
    eve.get("/for-me")
    assert "No tunnel today" in eve.text
    assert "No paper today" not in eve.text
    assert "By tags that you know or helped with: vpn." in eve.text


def test_the_page_of_a_tag_names_five_who_know_it(app: Flask, visitor: Visitor) -> None:
    a_thread(tags=["vpn"])
    visitor.get("/tags/vpn")
    assert "People who know this" not in visitor.text
    for n in range(6):
        an_expert(f"expert{n}", "vpn")
    gone, last = an_expert("agone", "vpn"), an_expert("zed", "vpn")
    gone.suspended_at = utcnow()
    operations.endorse(last.id, "vpn", by_id=gone.id)
    operations.endorse(last.id, "vpn", by_id=a_member().id)
    visitor.get("/tags/vpn")
    named = [link["href"] for link in visitor.select("aside .people a, .people a")]
    assert list(dict.fromkeys(named)) == ["/people/zed", *(f"/people/expert{n}" for n in range(4))]

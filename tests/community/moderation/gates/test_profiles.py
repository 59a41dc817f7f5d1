"""Names and what people say about themselves ask the gate: masked, refused beside the field, or looked at first."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from community.accounts.events import ProfileChanged
from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.moderation import measures
from community.moderation.gates.models import HeldWriting
from community.moderation.models import Case
from community.notifications.models import Notification
from community.spaces.models import Space
from tests.conftest import LoginAs, RunJobs
from tests.visit import Visitor

from .conftest import Opened, rules, waiting


@pytest.fixture
def boss(home: Space, login_as: LoginAs) -> Visitor:
    """Casinos are refused, lotteries looked at, and damn is masked, everywhere."""
    boss = login_as("boss")
    for word, action in (("casino", "refuse"), ("lottery", "hold"), ("damn", "mask")):
        boss.get("/admin/watched-words")
        boss.submit("#word-form", text=word, look="word", action=action)
    return boss


def member(handle: str = "ann") -> Member:
    return db.session.query(Member).filter_by(handle=handle).one()


def says(who: Visitor, status: int | None = None, **fields: object) -> None:
    who.get("/preferences")
    who.submit("main form", status=status, **fields)


def decide(who: Visitor, row: HeldWriting, key: str, words: str = "", status: int | None = None) -> Case:
    case = db.session.query(Case).filter_by(kind="held", target_id=row.id).one()
    who.get(f"/review/{case.id}")
    who.post(f"/review/{case.id}/decision", {"decision": key, "words": words}, status=status)
    return case


def test_refused_beside_the_field_in_which_the_word_is(boss: Visitor, ann: Visitor) -> None:
    says(ann, name="Ann of the casino", status=422)
    assert "“casino” is not published here" in ann.select("#name-error")[0].get_text()
    says(ann, about="Come to the casino.", status=422)
    assert "“casino” is not published here" in ann.select("#about-error")[0].get_text()
    assert "Come to the casino." in ann.html
    assert (member().name, member().about) == ("Ann", "")
    says(boss, about="I look after the casino.")
    assert member("boss").about == "I look after the casino."


def test_masked_words_are_masked(boss: Visitor, ann: Visitor) -> None:
    says(ann, name="Damn Ann", about="That damn lift.")
    assert (member().name, member().about) == ("■■■■ Ann", "That ■■■■ lift.")


def test_held_the_old_words_stay_until_it_is_decided(
    boss: Visitor, ann: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    says(ann, about="I like the lottery.", language="zh-Hans")
    says(ann, about="I like the lottery.", language="en")
    assert (member().about, member().language) == ("", "en")
    assert "waits for approval" in ann.text
    (row,) = waiting()
    login_as("sue").get("/review")
    ann.get("/waiting-for-approval")
    assert "I like the lottery." in ann.text
    case = decide(boss, row, "trust", status=422)
    decide(boss, row, "publish")
    run_jobs()
    assert member().about == "I like the lottery."
    assert "lottery" in member().about_html
    assert "It is published: Ann" in [one.title for one in db.session.query(Notification)]
    boss.get(f"/review/{case.id}")
    boss.submit(f"/review/{case.id}/undoing")
    assert (member().about, row.state) == ("", "waiting")
    decide(boss, row, "publish")
    assert member().about == "I like the lottery."


def test_refused_by_a_person_its_author_goes_on_with_it(boss: Visitor, ann: Visitor) -> None:
    says(ann, name="Lottery Ann")
    (row,) = waiting()
    decide(boss, row, "refuse", "Your own name, please.")
    ann.get("/waiting-for-approval")
    assert "Your own name, please." in ann.text
    assert "drafts" not in ann.select("main .hint")[0].get_text()
    ann.get(ann.links("main .hint a")[0])
    assert ann.select("#name")[0]["value"] == "Lottery Ann"
    boss.get(f"/preferences?waiting={row.id}")
    assert "Lottery Ann" not in boss.html


def test_the_newest_wish_counts(boss: Visitor, ann: Visitor) -> None:
    says(ann, about="I like the lottery.")
    says(ann, about="I love the lottery.")
    assert [row.body for row in waiting()] == ["I love the lottery."]
    (row,) = waiting()
    says(ann, about="I help with lifts.")
    assert member().about == "I help with lifts."
    decide(boss, row, "publish", status=422)
    ann.get("/waiting-for-approval")
    ann.submit(f"/waiting-for-approval/{row.id}/taking-back", button="Take it back and change it")
    assert "I love the lottery." in ann.html


@pytest.mark.usefixtures("limits")
def test_newcomers_are_looked_at(home: Space, ann: Visitor, opened: Opened) -> None:
    rules(seconds=50)
    says(ann, about="a" * 30, opened=opened(1))
    assert [row.rule for row in waiting()] == ["too_fast"]
    says(ann, about="See https://a.example https://b.example https://c.example", opened=opened(60), status=422)
    assert "At most 2 links while you are new here." in ann.text
    rules(newcomer_links=1)
    says(ann, about="See https://a.example", opened=opened(60))
    assert [row.rule for row in waiting()] == ["newcomer_links"]
    says(ann, about="I help with lifts.", opened=opened(60))
    assert member().about == "I help with lifts."


def test_silenced_people_still_choose_their_language(home: Space, ann: Visitor) -> None:
    measures.take("silence", rule="spam", member_id=member().id, by_id=member("boss").id)
    says(ann, about="Hear me!", status=422)
    assert "You may read, and write nothing, until" in ann.select("#about-error")[0].get_text()
    says(ann, theme="dark")
    assert (member().about, member().theme) == ("", "dark")


@pytest.mark.usefixtures("limits")
def test_five_times_a_day_are_enough_whether_shown_or_held(boss: Visitor, ann: Visitor, opened: Opened) -> None:
    for number in range(3):
        says(ann, about=f"I help with lifts, {number} of them.", opened=opened(60))
    for text in ("I like the lottery.", "I love the lottery."):
        says(ann, about=text, opened=opened(60))
    says(ann, about="I help with stairs.", opened=opened(60), status=422)
    assert "You changed this 5 times within a day" in ann.select("#about-error")[0].get_text()
    says(ann, about=member().about, theme="dark", opened=opened(60))
    assert (member().about, member().theme) == ("I help with lifts, 2 of them.", "dark")
    earlier = utcnow() - timedelta(hours=25)
    db.session.execute(update(EventRecord).where(EventRecord.name == ProfileChanged.name).values(at=earlier))
    says(ann, about="I help with stairs.", opened=opened(60))
    assert member().about == "I help with stairs."


def test_what_is_to_be_reported_is(boss: Visitor, ann: Visitor) -> None:
    boss.get("/admin/watched-words")
    boss.submit("#word-form", text="bingo", look="word", action="flag")
    says(ann, about="I like bingo.")
    case = db.session.query(Case).filter_by(kind="flag").one()
    assert (case.target_kind, case.target_id, member().about) == ("member", member().id, "I like bingo.")

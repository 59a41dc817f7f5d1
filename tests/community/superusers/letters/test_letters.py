"""Letters of recognition: drafted, shown, answered, signed; read by the person, the owner, and at an address."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from community.accounts.models import Grant, Member
from community.core import i18n
from community.core.db import at_time, db, utcnow
from community.core.events import EventRecord
from community.forum import operations as forum
from community.superusers.agreements.operations import hashed
from community.superusers.duty import operations as duty
from community.superusers.letters import operations
from community.superusers.letters.figures import counted
from community.superusers.letters.models import Letter, LetterLink
from community.superusers.letters.operations import Told, content_of
from tests.community.superusers.training.conftest import told
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


@pytest.fixture
def mia(app: Flask, login_as: LoginAs) -> Visitor:
    """A manager; Sue and Sam are super users, Ann is nothing, Ada is an agent."""
    home = a_space("home")
    a_member("mia", role="manager")
    a_member("ada", role="agent")
    a_member("ann")
    for handle in ("sue", "sam"):
        a_member(handle, super_user_in=[home])
    return login_as("mia")


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def drafted(mia: Visitor, **more: object) -> Letter:
    mia.get("/letters/new?handle=sue")
    mia.submit("#letter", **{"words": "Canary **words** of thanks", "addressee": "Halden Ltd.", **more})
    return db.session.scalars(select(Letter)).one()


def shown(mia: Visitor, **more: object) -> tuple[Letter, str]:
    found = drafted(mia, **more)
    mia.submit(f"/letters/{found.id}/showing")
    return found, f"/letters/{found.id}"


def signed(mia: Visitor, sue: Visitor) -> tuple[Letter, str]:
    found, page = shown(mia)
    sue.get(page)
    sue.submit(f"{page}/agreement")
    mia.get(page)
    mia.submit("#sign")
    return found, page


def shared(sue: Visitor, page: str, note: str = "My manager") -> str:
    """A new address; its path."""
    sue.get(page)
    sue.submit("#share", note=note)
    address = sue.select("#address code")[0].get_text()
    return address[address.index("/letters/shared/") :]


def test_the_last_day_is_one_of_the_installation(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the evening of 22 March on the west coast it is the 23rd in UTC; what was answered now is of the 22nd."""
    monkeypatch.setattr(i18n, "_default_zone", ["America/Los_Angeles"])
    with time_machine.travel(datetime(2026, 3, 23, 2, tzinfo=UTC), tick=False):
        home = a_space("home")
        sue = a_member("sue", super_user_in=[home])
        a_member("mia", role="manager")
        mia = login_as("mia")
        mia.get("/letters/new?handle=sue")
        assert mia.select("#ends")[0]["value"] == "2026-03-22"
        typed = {"words": "Thanks", "begins": "2026-03-22"}
        mia.submit("#letter", status=422, **typed, ends="2026-03-23")
        assert "A letter tells what was, not what will be." in mia.text
        mia.submit("#letter", **typed, ends="2026-03-22")
        a_reply(a_thread(home), sue)
        counts = {day: counted(sue.id, day, day, ["answers"]) for day in (date(2026, 3, 22), date(2026, 3, 23))}
    assert counts == {date(2026, 3, 22): {"answers": 1}, date(2026, 3, 23): {"answers": 0}}


def test_a_draft_is_shown_and_a_change_asked_for(mia: Visitor, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue = login_as("sue")
    found = drafted(mia)
    page = f"/letters/{found.id}"
    sue.get(page, status=404)
    assert "Letter of recognition" not in sue.get("/letters").text.replace("Letters of recognition", "")
    mia.get(page)
    assert not mia.select("#sign") and "Not signed yet." in mia.text
    mia.post(f"{page}/signature", {"hash": operations.hash_of(found)}, status=404)
    mia.get(page)
    mia.submit(f"{page}/showing")
    run_jobs()
    assert told("sue", "letter") == ["A letter about what you did waits for your look"]
    mia.post(f"{page}/signature", {"hash": operations.hash_of(found)}, status=404)
    sue.get(page)
    assert "Canary words of thanks" in sue.text and "To Halden Ltd." in sue.text
    sue.submit("#wish", words="Please leave out Halden")
    run_jobs()
    assert told("mia", "letter") == ["Sue asks for a change in the letter"]
    mia.get(f"{page}/edit")
    assert "Please leave out Halden" in mia.text
    mia.submit("#letter", addressee="")
    run_jobs()
    assert (found.version, found.wish, found.state) == (2, "", "shown")
    sue.get(page)
    assert "Halden" not in sue.select("#sheet")[0].get_text()
    assert told("sue", "letter")[1:] == ["The letter about what you did was changed; please look again"]
    said = select(EventRecord).where(EventRecord.subject == f"letter:{found.id}").order_by(EventRecord.id)
    what = [row.payload["what"] for row in db.session.scalars(said)]
    assert what == ["drafted", "shown", "asked", "changed"]


def test_what_is_signed_is_never_changed(mia: Visitor, login_as: LoginAs, run_jobs: RunJobs) -> None:
    sue = login_as("sue")
    found, page = signed(mia, sue)
    run_jobs()
    assert told("sue", "letter")[1:] == ["A letter of recognition is signed, and yours"]
    assert "Signed by Mia" in sue.get(page).text
    assert operations.hash_of(found) == hashed(content_of(found))
    meanwhile = Told("Another", "en", found.begins_on, found.ends_on, "Other words", [])
    assert not operations.change(found, meanwhile, by_id=member("mia").id)
    operations.allow_hours(found, allowed=True)
    assert (found.version, found.hours_allowed) == (1, False)
    for act in ("edit", "count", "showing", "discarding", "signature"):
        mia.post(f"{page}/{act}", {"hash": operations.hash_of(found)}, status=404)
    for act in ("agreement", "wish", "hours"):
        sue.post(f"{page}/{act}", {"words": "x", "to": "on"}, status=404)


def test_what_was_a_draft_stays_with_who_wrote_it(mia: Visitor, login_as: LoginAs) -> None:
    sue = login_as("sue")
    found = drafted(mia, words="Canary first thoughts")
    page = f"/letters/{found.id}"
    mia.get(f"{page}/edit")
    mia.submit("#letter", words="Better words")
    mia.submit(f"{page}/showing")
    assert "Canary first thoughts" in mia.get(f"{page}/versions/1").text
    sue.get(f"{page}/versions/1", status=404)
    assert "Better words" in sue.get(f"{page}/versions/2").text
    sue.get(page)
    assert not [link for link in sue.links() if link.endswith("/versions/1")]


def test_who_says_nothing_for_a_week_agrees(mia: Visitor, login_as: LoginAs) -> None:
    found, page = shown(mia)
    with time_machine.travel(utcnow() + timedelta(days=6), tick=False):
        mia.get(page)
        assert not mia.select("#sign")
    with time_machine.travel(utcnow() + timedelta(days=7), tick=False):
        mia.get(page)
        mia.submit("#sign")
    assert found.state == "signed"


def test_what_was_changed_meanwhile_is_not_signed(mia: Visitor, login_as: LoginAs) -> None:
    sue = login_as("sue")
    duty.write_down(member("sue").id, 60)
    found, page = shown(mia, figures=["answers", "hours_given"])
    sue.get(page)
    sue.submit(f"{page}/agreement")
    mia.get(page)
    seen = mia.select("#sign input[name=hash]")[0]["value"]
    sue.get(page)
    sue.submit("#hours", button="My hours may stand in it")
    mia.post(f"{page}/signature", {"hash": seen})
    assert found.state == "agreed"
    mia.get(page)
    mia.submit("#sign")
    assert found.state == "signed"


def test_hours_stand_in_it_only_if_the_person_allows_it(mia: Visitor, login_as: LoginAs) -> None:
    for minutes in (60, 30):
        duty.write_down(member("sue").id, minutes)
    found, page = shown(mia, figures=["answers", "hours_agreed", "hours_given"])
    assert set(found.figures) == {"answers"}
    sue = login_as("sue")
    sue.get(page)
    mia.post(f"{page}/hours", {"to": "on"}, status=404)
    sue.submit("#hours", button="My hours may stand in it")
    assert found.figures["hours_given"] == 1.5
    assert "Hours given" in mia.get(page).text
    sue.get(page)
    sue.submit("#hours", button="Take my hours out")
    assert set(found.figures) == {"answers"}
    assert "Hours given" not in mia.get(page).text
    assert "Hours given" not in mia.get(f"{page}/versions/2").text
    assert "Hours given" in sue.get(f"{page}/versions/2").text


def test_shared_by_an_address_that_ends_at_once(mia: Visitor, login_as: LoginAs, visitor: Visitor) -> None:
    sue = login_as("sue")
    _found, page = signed(mia, sue)
    first, second = shared(sue, page), shared(sue, page, "Somebody else")
    for path in (first, second):
        visitor.get(path)
        assert "Canary words of thanks" in visitor.text and "Signed by Mia" in visitor.text
    headers = visitor.page.response.headers
    assert headers["Referrer-Policy"] == "same-origin" and headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex" and not visitor.select("link[rel=canonical]")
    assert "Shared by an address" in sue.get(page).text
    assert "Shared by an address" not in mia.get(page).text and "My manager" not in mia.text
    links = db.session.scalars(select(LetterLink).order_by(LetterLink.id)).all()
    assert first.rsplit("/", 1)[1] not in {link.token_hash for link in links}
    mia.post(f"{page}/links/{links[0].id}/removal", status=404)
    mia.post(f"{page}/links", {"note": "x"}, status=404)
    sue.submit(f"{page}/links/{links[0].id}/removal")
    visitor.get(first, status=404)
    visitor.get(second)
    member("sue").suspended_at = utcnow()
    visitor.get(second, status=404)


def test_only_what_is_signed_is_shared(mia: Visitor, login_as: LoginAs, visitor: Visitor) -> None:
    sue = login_as("sue")
    found, page = shown(mia)
    sue.post(f"{page}/links", {"note": "x"}, status=404)
    token = operations.share(found, "by hand")
    visitor.get(f"/letters/shared/{token}", status=404)


def test_nobody_else_reads_it(mia: Visitor, login_as: LoginAs, visitor: Visitor) -> None:
    sue = login_as("sue")
    _found, page = signed(mia, sue)
    link = shared(sue, page).rsplit("/", 1)[1]
    for handle in ("sam", "ann", "ada"):
        other = login_as(handle)
        for path in (page, f"{page}/versions/1", f"{page}/edit"):
            other.get(path, status=404)
        for act in ("agreement", "wish", "hours", "links", "signature", "showing", "discarding"):
            other.post(f"{page}/{act}", {"words": "x"}, status=404)
        assert "Canary" not in other.get("/letters").text
        assert "Letters of recognition" not in other.get("/people/sue").text
        assert link not in other.html
    visitor.get("/people/sue")
    assert "recognition" not in visitor.text
    visitor.get("/letters/shared/x", status=404)


def test_it_stays_theirs_when_the_term_ends(mia: Visitor, login_as: LoginAs, visitor: Visitor) -> None:
    sue = login_as("sue")
    _found, page = signed(mia, sue)
    path = shared(sue, page)
    for grant in db.session.scalars(select(Grant).where(Grant.member_id == member("sue").id)):
        db.session.delete(grant)
    sue.get("/inner", status=404)
    assert "Signed by Mia" in sue.get(page).text
    assert "Letters of recognition" in sue.get("/people/sue").text
    visitor.get(path)
    path = shared(sue, page, "Next employer")
    visitor.get(path)


def test_nobody_writes_about_themselves(mia: Visitor, login_as: LoginAs) -> None:
    home = a_space("else")
    a_member("max", role="manager", super_user_in=[home])
    max_ = login_as("max")
    max_.get("/letters/new")
    max_.submit("#letter", status=422, handle="max", words="I was great")
    assert "Nobody writes a letter about themselves." in max_.text
    max_.submit("#letter", status=422, handle="ann", words="She was great")
    assert "Name somebody who is a super user" in max_.text
    mia.get("/letters/new")
    mia.submit("#letter", handle="max", words="Canary of Max")
    found = db.session.scalars(select(Letter)).one()
    max_.get(f"/letters/{found.id}", status=404)
    assert "Canary" not in max_.get("/letters").text
    mia.submit(f"/letters/{found.id}/showing")
    max_.get(f"/letters/{found.id}")
    assert not max_.select("form[action$='/discarding']")
    max_.post(f"/letters/{found.id}/discarding", status=404)


def test_a_discarded_one_is_gone_for_the_person(mia: Visitor, login_as: LoginAs) -> None:
    found, page = shown(mia)
    sue = login_as("sue")
    sue.get(page)
    mia.submit(f"{page}/discarding")
    sue.get(page, status=404)
    assert found.state == "discarded"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends": "2100-01-01"}, "Choose a day of this century."),
        ({"begins": "2030-01-01", "ends": "2030-02-01"}, "A letter tells what was"),
        ({"begins": "2026-02-01", "ends": "2026-01-01"}, "Choose a day after it begins"),
        ({"words": ""}, "Write a few words first."),
    ],
)
def test_what_cannot_be_written(mia: Visitor, wrong: dict[str, str], words: str) -> None:
    mia.get("/letters/new?handle=sue")
    mia.submit("#letter", status=422, **{"words": "Thanks", **wrong})
    assert words in mia.text
    assert not db.session.scalars(select(Letter)).all()


def test_it_is_read_in_its_own_language(mia: Visitor, login_as: LoginAs, visitor: Visitor) -> None:
    sue = login_as("sue")
    found, page = signed(mia, sue)
    found.language = "zh-Hans"
    path = shared(sue, page)
    visitor.get(path)
    assert visitor.select("#sheet")[0]["lang"] == "zh-Hans"
    assert "年" in visitor.select("#sheet")[0].get_text()


def test_figures_of_the_record(app: Flask) -> None:
    sue, ann, bob, cat = (a_member(handle) for handle in ("sue", "ann", "bob", "cat"))
    begins, ends = date(2026, 3, 1), date(2026, 3, 31)
    for day, solves in ((28, True), (1, True), (31, False)):
        month = 2 if day == 28 else 3
        with at_time(datetime(2026, month, day, 23, tzinfo=UTC)):
            thread = a_thread(author=ann)
            post = a_reply(thread, sue, "Do it like this")
            for person in (bob, cat, sue):
                forum.have_too(thread, member_id=person.id)
            if solves:
                forum.accept(thread, post, by_id=ann.id)
    with at_time(datetime(2026, 3, 5, tzinfo=UTC)):
        own = a_thread(author=sue)
        forum.accept(own, a_reply(own, sue, "Found it"), by_id=sue.id)
        duty.write_down(sue.id, 30)
    keys = {"answers", "accepted", "helped", "gatherings", "hours_given", "hours_agreed"}
    found = counted(sue.id, begins, ends, keys)
    assert found == {
        "answers": 2, "accepted": 1, "helped": 3, "gatherings": 0, "hours_agreed": 0, "hours_given": 0.5,
    }  # fmt: skip
    assert counted(ann.id, begins, ends, {"answers", "helped"}) == {"answers": 0, "helped": 0}

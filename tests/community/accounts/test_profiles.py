"""Profiles, pictures, preferences, the list of people."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from community.accounts import profiles
from community.accounts.models import Member
from community.core.db import db, utcnow
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_space, a_thread
from tests.visit import Visitor


def a_picture(kind: str = "PNG", size: tuple[int, int] = (400, 300)) -> io.BytesIO:
    data = io.BytesIO()
    picture = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010E] = "canary description"
    picture.save(data, kind, exif=exif)
    data.seek(0)
    return data


def test_a_profile_shows_who_somebody_is_and_no_address(app: Flask, visitor: Visitor) -> None:
    ann = a_member("ann", name="Ann Lee")
    visitor.get("/people/ann")
    assert visitor.page.heading == "Ann Lee"
    assert "@ann" in visitor.text
    assert ann.email not in visitor.html
    visitor.get("/people/nobody", status=404)


def test_people_are_listed_with_who_helps_first(app: Flask, visitor: Visitor) -> None:
    space = a_space()
    a_member("aaron")
    a_member("staffan", role="agent")
    a_member("zoe", super_user_in=[space])
    a_member("unconfirmed").email_confirmed_at = None
    a_member("suspended").suspended_at = utcnow()
    visitor.get("/people")
    names = [link["href"] for link in visitor.select(".people a[href^='/people/']")]
    assert list(dict.fromkeys(names)) == ["/people/zoe", "/people/staffan", "/people/aaron"]
    assert "@example.org" not in visitor.html


def test_preferences_are_kept_and_pages_follow_them(app: Flask, login_as: LoginAs) -> None:
    member = a_member("ann")
    ann = login_as("ann")
    ann.get("/preferences")
    fields = {"name": "Ann\u202e  Lee", "about": "I know **printers**.", "theme": "dark"}
    ann.submit("main form", **fields, language="zh-Hans", time_zone="Asia/Shanghai")
    assert ann.select("html")[0]["lang"] == "zh-Hans"
    assert ann.select("html")[0]["data-theme"] == "dark"
    assert member.time_zone == "Asia/Shanghai"
    ann.get("/people/ann")
    assert ann.page.heading == "Ann Lee"
    assert ann.select(".prose strong")[0].get_text() == "printers"


def test_mistakes_keep_what_was_typed(app: Flask, login_as: LoginAs) -> None:
    member = a_member("ann")
    ann = login_as("ann")
    ann.get("/preferences")
    ann.submit("main form", name="", about="Something long to say", status=422)
    assert "Something long to say" in ann.select("#about")[0].get_text()
    assert ann.select("#name-error")
    assert member.about == ""


def test_a_new_name_reaches_the_pages_that_are_kept(
    app: Flask, visitor: Visitor, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    thread = a_thread(author=a_member("ann", name="Old Name"))
    visitor.get(f"/threads/{thread.id}")
    assert "Old Name" in visitor.text
    ann = login_as("ann")
    ann.get("/preferences")
    ann.submit("main form", name="New Name")
    run_jobs()
    visitor.get(f"/threads/{thread.id}")
    assert "New Name" in visitor.text
    assert "Old Name" not in visitor.text


def test_a_picture_is_made_small_and_bare(app: Flask, login_as: LoginAs) -> None:
    member = a_member("ann")
    ann = login_as("ann")
    ann.get("/preferences")
    ann.submit("main form", avatar=(a_picture(), "me.png"))
    assert member.avatar_key.endswith(".webp")
    answer = app.test_client().get(f"/avatars/{member.avatar_key}")
    assert answer.mimetype == "image/webp"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    data = answer.get_data()
    assert b"canary" not in data
    assert max(Image.open(io.BytesIO(data)).size) <= 192
    ann.submit("main form", remove_avatar=True)
    assert member.avatar_key == ""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00 not a picture", "me.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "me.svg"),
        (b"", "me.png"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "me.png"),
    ],
)
def test_what_is_no_picture_is_refused(app: Flask, login_as: LoginAs, data: bytes, name: str) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.get("/preferences")
    ann.submit("main form", name="Ann Kept", avatar=(io.BytesIO(data), name), status=422)
    assert ann.select("#avatar-error")
    assert ann.select("#name")[0]["value"] == "Ann Kept"
    db.session.expire_all()
    assert db.session.scalar(select(Member.avatar_key)) == ""
    assert db.session.scalar(select(Member.name)) == "Ann"


@pytest.mark.parametrize("key", ["../secret_key", "..%2f..%2fsecret_key", "none.webp", ".", "a" * 300])
def test_avatars_are_files_of_their_own_folder_only(app: Flask, visitor: Visitor, key: str) -> None:
    visitor.get(f"/avatars/{key}", status=404)


def test_a_drawn_portrait_is_safe_whatever_the_handle(app: Flask) -> None:
    answer = app.test_client().get("/avatars/drawn/%3Cscript%3Ealert(1)%3C.svg")
    assert answer.mimetype == "image/svg+xml"
    assert b"<script" not in answer.get_data()
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_picture_that_is_too_large_is_refused(app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "AVATAR_LIMIT", 100)
    member = a_member("ann")
    ann = login_as("ann")
    ann.get("/preferences")
    ann.submit("main form", avatar=(a_picture(), "me.png"), status=422)
    assert "larger than 5 MB" in str(ann.select("#avatar-error"))
    assert member.avatar_key == ""

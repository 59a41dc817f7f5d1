"""Files: taken in, checked, and shown to whoever may read what they belong to."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from community.core.db import db
from community.forum import operations
from community.forum.models import Attachment
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.visit import Visitor


def a_photograph() -> bytes:
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "canary camera"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 0.0)
    Image.new("RGB", (64, 48), "teal").save(data, "JPEG", exif=exif)
    return data.getvalue()


def upload(visitor: Visitor, data: bytes, name: str, status: int = 200) -> dict[str, str]:
    visitor.post("/files", {"file": (io.BytesIO(data), name)}, status=status)
    answer = visitor.json
    assert isinstance(answer, dict)
    return answer


def status_of(app: Flask, visitor: Visitor | None, path: str) -> int:
    client = visitor.client if visitor else app.test_client()
    return client.get(path).status_code


def test_a_picture_loses_what_it_tells_of_the_photographer(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    answer = upload(ann, a_photograph(), "IMG_1.jpg")
    assert answer["markdown"] == f"![IMG_1.jpg]({answer['url']})"
    got = ann.client.get(answer["url"])
    assert got.mimetype == "image/jpeg"
    assert b"canary" not in got.data
    assert not Image.open(io.BytesIO(got.data)).getexif()
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"].startswith("private")


def test_a_text_file_is_handed_out_and_never_shown_inline(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    answer = upload(ann, b"line 1\nline 2\n", "client.log")
    got = ann.client.get(answer["url"])
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "html" not in got.mimetype


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200, "setup.exe"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200, "picture.png"),
        (b"<html><script>alert(1)</script></html>", "page.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"),
        (b"#!/bin/sh\nrm -rf /\n", "run.sh"),
        (b"", "empty.txt"),
    ],
)
def test_what_could_do_harm_is_refused(app: Flask, login_as: LoginAs, data: bytes, name: str) -> None:
    a_member("ann")
    answer = upload(login_as("ann"), data, name, status=422)
    assert answer["error"]
    assert db.session.scalar(select(Attachment)) is None


def test_something_must_be_sent(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    ann.post("/files", {}, status=422)
    assert "Choose a file" in str(ann.json)


def test_names_of_files_lead_nowhere(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    for name in ("../../etc/passwd.txt", ".hidden.txt", "con.txt", "x](javascript:alert(1)).txt", "名\u202egnp.txt"):
        answer = upload(ann, b"words", name)
        kept = db.session.scalar(select(Attachment.name).order_by(Attachment.id.desc()).limit(1)) or ""
        assert not set("/\\\r\n\u202e") & set(kept), kept
        assert ann.client.get(answer["url"]).status_code == 200
        assert answer["markdown"].count("](") == 1, answer


def test_before_its_post_is_saved_only_its_uploader_sees_a_file(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    a_member("boss", role="admin")
    ann, boss = login_as("ann"), login_as("boss")
    url = upload(ann, a_photograph(), "a.jpg")["url"]
    assert [status_of(app, who, url) for who in (ann, boss, None)] == [200, 404, 404]


def test_a_file_of_a_post_is_seen_by_its_readers(app: Flask, login_as: LoginAs) -> None:
    space = a_space("inner", visibility="members")
    a_member("ann", member_of=[space])
    a_member("bea", member_of=[space])
    a_member("eve")
    a_member("mod", super_user_in=[space])
    thread = a_thread(space)
    ann, bea, eve, mod = (login_as(handle) for handle in ("ann", "bea", "eve", "mod"))
    sent = upload(ann, a_photograph(), "a.jpg")
    url = sent["url"]
    ann.post(f"/threads/{thread.id}/replies", {"body": f"Look: {sent['markdown']}"}, follow=True)
    assert ann.select(f"img[src='{url}']")
    assert [status_of(app, who, url) for who in (ann, bea, mod, eve, None)] == [200, 200, 200, 404, 404]
    post = thread.posts[-1]
    operations.hide_post(post, by_id=thread.author_id, reason="not for all")
    assert [status_of(app, who, url) for who in (bea, mod, eve, None)] == [404, 200, 404, 404]


def test_nobody_takes_over_the_file_of_somebody_else(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    a_member("eve")
    thread = a_thread()
    ann, eve = login_as("ann"), login_as("eve")
    url = upload(ann, a_photograph(), "a.jpg")["url"]
    eve.post(f"/threads/{thread.id}/replies", {"body": f"![mine]({url})"}, follow=True)
    assert status_of(app, eve, url) == 404
    assert db.session.scalar(select(Attachment.post_id)) is None


def test_a_file_belongs_to_the_first_post_that_shows_it(app: Flask, login_as: LoginAs) -> None:
    inner = a_space("inner", visibility="members")
    a_member("ann", member_of=[inner])
    hidden, shown = a_thread(inner), a_thread()
    ann = login_as("ann")
    url = upload(ann, a_photograph(), "a.jpg")["url"]
    for thread in (hidden, shown):
        ann.post(f"/threads/{thread.id}/replies", {"body": f"![a]({url})"}, follow=True)
    assert status_of(app, None, url) == 404


def test_a_file_that_the_store_has_lost_is_not_there(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    ann = login_as("ann")
    url = upload(ann, a_photograph(), "a.jpg")["url"]
    app.extensions["isthmus.storage"].delete(url.removeprefix("/"))
    assert status_of(app, ann, url) == 404


def test_a_request_beyond_the_limit_is_refused(app: Flask, login_as: LoginAs) -> None:
    a_member("ann")
    thread = a_thread()
    a_reply(thread)
    ann = login_as("ann")
    ann.post(f"/threads/{thread.id}/replies", {"body": "x" * (10 * 1024 * 1024)}, status=413)
    assert thread.reply_count == 1

"""Files that a package above brings: checked like uploads, shown below the words, read by who reads the words."""

import pytest
from flask import Flask
from sqlalchemy import select

from community import public
from community.core.db import db
from community.core.images import UploadRefused
from community.core.storage import FileMissing
from community.forum import operations
from community.forum.models import Attachment, Thread
from tests.conftest import LoginAs
from tests.factories import a_member, a_space, a_thread

LOG = b"line 1\n"


def said(thread: Thread, body: str = "See this") -> int:
    """Words of the desk with a file; the post's id."""
    files = public.take_in_file("client.log", LOG, ["0123456789abcdef"])
    return public.reply_from_desk(thread.id, author_id=a_member(role="agent").id, body=body, files=files)


def test_files_stand_below_the_words_and_belong_to_the_post(app: Flask, login_as: LoginAs) -> None:
    thread = a_thread(author=a_member("ann"))
    post = public.post_snapshot_of(said(thread))
    assert post is not None
    assert post.body == "See this\n\n[client.log](/files/0123456789abcdef.log)"
    assert (post.attachments, post.attachment_keys) == (("client.log",), ("0123456789abcdef.log",))
    (file,) = public.files_of_posts([post.id])[post.id]
    assert (file.name, file.size, file.thread_id, file.hidden) == ("client.log", len(LOG), thread.id, False)
    assert public.files_by_keys([file.key]) == {file.key: file}
    assert public.file_content(file.key) == LOG
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert ann.select("a[href='/files/0123456789abcdef.log']")


def test_words_may_be_nothing_but_files(app: Flask) -> None:
    post = public.post_snapshot_of(said(a_thread(), body=""))
    assert post is not None
    assert post.body == "[client.log](/files/0123456789abcdef.log)"


def test_a_file_of_a_closed_space_or_a_hidden_text_is_not_for_everybody(app: Flask) -> None:
    thread = a_thread(a_space("inner", visibility="members"))
    said(thread)
    assert app.test_client().get("/files/0123456789abcdef.log").status_code == 404
    operations.hide_post(thread.posts[-1], by_id=thread.author_id, reason="mistake")
    assert public.files_by_keys(["0123456789abcdef.log"])["0123456789abcdef.log"].hidden


def test_taken_in_twice_it_is_kept_once_and_no_row_knows_it(app: Flask) -> None:
    first, second = (public.take_in_file("client.log", LOG, ["a" * 24, "b" * 24]) for _turn in range(2))
    assert first == second
    assert {file.key for file in first} == {f"{'a' * 24}.log", f"{'b' * 24}.log"}
    assert db.session.scalar(select(Attachment)) is None
    assert public.files_of_posts([]) == public.files_by_keys([]) == {}


def test_what_uploads_refuse_is_refused(app: Flask) -> None:
    for name, data in (("page.html", b"<html></html>"), ("large.log", b"x" * (public.upload_limit() + 1))):
        with pytest.raises(UploadRefused):
            public.take_in_file(name, data, ["a" * 24])
    with pytest.raises(FileMissing):
        public.file_content(f"{'a' * 24}.html")

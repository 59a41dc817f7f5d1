"""Files come home with the desk's words: once, checked like uploads, and read by those who read the words."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from bridge.desks.contract import DeskStatus, DeskUnreachableError
from bridge.handovers import attaching, receiving
from bridge.handovers.models import DeskMessage, HandOver, ServiceDesk
from bridge.queries.models import Query, Status
from bridge.queries.promotion import join
from community import public
from community.core.db import db, transaction
from community.core.storage import StorageError
from community.forum import operations as forum
from community.forum.models import Attachment, Thread
from tests.bridge.handovers.conftest import Later
from tests.bridge.handovers.crossing import a_picture, attachments, from_desk, look_again, uploaded
from tests.bridge.handovers.paper import Paper
from tests.conftest import LoginAs, RunJobs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query

LOG = b"the gateway answers\n"


@pytest.fixture
def thread(app: Flask, desk: ServiceDesk, run_jobs: RunJobs) -> Thread:
    """A thread whose query is at the desk."""
    made = a_thread(author=a_member("ann"))
    a_query(made)
    run_jobs()
    return made


def joined(thread: Thread, **fields: object) -> Thread:
    """Another thread that travels with the same query."""
    other = a_thread(author=a_member(), **fields)  # type: ignore[arg-type]
    snapshot = public.thread_snapshot(other.id)
    query = db.session.scalars(select(Query)).one()
    assert snapshot is not None
    join(query, snapshot, by_id=thread.author_id)
    return other


def test_files_come_with_the_words_and_once(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, login_as: LoginAs
) -> None:
    paper.agent("1", says="See these", files={"steps.txt": LOG, "where.png": a_picture()})
    for _turn in range(3):
        look_again(desk, run_jobs)
    (post,) = from_desk(thread)
    text, picture = attachments(thread)
    assert post.body == f"See these\n\n[steps.txt](/files/{text.key})\n\n![where.png](/files/{picture.key})"
    assert post.attachments == ("steps.txt", "where.png")
    assert {text.member_id, picture.member_id} == {desk.speaker_id}
    assert (text.kind, text.size, picture.kind, picture.width) == ("text", len(LOG), "image", 8)
    assert paper.log.count("fetch") == 2
    client = app.test_client()
    assert client.get(f"/files/{text.key}").data == LOG
    assert Image.open(io.BytesIO(client.get(f"/files/{picture.key}").data)).size == (8, 8)
    ann = login_as("ann")
    ann.get(f"/threads/{thread.id}")
    assert ann.select(f"img[src='/files/{picture.key}']")


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        (DeskStatus.RESOLVED, Status.RESOLVED),
        (DeskStatus.REJECTED, Status.DECLINED),
        (DeskStatus.WAITING_USER, Status.WAITING_USER),
    ],
)
def test_an_answer_a_reason_and_a_question_bring_theirs(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, status: DeskStatus, ends: Status
) -> None:
    paper.agent("1", says="It is in here", status=status, files={"steps.txt": LOG})
    look_again(desk, run_jobs)
    (post,) = from_desk(thread)
    assert post.attachments == ("steps.txt",)
    assert post.proposed == (status == DeskStatus.RESOLVED)
    assert db.session.scalars(select(Query.status)).one() == ends


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("report.exe", b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200, "files of this kind are not shown here"),
        ("page.html", b"<html><script>alert(1)</script></html>", "files of this kind are not shown here"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "files of this kind"),
        ("picture.png", b"\x89PNG\r\n\x1a\n broken", "or it is damaged"),
        ("huge.log", b"x" * (8 * 1024 * 1024 + 1), "it is larger than 8 MB"),
    ],
)
def test_what_is_refused_is_named_with_its_reason(
    app: Flask,
    desk: ServiceDesk,
    paper: Paper,
    run_jobs: RunJobs,
    thread: Thread,
    name: str,
    data: bytes,
    reason: str,
) -> None:
    paper.agent("1", says="Take this", files={name: data, "fine.log": LOG})
    look_again(desk, run_jobs)
    (post,) = from_desk(thread)
    assert f"Take this\n\n{name} stays at the service desk: " in post.body
    assert reason in post.body
    assert post.attachments == ("fine.log",)
    kept = db.session.scalars(select(DeskMessage).where(DeskMessage.state == "received")).one()
    assert [(file["name"], bool(file["stays"]), bool(file["key"])) for file in kept.files] == [
        (name, True, False),
        ("fine.log", False, True),
    ]


def test_no_more_than_so_many_and_so_much_come_with_one_message(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.agent("1", says="Many", files={f"{number}.log": LOG for number in range(12)})
    look_again(desk, run_jobs)
    assert len(attachments(thread)) == 10
    assert from_desk(thread)[0].body.count("no more than 10 files cross with one message") == 2
    monkeypatch.setattr("bridge.handovers.fetching.MOST_BYTES", 3 * len(LOG))
    paper.agent("1", says="Large", files={"a.log": LOG * 2, "b.log": LOG * 2})
    look_again(desk, run_jobs)
    assert from_desk(thread)[1].attachments == ("a.log",)
    assert f"larger than {attaching.MOST_BYTES // attaching.MEGABYTE} MB together" in from_desk(thread)[1].body


def test_a_silent_desk_keeps_the_words_until_the_files_come(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later, thread: Thread
) -> None:
    def silent(moment: str) -> None:
        if moment in ("fetch", "fetched"):
            raise DeskUnreachableError("connection reset")

    paper.agent("1", says="See this", files={"steps.txt": LOG})
    paper.trouble = silent
    look_again(desk, run_jobs)
    assert from_desk(thread) == []
    paper.trouble = lambda _moment: None
    later(timedelta(minutes=20))
    run_jobs()
    assert from_desk(thread)[0].attachments == ("steps.txt",)


def test_a_file_that_is_gone_at_the_desk_is_named(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread
) -> None:
    paper.agent("1", says="See this", files={"steps.txt": LOG})
    paper.refused = "fetch"
    look_again(desk, run_jobs)
    assert from_desk(thread)[0].body == "See this\n\nsteps.txt stays at the service desk: it cannot be read there."


def test_a_worker_that_dies_between_fetching_and_writing_leaves_nothing_twice(
    app: Flask,
    desk: ServiceDesk,
    paper: Paper,
    run_jobs: RunJobs,
    later: Later,
    thread: Thread,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_given: object) -> None:
        raise RuntimeError("killed")

    paper.agent("1", says="See this", files={"steps.txt": LOG, "where.png": a_picture()})
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "follow", die)
        look_again(desk, run_jobs, failing=True)
    kept = files_kept(app)
    assert len(kept) == 2
    assert db.session.scalar(select(func.count(Attachment.id))) == 0
    later(timedelta(minutes=20))
    look_again(desk, run_jobs, failing=True)
    assert files_kept(app) == kept
    assert len(attachments(thread)) == 2
    assert len(from_desk(thread)) == 1


def files_kept(app: Flask) -> set[str]:
    """All that the storage holds."""
    folder = app.extensions["isthmus.storage"].folder / "files"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_each_thread_s_readers_read_its_own(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread, login_as: LoginAs
) -> None:
    inner = a_space("inner", visibility="members")
    a_member("bea", member_of=[inner])
    a_member("eve")
    other = joined(thread, space=inner)
    run_jobs()
    paper.agent("1", says="See this", files={"steps.txt": LOG})
    look_again(desk, run_jobs)
    (open_file,), (inner_file,) = attachments(thread), attachments(other)
    assert open_file.key != inner_file.key
    assert inner_file.key in from_desk(other)[0].body
    bea, eve = login_as("bea"), login_as("eve")
    assert bea.client.get(f"/files/{inner_file.key}").data == LOG
    assert eve.client.get(f"/files/{inner_file.key}").status_code == 404
    assert eve.client.get(f"/files/{open_file.key}").data == LOG


def test_a_thread_that_joins_meanwhile_gets_the_files_too(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread
) -> None:
    first, others = thread.id, list[int]()

    def join_meanwhile(moment: str) -> None:
        if moment == "fetched" and not others:
            with transaction():
                others.append(joined(db.session.get_one(Thread, first)).id)

    paper.agent("1", says="See this", files={"steps.txt": LOG})
    paper.trouble = join_meanwhile
    look_again(desk, run_jobs)
    other = db.session.get_one(Thread, others[0])
    assert len(attachments(thread)) == 1
    assert len(attachments(other)) == 1
    assert len(from_desk(thread)) == 1


def test_a_storage_that_fails_is_waited_for_in_both_directions(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, later: Later, thread: Thread, login_as: LoginAs
) -> None:
    def fail(*_given: object) -> None:
        raise StorageError("the bucket is away")

    storage, ann = app.extensions["isthmus.storage"], login_as("ann")
    ann.post(f"/threads/{thread.id}/replies", {"body": uploaded(ann, "mine.log", LOG)})
    paper.agent("1", says="See this", files={"steps.txt": LOG})
    for name in ("get", "put"):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(storage, name, fail)
            look_again(desk, run_jobs)
            assert "bucket" in db.session.scalars(select(HandOver.error)).one()
            assert from_desk(thread) == []
        later(timedelta(minutes=20))
    look_again(desk, run_jobs)
    assert [file.name for file in paper.sheets["1"].taken] == ["mine.log"]
    assert from_desk(thread)[0].attachments == ("steps.txt",)
    assert db.session.scalars(select(HandOver.error)).one() == ""


def test_our_own_sentences_are_in_the_desk_s_language_there_and_not_here(
    app: Flask, desk: ServiceDesk, paper: Paper, run_jobs: RunJobs, thread: Thread
) -> None:
    desk.options = {"language": "zh-Hans"}
    opening = thread.posts[0]
    for body in ("first", "second"):
        post = a_reply(thread, thread.author, body=body)
        run_jobs()
    forum.edit_post(post, editor_id=opening.author_id, body="third")
    paper.agent("1", status=DeskStatus.RESOLVED)
    look_again(desk, run_jobs)
    assert "The author changed" not in paper.sheets["1"].comments[-1].text
    assert from_desk(thread)[0].body == "The service desk has solved this."

import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core import indexing
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.indexing import SearchPending
from community.core.jobs import Delivery
from community.core.search.documents import Reader
from community.forum.models import Post, PostRevision, State, Thread, ThreadTag
from community.importing import models
from community.importing.handlers import relate
from community.importing.queries import NewPlace, new_place
from community.importing.stackexchange import MalformedDumpError, NotADumpError, Summary
from community.spaces.models import Space
from tests.community.importing import stackexchange_dumps as dumps
from tests.community.importing.stackexchange_picture import everything, picture_now, picture_of_file

ROOT = Path(__file__).resolve().parents[3]
Import = Callable[..., Summary]


def thread_called(title: str) -> Thread:
    return db.session.scalars(select(Thread).where(Thread.title == title)).one()


@pytest.fixture
def small(tmp_path: Path, bring_in: Import) -> Summary:
    return bring_in(dumps.small_dump(tmp_path / "bicycles-meta"))


def test_threads_hold_answers_and_comments_in_time_order(small: Summary) -> None:
    thread = thread_called("How to fix a flat?")
    posts = [(post.number, post.author.name, post.body) for post in thread.posts]
    assert posts == [
        (1, "Ann Lee", "second *words* wrapped"),
        (2, "骑车人", "\\# which tyre?"),
        (3, "Ann Lee", "Patch it"),
        (4, "user77", "Use `glue`"),
        (5, "gone9", f"> [re: answer by user77](/posts/{thread.solution_id})\n\nThanks @Ann"),
    ]
    assert [post.reply_to_id for post in thread.posts] == [None, None, None, None, thread.solution_id]
    assert (thread.state, thread.reply_count, thread.view_count) == (State.SOLVED, 4, 40)
    assert thread.hidden_at is None
    assert thread.last_activity_at == thread.posts[-1].created_at
    assert thread.tags == ["bikes", "wheels"]


def test_closed_and_unanswered_threads_keep_their_state(small: Summary) -> None:
    closed, alone = thread_called("Closed one"), thread_called("No answer")
    assert (closed.state, closed.author.name) == (State.CLOSED, "gone9")
    assert (alone.state, alone.solution_id, alone.author.name) == (State.OPEN, None, "Community")
    assert alone.tags == ["c#", "wheels"]
    assert sorted(db.session.scalars(select(ThreadTag.tag).where(ThreadTag.thread_id == alone.id))) == alone.tags


def test_votes_are_totals_and_facts(small: Summary) -> None:
    thread = thread_called("How to fix a flat?")
    answer = db.session.get_one(Post, thread.solution_id)
    assert answer.helpful_count == 7
    assert thread.posts[1].helpful_count == 2
    kept = {(v.type_id, v.number) for v in db.session.scalars(select(models.ImportedVotes)) if v.post_id == answer.id}
    assert kept == {(2, 7), (3, 1), (1, 1)}
    rows = list(db.session.scalars(select(EventRecord).order_by(EventRecord.id)))
    votes = [row for row in rows if row.name == "importing.votes.imported"]
    assert {(row.subject, row.payload["post_id"]) for row in votes} == {(f"thread:{thread.id}", answer.id)}
    days = [(row.at.date().isoformat(), row.payload["helpful"], row.payload["unhelpful"]) for row in votes]
    assert days == [*((f"2020-05-{day:02}", 1, 0) for day in range(2, 9)), ("2020-05-21", 0, 1)]
    accepted = {row.name: row.payload for row in rows}["importing.acceptance.imported"]
    assert (accepted["post_id"], accepted["solver_id"]) == (answer.id, answer.author_id)
    assert thread.solved_at is not None
    assert thread.solved_at.date().isoformat() == "2020-05-22"


def test_revisions_are_the_texts_before_each_edit(small: Summary) -> None:
    (revision,) = db.session.scalars(select(PostRevision))
    assert (revision.title, revision.body, revision.reason) == (
        "How to fix a flat",
        "first *words*",
        "clearer",
    )
    assert revision.editor.email == "se-2@bicycles-meta.import.invalid"
    assert (revision.post.revision_count, revision.post.edited_at) == (1, revision.at)
    kept = {row.old_id: row.text for row in db.session.scalars(select(models.ImportedHistory))}
    assert kept == {3: "<bikes>", 6: '{"OriginalQuestionIds":[1]}', 8: "Short"}


def test_members_cannot_sign_in_and_have_handles_of_their_own(small: Summary) -> None:
    members = list(db.session.scalars(select(Member).order_by(Member.id)))
    assert {(m.password_hash, m.email_confirmed_at) for m in members} == {("", None)}
    assert all(re.fullmatch(r"se-[a-z0-9-]+@bicycles-meta\.import\.invalid", m.email) for m in members)
    assert all(re.fullmatch(r"[a-z0-9-]{2,30}", m.handle) for m in members)
    assert [m.handle for m in members[:4]] == ["community", "ann-lee", "ann-lee-2", "user-3"]
    assert "<strong>ride</strong>" in members[1].about_html
    profile = db.session.get_one(models.ImportedProfile, members[1].id)
    assert (profile.location, profile.website, profile.reputation) == ("Ulm", "https://a.example", 101)


def test_badges_links_and_tags_are_kept(small: Summary) -> None:
    (badge,) = db.session.scalars(select(models.ImportedBadge))
    assert (badge.name, badge.grade) == ("Teacher", 2)
    links = sorted(db.session.scalars(select(models.ImportedLink.kind)))
    assert links == ["duplicate", "linked"]
    tags = {t.name: (t.number, t.excerpt, t.description) for t in db.session.scalars(select(models.ImportedTag))}
    assert tags == {"bikes": (2, "Short", "Long"), "wheels": (1, "", "")}


def test_the_summary_counts_what_came_and_what_did_not(small: Summary) -> None:
    assert dict(small.imported) == {
        "users": 4,
        "tags": 2,
        "tags on questions": 6,
        "questions": 3,
        "answers": 2,
        "revisions and history": 7,
        "tag descriptions": 2,
        "comments": 2,
        "votes": 10,
        "links": 2,
        "badges": 1,
        "accepted answers": 1,
    }
    assert dict(small.skipped) == {
        ("accepted answers", "the answer is not in the dump, or not one to this question"): 1,
        ("answers", "the question is not in the dump"): 1,
        ("badges", "the user is not in the dump"): 1,
        ("comments", "the post is not in the dump"): 1,
        ("links", "one of the posts is not in the dump"): 1,
        ("links", "the same link again"): 1,
        ("posts", "posts of type 6 have no place here"): 1,
        ("revisions and history", "the post is not in the dump"): 1,
        ("tag descriptions", "no tag in the dump has it"): 1,
        ("votes", "on the description of a tag"): 1,
        ("votes", "the post is not in the dump"): 1,
    }
    lines = list(small.lines())
    assert lines[0] == "Imported into Bicycles Meta:"
    assert "          3  questions" in lines
    assert "          1  links: the same link again" in lines


def test_counters_and_the_index_follow(small: Summary) -> None:
    space = db.session.scalars(select(Space)).one()
    assert space.tags == ["bikes", "wheels"]
    assert (space.name, space.slug, space.thread_count) == ("Bicycles Meta", "bicycles-meta", 3)
    waiting = {(row.kind, row.document_id) for row in db.session.scalars(select(SearchPending))}
    replies = set(db.session.scalars(select(Post.id).where(Post.number > 1)))
    assert waiting == {("thread", id_) for id_ in db.session.scalars(select(Thread.id))} | {
        ("post", id_) for id_ in replies
    }


def test_old_addresses_lead_to_new_places(small: Summary) -> None:
    thread = thread_called("How to fix a flat?")
    assert new_place("/questions/1/how-to-fix-a-flat") == NewPlace("post", thread.posts[0].id)
    assert new_place("/q/1") == new_place("/questions/1")
    assert new_place("/a/11") == NewPlace("post", thread.solution_id or 0)
    assert new_place("/users/1/ann") == NewPlace("user", thread.author_id)
    assert new_place("/posts/comments/1") == NewPlace("comment", thread.posts[1].id)
    bikes = db.session.scalars(select(models.ImportedTag.id).where(models.ImportedTag.name == "bikes")).one()
    assert new_place("/tags/bikes") == NewPlace("tag", bikes)
    for unknown in ("/questions/404", "/", "/questions/x", "/users", "/questions/1", "/about/1"):
        assert new_place(unknown, source="stackexchange:elsewhere") is None


def test_running_twice_changes_nothing(tmp_path: Path, bring_in: Import) -> None:
    folder = dumps.small_dump(tmp_path / "dump")
    first = bring_in(folder)
    before = everything()
    second = bring_in(folder)
    assert everything() == before
    assert first.changed
    assert not second.changed
    for kind in ("users", "questions", "answers", "comments", "votes", "badges", "revisions and history"):
        assert second.present[kind] == first.imported[kind]


def test_a_newer_dump_adds_to_threads(tmp_path: Path, bring_in: Import) -> None:
    folder = dumps.small_dump(tmp_path / "dump")
    bring_in(folder)
    thread = thread_called("How to fix a flat?")
    version, last = thread.version, thread.posts[-1].id
    dumps.write_file(folder, "Comments", [dumps.comment(9, 1, 1, "early", CreationDate="2020-02-03T00:00:00")])
    dumps.write_file(folder, "Votes", [dumps.vote(99, 11, 2)])
    summary = bring_in(folder)
    assert {kind: n for kind, n in summary.imported.items() if n} == {"comments": 1, "votes": 1}
    thread = thread_called("How to fix a flat?")
    assert [post.number for post in thread.posts] == [1, 2, 3, 4, 5, 6]
    assert (thread.posts[1].body, thread.posts[-1].id) == ("early", last)
    assert thread.reply_count == 5
    assert thread.version > version
    facts = [row.payload for row in db.session.scalars(select(EventRecord).order_by(EventRecord.id))]
    assert [f["helpful"] for f in facts if "helpful" in f] == [*[1] * 7, 0, 1]


def test_the_same_users_of_another_dump_are_others(tmp_path: Path, bring_in: Import) -> None:
    bring_in(dumps.small_dump(tmp_path / "one"), space="Help")
    bring_in(dumps.small_dump(tmp_path / "two"), space="Help")
    assert [s.thread_count for s in db.session.scalars(select(Space))] == [6]
    with pytest.raises(NotADumpError, match="was imported into 'Help' before"):
        bring_in(tmp_path / "one", space="Other")


def test_imported_threads_are_found_and_related(small: Summary, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    assert db.session.scalar(select(func.count()).select_from(SearchPending)) == 0
    found = indexing.index().similar(
        "fix flat", Reader(frozenset(db.session.scalars(select(Space.id))), frozenset({"public"})), limit=5
    )
    assert thread_called("How to fix a flat?").id in [hit.thread_id or hit.id for hit in found]


XSS = '<script>x()</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>"\'><svg onload=x>'


def test_hostile_texts_stay_texts(tmp_path: Path, bring_in: Import) -> None:
    folder = dumps.write_dump(
        tmp_path / "hostile",
        Users=[dumps.user(1, XSS, AboutMe=XSS), dumps.user(2, "\u202eevil\x85"), dumps.user(3, "")],
        Posts=[
            dumps.question(1, 1, XSS * 4, XSS, Tags=f'<{"t" * 90}><a"b>'),
            dumps.question(2, 2, "", "<b>" * 3000),
            dumps.answer(3, 3, 1, "[" * 3000),
            dumps.answer(4, 10**17, 1, "", Score=10**17),
        ],
        PostHistory=[dumps.entry(1, 3, 2, XSS), dumps.entry(2, 3, 5, "[x](javascript:alert(1))")],
        Comments=[dumps.comment(1, 1, 3, XSS, Score=10**17)],
        Votes=[dumps.vote(10**17, 3, 2)],
    )
    summary = bring_in(folder)
    html = "".join(db.session.scalars(select(Post.html)).all() + db.session.scalars(select(Member.about_html)).all())
    assert not re.search(r"<script|<svg|<img|javascript:[^<]*\"|\son\w+=[^&]*>", re.sub(r">[^<]*<", "><", html))
    assert db.session.scalar(select(func.max(func.length(Thread.title)))) == 160
    assert summary.noted["questions", "title cut to 160 characters"] == 1
    assert {len(tag) <= 40 for tag in db.session.scalars(select(ThreadTag.tag))} == {True}
    assert thread_called("Question 2").posts[0].number == 1


def test_rows_given_twice_are_counted(tmp_path: Path, bring_in: Import) -> None:
    rows = [dumps.question(1, 1, "A", "<p>a</p>"), dumps.question(1, 1, "A", "<p>a</p>")]
    summary = bring_in(dumps.write_dump(tmp_path / "twice", Users=[dumps.user(1, "A")], Posts=rows))
    assert summary.imported["questions"] == 1
    assert summary.skipped["questions", "the same Id again in this file"] == 1


def test_a_folder_without_users_or_posts_is_no_dump(tmp_path: Path, bring_in: Import) -> None:
    with pytest.raises(NotADumpError, match=r"Users\.xml and Posts\.xml not found"):
        bring_in(tmp_path)
    assert db.session.scalar(select(func.count()).select_from(Space)) == 0


def test_missing_files_are_named(tmp_path: Path, bring_in: Import) -> None:
    folder = dumps.small_dump(tmp_path / "dump")
    (folder / "Votes.xml").unlink()
    assert bring_in(folder).skipped["Votes", "the file is not in the folder"] == 1


@pytest.mark.parametrize("name", dumps.FILES)
def test_a_malformed_file_leaves_the_batch_out_and_is_continued(
    tmp_path: Path, bring_in: Import, start_again: Callable[[], None], name: str
) -> None:
    folder = dumps.small_dump(tmp_path / "dump")
    path = folder / f"{name}.xml"
    bring_in(folder)
    untroubled = picture_now()
    start_again()
    whole = path.read_text(encoding="utf-8")
    lines = whole.split("\n")
    path.write_text("\n".join([*lines[:-2], '  <row Id="x" />', *lines[-2:]]), encoding="utf-8")
    with pytest.raises(MalformedDumpError, match=rf"{name}\.xml, line {len(lines) - 1}: Id is not a whole number"):
        bring_in(folder)
    table = {"Users": Member, "Votes": models.ImportedVotes, "Badges": models.ImportedBadge}.get(name)
    if table is not None:
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    path.write_text(whole, encoding="utf-8")
    bring_in(folder)
    assert picture_now() == untroubled


def run_program(database: Path, folder: Path) -> "subprocess.Popen[str]":
    program = Path(__file__).with_name("stackexchange_app.py")
    return subprocess.Popen(
        [sys.executable, str(program), str(database), str(folder), "50"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_at(database: Path, folder: Path, step: str, reports: int) -> None:
    """Kill an import at the n-th report of a step, wherever that finds it."""
    process = run_program(database, folder)
    assert process.stdout is not None
    matching = (line for line in process.stdout if line.startswith(step))
    for _line in itertools.islice(matching, reports):
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_a_killed_import_is_continued(tmp_path: Path) -> None:
    folder = dumps.large_dump(tmp_path / "large")
    for step, reports in (("Users", 1), ("Posts (answers)", 1), ("Comments", 2), ("Threads", 2)):
        kill_at(tmp_path / "killed.db", folder, step, reports)
    for database in ("killed.db", "clean.db"):
        run_program(tmp_path / database, folder).communicate()
    killed, clean = picture_of_file(tmp_path / "killed.db"), picture_of_file(tmp_path / "clean.db")
    assert killed == clean
    assert len(clean["threads"]) == 110
    assert clean["pending"] == []


@pytest.mark.skipif(not dumps.sample_dumps(), reason=dumps.NO_SAMPLES)
@pytest.mark.databases("sqlite")
def test_real_communities_come_whole(tmp_path: Path, bring_in: Import) -> None:
    for folder in dumps.sample_dumps():
        summary = bring_in(folder)
        rows = {
            name: len(re.findall(r"^\s*<row ", (folder / f"{name}.xml").read_text("utf-8"), re.MULTILINE))
            for name in dumps.FILES
        }
        done = summary.imported
        left = {kind: sum(n for (k, _), n in summary.skipped.items() if k == kind) for kind, _ in summary.skipped}
        assert done["users"] == rows["Users"]
        assert (
            done["questions"]
            + done["answers"]
            + done["tag descriptions"]
            + left.get("posts", 0)
            + left.get("answers", 0)
            + left.get("tag descriptions", 0)
            == rows["Posts"]
        )
        for kind, name in (
            ("comments", "Comments"),
            ("votes", "Votes"),
            ("badges", "Badges"),
            ("links", "PostLinks"),
            ("revisions and history", "PostHistory"),
        ):
            assert done[kind] + left.get(kind, 0) == rows[name]
    assert scores_that_differ() == 0
    before = everything()
    for folder in dumps.sample_dumps():
        assert not bring_in(folder).changed
    assert everything() == before


def scores_that_differ() -> int:
    """Questions and answers whose score is not helpful votes less unhelpful ones."""
    votes = models.ImportedVotes
    down = select(votes.number).where(votes.post_id == Post.id, votes.type_id == 3).scalar_subquery()
    mapped = select(models.ImportMap.new_id).where(models.ImportMap.kind == "post")
    wrong = (
        select(func.count())
        .select_from(Post)
        .join(models.ImportedPost, models.ImportedPost.post_id == Post.id)
        .where(Post.id.in_(mapped), models.ImportedPost.score != Post.helpful_count - func.coalesce(down, 0))
    )
    return db.session.scalar(wrong) or 0


def test_threads_wait_for_the_index_before_they_are_related(small: Summary) -> None:
    space_id = db.session.scalars(select(Space.id)).one()
    before = set(db.session.scalars(select(Delivery.id)))
    relate(space_id, after=0)
    db.session.flush()
    later = db.session.scalars(select(Delivery).where(Delivery.id.not_in(before))).one()
    assert later.args == {"space_id": space_id, "after": 0}
    assert later.run_at > utcnow()
    db.session.rollback()


def test_handles_that_are_all_taken_get_another_number(tmp_path: Path, bring_in: Import) -> None:
    for number, handle in enumerate(("ann", "ann-1", "ann-1-2")):
        db.session.add(Member(handle=handle, name=handle, email=f"{number}@example.org"))
    db.session.commit()
    bring_in(dumps.write_dump(tmp_path / "dump", Users=[dumps.user(1, "Ann"), dumps.user(2, "ANN")]))
    imported = select(Member.handle).where(Member.email.endswith(".invalid")).order_by(Member.id)
    assert list(db.session.scalars(imported)) == ["ann-1-3", "ann-2"]

"""Votes that an import brought in are points, as those given here are."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select

from community.accounts.loading import actor_for
from community.accounts.models import Member
from community.core import cli as kernel
from community.core.db import db
from community.core.jobs import Delivery
from community.forum import operations
from community.forum.models import Post
from community.importing import cli
from community.importing.models import ImportMap
from gamification.models import BadgeAward, LedgerEntry
from gamification.public import standing_of
from gamification.queries import helped_lately
from gamification.rebuilding import rebuild
from gamification.rules import HELPFUL
from tests.community.importing import stackexchange_dumps as dumps
from tests.community.importing.stackexchange_picture import everything
from tests.conftest import RunJobs
from tests.factories import a_member

BICYCLES = dumps.sample_dumps("bicycles-meta")


@pytest.fixture(autouse=True)
def _application_of_the_test(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(kernel, "application", lambda: app)


def import_dump(folder: Path) -> None:
    db.session.rollback()
    result = CliRunner().invoke(cli.import_group, ["stackexchange", str(folder)])
    assert result.exit_code == 0, result.output


def vote(number: int, post: int, day: int, kind: int = 2) -> dict[str, object]:
    return {**dumps.vote(number, post, kind), "CreationDate": f"2020-05-{day:02}T00:00:00.000"}


def a_dump(folder: Path) -> Path:
    """Two answers of Bo's: one found helpful twice on a day and once on the next, one as often as a day allows."""
    return dumps.write_dump(
        folder,
        Users=[dumps.user(1, "Ann"), dumps.user(2, "Bo")],
        Posts=[
            dumps.question(1, 1, "How to fix a flat?", "<p>a</p>"),
            dumps.answer(2, 2, 1, "<p>Patch it</p>"),
            dumps.answer(3, 2, 1, "<p>Glue it</p>"),
        ],
        Votes=[
            *(vote(1, 2, 4), vote(2, 2, 4), vote(3, 2, 5), vote(4, 2, 5, kind=3), vote(5, 1, 5), vote(6, 1, 5, kind=5)),
            *(vote(number, 3, 9) for number in range(10, 19)),
        ],
    )


def member_called(name: str) -> Member:
    return db.session.scalars(select(Member).where(Member.name == name)).one()


def points_of(name: str) -> int:
    db.session.expire_all()
    return standing_of(member_called(name).id).points


def ledger_of(name: str) -> list[tuple[str, int, str]]:
    rows = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.member_id == member_called(name).id).order_by(LedgerEntry.id)
    )
    return [(row.rule, row.points, row.at.date().isoformat()) for row in rows]


def test_votes_are_points_of_the_day_they_were_given_on(tmp_path: Path, run_jobs: RunJobs) -> None:
    import_dump(a_dump(tmp_path / "dump"))
    run_jobs()
    assert ledger_of("Ann") == [(HELPFUL, 5, "2020-05-05")]
    assert ledger_of("Bo") == [
        (HELPFUL, 10, "2020-05-04"),
        (HELPFUL, 5, "2020-05-05"),
        (HELPFUL, 45, "2020-05-09"),
        ("helpful.limit", -5, "2020-05-09"),
    ]
    assert (points_of("Ann"), points_of("Bo")) == (5, 55)
    before = sorted(ledger_of("Bo"))
    rebuild()
    assert sorted(ledger_of("Bo")) == before
    assert points_of("Bo") == 55


def test_each_vote_counts_for_badges_and_on_the_profile(tmp_path: Path, run_jobs: RunJobs) -> None:
    import_dump(a_dump(tmp_path / "dump"))
    run_jobs()
    bo = member_called("Bo")
    award = db.session.scalars(select(BadgeAward).where(BadgeAward.member_id == bo.id)).one()
    assert (award.badge, award.at.date().isoformat()) == ("helping-hand", "2020-05-09")
    reader = a_member()
    db.session.commit()
    (helped,) = helped_lately(actor_for(reader.id), bo.id)
    assert (helped.votes, helped.accepted) == (12, False)


def test_a_thread_is_settled_once_however_many_votes_it_had(tmp_path: Path, run_jobs: RunJobs) -> None:
    import_dump(a_dump(tmp_path / "dump"))
    ours = select(func.count()).select_from(Delivery).where(Delivery.handler.startswith("gamification."))
    assert db.session.scalar(ours) == 1


def test_a_second_import_gives_nothing_and_a_newer_dump_only_what_is_new(tmp_path: Path, run_jobs: RunJobs) -> None:
    folder = a_dump(tmp_path / "dump")
    import_dump(folder)
    run_jobs()
    before = everything()
    import_dump(folder)
    run_jobs()
    assert everything() == before
    dumps.write_file(folder, "Votes", [vote(3, 2, 5), vote(99, 2, 20)])
    import_dump(folder)
    run_jobs()
    assert ledger_of("Bo")[4:] == [(HELPFUL, 5, "2020-05-20")]
    assert points_of("Bo") == 60


def test_an_import_that_was_stopped_gives_each_vote_once(tmp_path: Path, run_jobs: RunJobs) -> None:
    folder = a_dump(tmp_path / "dump")
    links = folder / "PostLinks.xml"
    whole = links.read_text("utf-8")
    links.write_text("<postlinks>\n<row Id=")
    result = CliRunner().invoke(cli.import_group, ["stackexchange", str(folder)])
    assert result.exit_code == 1
    run_jobs()
    assert points_of("Bo") == 0
    links.write_text(whole, encoding="utf-8")
    import_dump(folder)
    run_jobs()
    assert points_of("Bo") == 55


def test_a_hidden_post_loses_its_imported_votes_and_real_ones_add_to_them(tmp_path: Path, run_jobs: RunJobs) -> None:
    import_dump(a_dump(tmp_path / "dump"))
    run_jobs()
    post = db.session.scalars(select(Post).where(Post.body == "Patch it")).one()
    reader = a_member()
    operations.mark_helpful(post, member_id=reader.id)
    run_jobs()
    assert points_of("Bo") == 60
    operations.hide_post(post, by_id=reader.id, reason="wrong thread")
    run_jobs()
    assert points_of("Bo") == 40
    operations.restore_post(post, by_id=reader.id)
    run_jobs()
    assert points_of("Bo") == 60


def rows_of(folder: Path, name: str) -> Iterator[dict[str, str]]:
    for _event, row in ElementTree.iterparse(folder / f"{name}.xml"):
        if row.tag == "row":
            yield dict(row.attrib)


def points_by_hand(folder: Path) -> Counter[str]:
    """What each author of questions and answers has earned by the table of the rules, from the files alone."""
    posts = {row["Id"]: row for row in rows_of(folder, "Posts") if row["PostTypeId"] in "12"}
    owner = {number: row["OwnerUserId"] for number, row in posts.items() if "OwnerUserId" in row}
    points, per_day, per_post = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for row in sorted(rows_of(folder, "Votes"), key=lambda row: int(row["Id"])):
        if row["VoteTypeId"] == "2" and row["PostId"] in owner and per_post[row["PostId"]] < 50:
            per_post[row["PostId"]] += 5
            per_day[owner[row["PostId"]], row["CreationDate"][:10]] += 5
    for (author, _day), number in per_day.items():
        points[author] += min(number, 40)
    for row in posts.values():
        answer = posts.get(row.get("AcceptedAnswerId", ""), {})
        asker, solver = row.get("OwnerUserId", "gone"), answer.get("OwnerUserId", "gone")
        if asker != solver and answer.get("ParentId") == row["Id"]:
            points.update({solver: 15, asker: 2})
    return points


# On SQLite only: the import itself is tested on both databases, and so is the ledger.
@pytest.mark.skipif(not BICYCLES, reason=dumps.NO_SAMPLES)
@pytest.mark.databases("sqlite")
def test_points_of_a_real_community_are_those_counted_by_hand(run_jobs: RunJobs) -> None:
    import_dump(BICYCLES[0])
    db.session.execute(delete(Delivery).where(~Delivery.handler.startswith("gamification.")))
    assert run_jobs() < len(list(rows_of(BICYCLES[0], "Votes"))) / 5
    mapped = db.session.execute(select(ImportMap.old_id, ImportMap.new_id).where(ImportMap.kind == "user"))
    here = {old: standing_of(new).points for old, new in mapped}
    expected = points_by_hand(BICYCLES[0])
    assert expected.most_common(1)[0][1] > 1000
    assert {old: number for old, number in here.items() if number} == {
        old: number for old, number in expected.items() if old in here
    }

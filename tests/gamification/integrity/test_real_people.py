"""The honest people of a real community are not proposed.

Its published votes do not say who gave them. What it does say is who wrote a comment below whose post, and whose answer
was accepted by whom. Comments are as uneven as votes and more mutual, since people answer each other: whoever is not
proposed with them as votes would not be with votes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gamification.integrity.detection import detect
from gamification.integrity.findings import Kind
from gamification.integrity.table import Accepted, Table, Vote
from tests.community.importing import stackexchange_dumps as dumps

BICYCLES = dumps.sample_dumps("bicycles-meta")


def rows_of(folder: Path, name: str) -> Iterator[dict[str, str]]:
    for _event, row in ElementTree.iterparse(folder / f"{name}.xml"):
        if row.tag == "row":
            yield dict(row.attrib)


def moment(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["CreationDate"]).replace(tzinfo=UTC)


def table_of(folder: Path) -> Table:
    """Each comment as one vote of its author for the post's author, and every acceptance, as quick as its answer."""
    posts = {row["Id"]: row for row in rows_of(folder, "Posts") if row.get("OwnerUserId")}
    votes: dict[tuple[int, int], Vote] = {}
    for row in rows_of(folder, "Comments"):
        post, by = posts.get(row["PostId"]), int(row.get("UserId", 0))
        if post is not None and by and by != int(post["OwnerUserId"]):
            asked = posts.get(post.get("ParentId", ""), {}).get("OwnerUserId") == str(by)
            vote = Vote(by, int(post["OwnerUserId"]), int(post["Id"]), 1, moment(row), asked=asked)
            votes.setdefault((by, vote.post), vote)
    accepted = []
    for row in posts.values():
        answer = posts.get(row.get("AcceptedAnswerId", ""))
        if answer is not None and answer["OwnerUserId"] != row["OwnerUserId"]:
            minutes = (moment(answer) - moment(row)).total_seconds() / 60
            people = int(row["OwnerUserId"]), int(answer["OwnerUserId"])
            accepted.append(Accepted(*people, int(row["Id"]), 1, moment(answer), minutes))
    joined = {int(row["Id"]): moment(row) for row in rows_of(folder, "Users")}
    return Table(list(votes.values()), accepted, joined)


@pytest.mark.skipif(not BICYCLES, reason=dumps.NO_SAMPLES)
def test_honest_people_of_a_real_community_are_not_proposed() -> None:
    table = table_of(BICYCLES[0])
    assert len(table.votes) > 1000
    assert len(table.accepted) > 100
    assert detect(table) == []


@pytest.mark.skipif(not BICYCLES, reason=dumps.NO_SAMPLES)
def test_a_pair_that_arranges_votes_among_them_is() -> None:
    """The same table, with two of its people voting for ten posts of each other."""
    table = table_of(BICYCLES[0])
    first, second = sorted({vote.author for vote in table.votes})[10:12]
    at = table.votes[-1].at
    more = [
        Vote(a, b, 10**6 + n * 2 + (a < b), 1, at) for n in range(10) for a, b in ((first, second), (second, first))
    ]
    found = detect(Table([*table.votes, *more], table.accepted, table.joined))
    assert [(one.kind, one.members) for one in found] == [(Kind.PAIR, (first, second))]

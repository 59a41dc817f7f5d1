"""Writes small Stack Exchange dumps for the tests, and finds the real ones where a machine has some."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

FILES = ("Users", "Posts", "Comments", "Votes", "Badges", "PostHistory", "Tags", "PostLinks")
ROOT = Path(__file__).resolve().parents[3]
NO_SAMPLES = "no such sample dump; ISTHMUS_SAMPLE_DUMPS names a folder that has some"
Rows = Iterable[Mapping[str, object]]


def sample_dumps(name: str = "*") -> list[Path]:
    """Folders of real dumps, or of the one with this name."""
    folder = Path(os.environ.get("ISTHMUS_SAMPLE_DUMPS") or ROOT.parent / "shared/data/stackexchange")
    return sorted(path.parent for path in folder.glob(f"{name}/Users.xml"))


def write_file(folder: Path, name: str, rows: Rows) -> Path:
    """Write one file of a dump as the real ones are: a byte order mark, a row a line."""
    lines = ['\ufeff<?xml version="1.0" encoding="utf-8"?>', f"<{name.lower()}>"]
    for row in rows:
        columns = " ".join(f"{key}={_quoted(value)}" for key, value in row.items())
        lines.append(f"  <row {columns} />")
    path = folder / f"{name}.xml"
    path.write_text("\n".join([*lines, f"</{name.lower()}>"]), encoding="utf-8")
    return path


def _quoted(value: object) -> str:
    return quoteattr(str(value), {"\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"})


def write_dump(folder: Path, **files: Rows) -> Path:
    """Write all eight files; those not given hold no rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        write_file(folder, name, files.get(name, ()))
    return folder


def user(number: int, name: str, **more: object) -> dict[str, object]:
    """A row of Users.xml."""
    return {
        "Id": number,
        "Reputation": 101,
        "CreationDate": "2020-01-01T10:00:00.000",
        "DisplayName": name,
        "LastAccessDate": "2021-01-01T10:00:00.000",
        "Views": 1,
        "UpVotes": 2,
        "DownVotes": 3,
        "AccountId": 9000 + number,
        **more,
    }


def question(number: int, owner: int | None, title: str, body: str, **more: object) -> dict[str, object]:
    """A row of Posts.xml with a question."""
    owned = {} if owner is None else {"OwnerUserId": owner}
    return {
        "Id": number,
        "PostTypeId": 1,
        "CreationDate": f"2020-02-{number % 27 + 1:02}T10:00:00.123",
        "Score": 3,
        "ViewCount": 40,
        "Body": body,
        "Title": title,
        "Tags": "<bikes><wheels>",
        "LastActivityDate": "2020-03-01T10:00:00.000",
        **owned,
        **more,
    }


def answer(number: int, owner: int | None, parent: int, body: str, **more: object) -> dict[str, object]:
    """A row of Posts.xml with an answer."""
    owned = {} if owner is None else {"OwnerUserId": owner}
    return {
        "Id": number,
        "PostTypeId": 2,
        "ParentId": parent,
        "CreationDate": f"2020-03-{number % 27 + 1:02}T10:00:00.123",
        "Score": 5,
        "Body": body,
        "LastActivityDate": "2020-03-01T10:00:00.000",
        **owned,
        **more,
    }


def comment(number: int, by: int | None, post: int, text: str, **more: object) -> dict[str, object]:
    """A row of Comments.xml."""
    owned = {} if by is None else {"UserId": by}
    return {
        "Id": number,
        "PostId": post,
        "Score": 0,
        "Text": text,
        "CreationDate": f"2020-04-{number % 27 + 1:02}T10:00:00.000",
        **owned,
        **more,
    }


def vote(number: int, post: int, kind: int) -> dict[str, object]:
    """A row of Votes.xml: nobody knows who voted."""
    at = f"2020-05-{number % 27 + 1:02}T00:00:00.000"
    return {"Id": number, "PostId": post, "VoteTypeId": kind, "CreationDate": at}


def entry(number: int, post: int, kind: int, text: str, **more: object) -> dict[str, object]:
    """A row of PostHistory.xml."""
    return {
        "Id": number,
        "PostHistoryTypeId": kind,
        "PostId": post,
        "RevisionGUID": f"guid-{number}",
        "CreationDate": f"2020-06-{number % 27 + 1:02}T10:00:00.000",
        "UserId": 1,
        "Text": text,
        **more,
    }


def link(number: int, post: int, other: int, kind: int = 1) -> dict[str, object]:
    """A row of PostLinks.xml."""
    at = "2020-07-01T10:00:00.000"
    return {"Id": number, "CreationDate": at, "PostId": post, "RelatedPostId": other, "LinkTypeId": kind}


def badge(number: int, user_id: int, name: str) -> dict[str, object]:
    """A row of Badges.xml."""
    at = "2020-08-01T10:00:00.000"
    return {"Id": number, "UserId": user_id, "Name": name, "Date": at, "Class": 2, "TagBased": "False"}


def small_dump(folder: Path) -> Path:
    """A dump with a little of everything, tidy and untidy."""
    return write_dump(
        folder,
        Users=[
            user(-1, "Community"),
            user(1, "Ann Lee", AboutMe="<p>I <b>ride</b></p>", Location="Ulm", WebsiteUrl="https://a.example"),
            user(2, "Ann Lee", NewColumn="x"),
            user(3, "骑车人"),
        ],
        Posts=_small_posts(),
        Comments=[
            comment(1, 3, 1, "# which tyre?", CreationDate="2020-02-20T00:00:00.000", Score=2),
            comment(2, None, 11, "Thanks @Ann", UserDisplayName="gone9"),
            comment(3, 1, 404, "lost"),
        ],
        Votes=[
            *(vote(number, 11, 2) for number in range(1, 8)),
            vote(20, 11, 3),
            vote(21, 11, 1),
            vote(22, 1, 5),
            vote(23, 404, 2),
            vote(24, 20, 16),
        ],
        Badges=[badge(1, 1, "Teacher"), badge(2, 404, "Student")],
        PostHistory=_small_history(),
        Tags=[
            {"Id": 1, "TagName": "bikes", "Count": 2, "ExcerptPostId": 20, "WikiPostId": 21},
            {"Id": 2, "TagName": "Wheels", "Count": 1},
            {"Id": 3, "TagName": "wheels", "Count": 7},
        ],
        PostLinks=[link(1, 2, 1, 3), link(2, 2, 1, 3), link(3, 2, 1), link(4, 2, 404)],
    )


def _small_posts() -> list[dict[str, object]]:
    return [
        question(1, 1, "How to fix a flat?", "<p>rendered</p>", AcceptedAnswerId=11, FavoriteCount=4),
        question(2, None, "Closed one", "<p>b</p>", OwnerDisplayName="gone9", ClosedDate="2020-09-01T00:00:00"),
        question(3, -1, "No answer", "<p>c</p>", Tags="|c#|wheels|", AcceptedAnswerId=999),
        answer(10, 2, 1, "<p>Patch it</p>"),
        answer(11, 77, 1, "<p>Use <kbd>glue</kbd></p>", ContentLicense="CC BY-SA 4.0", Score=-2),
        answer(12, 3, 500, "<p>to nothing</p>"),
        {"Id": 20, "PostTypeId": 4, "CreationDate": "2020-01-01T00:00:00", "Body": "<p>Short</p>"},
        {"Id": 21, "PostTypeId": 5, "CreationDate": "2020-01-01T00:00:00", "Body": "<p>Long</p>"},
        {"Id": 22, "PostTypeId": 5, "CreationDate": "2020-01-01T00:00:00", "Body": "<p>Of no tag</p>"},
        {"Id": 23, "PostTypeId": 6, "CreationDate": "2020-01-01T00:00:00", "Body": "<p>Nomination</p>"},
    ]


def _small_history() -> list[dict[str, object]]:
    return [
        entry(1, 1, 1, "How to fix a flat", RevisionGUID="g1"),
        entry(2, 1, 2, "first *words*", RevisionGUID="g1"),
        entry(3, 1, 3, "<bikes>", RevisionGUID="g1"),
        entry(4, 1, 5, "second *words*\r\nwrapped", RevisionGUID="g2", Comment="clearer", UserId=2),
        entry(5, 1, 4, "How to fix a flat?", RevisionGUID="g2", UserId=2),
        entry(6, 2, 10, '{"OriginalQuestionIds":[1]}', Comment="101"),
        entry(7, 404, 2, "lost"),
        entry(8, 20, 2, "Short"),
    ]


def large_dump(folder: Path, questions: int = 110) -> Path:
    """A dump with several batches of fifty of most things; each question has an answer and a comment."""
    numbers = range(1, questions + 1)
    later = questions + 1
    return write_dump(
        folder,
        Users=[user(number, f"Rider {number % 400}") for number in numbers],
        Posts=[
            *(question(n, n, f"Question {n}", f"<p>body {n}</p>", AcceptedAnswerId=n + later) for n in numbers),
            *(answer(n + later, questions + 1 - n, n, f"<p>answer {n}</p>") for n in numbers),
        ],
        Comments=[comment(n, n, n + later, f"comment {n}") for n in numbers],
        Votes=[vote(n * 10 + k, n + later, 2) for n in numbers for k in range(n % 4)],
        Badges=[badge(n, n, "Teacher") for n in numbers],
        PostHistory=[
            *(entry(n, n, 2, f"body {n}") for n in numbers),
            *(entry(n + later, n, 5, f"better body {n}") for n in numbers),
        ],
        Tags=[{"Id": 1, "TagName": "bikes", "Count": 1}],
        PostLinks=[link(n, n, n % questions + 1) for n in numbers],
    )

"""What the three desks of the contract do not use: log-in, other pages, numbers, forms, HTML, codes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.desks.contract import (
    DeskBusyError,
    DeskError,
    DeskKeyError,
    DeskRefusedError,
    DeskSettings,
    DeskStatus,
    DeskUnreachableError,
    NotAtDeskError,
    NotDoneError,
    OutgoingComment,
    OutgoingFile,
)
from bridge.desks.declarative.description import read_description
from bridge.desks.declarative.desk import connect, connect_shipped
from bridge.desks.declarative.wire import desk_time
from community.core.outgoing import Answer

from .odd import BASIC, FILE, answering
from .test_contract import a_comment, a_query


class Odd:
    """A desk with sessions."""

    def __init__(self) -> None:
        self.logins: list[Any] = []
        self.good = "session-1"
        self.tickets: dict[str, dict[str, Any]] = {}

    def __call__(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        if path == "/login":
            self.logins.append(body)
            return 200, {"X-Session": f"session-{len(self.logins)}"}, {}
        if query["session"] != self.good:
            return 401, {}, "session-1 and s3cret are no good"
        if path == "/me":
            return 200, {}, {"name": "bridge"}
        if path == "/tickets" and method == "POST":
            number = str(len(self.tickets) + 1)
            self.tickets[number] = {**body, "id": int(number), "status": "new", "notes": [], "times": [1, None, 5]}
            return 201, {"X-Id": number}, ""
        if path == "/tickets":
            rows = list(self.tickets.values())[::-1]
            start = (int(query["page"]) - 1) * int(query["size"])
            return 200, {}, {"rows": rows[start : start + 2]}
        ticket = self.tickets.get(path.split("/")[2])
        if ticket is None:
            return 404, {}, {"error": "gone"}
        if method == "POST":
            ticket["notes"].insert(0, {"id": len(ticket["notes"]) + 1, "at": 9, **body})
            return 200, {}, {"id": ticket["notes"][0]["id"]}
        return 200, {}, ticket


def test_a_desk_of_sessions_forms_and_html() -> None:
    odd = Odd()
    with answering(odd) as desk:
        assert desk.health().account == "bridge"
        odd.good = "session-2"  # the first one ends
        assert desk.health().account == "bridge"
        assert odd.logins == [{"password": "s3cret", "more": '{"deep": true}'}] * 2
        query = a_query(tags=("a", "b"))
        made = desk.create(query)
        assert odd.tickets["1"]["tags"] == '["a", "b"]'
        assert "<strong>yesterday</strong>" in odd.tickets["1"]["text"]
        for _ in range(3):
            desk.create(a_query())
        assert desk.find_by_ref(query.ref) == made
        assert desk.find_by_ref(query.ref + "0") is None
        assert desk.get(made.id).comments == ()
        comment = a_comment("Some *words*_here")
        assert desk.add_comment(made.id, comment) == "1"
        assert desk.add_comment(made.id, a_comment("hidden", public=False)) == "2"
        seen = desk.get(made.id)
        assert [one.author for one in seen.comments] == ["Odd"]
        assert "*words*" in seen.comments[0].text
        assert seen.updated_at is not None and seen.updated_at.timestamp() == 5
        with pytest.raises(NotAtDeskError):
            desk.get("99")


MULTIPART = """
[files]
items = "files[*]"
id = "n"
name = "n"
address = "at"
limit = 100
[files.reply]
path = "/tickets/{id}/notes"
multipart = { html = "{text}", public = true, several = ["a", 1], files = "{files}" }
[files.fetch]
path = "{file_address}"
"""


def test_files_in_a_form_and_at_addresses_of_their_own() -> None:
    sent: list[str] = []
    note = {"id": 1, "at": 1, "html": "key-1", "public": True, "files": []}
    ticket: dict[str, Any] = {"title": "x", "status": "done", "notes": [note], "times": []}
    files = [{"n": "a.txt", "at": "/raw/a"}, {"n": "b.txt", "at": "https://elsewhere.example/b"}]

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        if method == "POST":
            sent.append(str(body))
        return 200, {}, '{"busy": true}' if path == "/raw/a" else ticket

    words = OutgoingComment("key-1", "key-1", files=(OutgoingFile("a.txt", "", b"abc"),))
    with answering(answer, BASIC + MULTIPART) as desk:
        assert (desk.capabilities().files, desk.capabilities().file_limit) == (True, 100)
        assert desk.capabilities().priorities is False
        with pytest.raises(NotDoneError, match=r"the file 'a\.txt' does not hang"):
            desk.add_comment("1", words)
        note["files"] = files
        assert desk.add_comment("1", words) == "1"
        assert [file.content_type for file in desk.get("1").comments[0].files] == ["text/plain", "text/plain"]
        assert desk.fetch_file("1", "a.txt") == b'{"busy": true}'  # a file may say what it likes
        with pytest.raises(DeskRefusedError, match="not the host"):
            desk.fetch_file("1", "b.txt")
        for refused in (replace(words, public=False), OutgoingComment("k", "k", public=False, files=words.files)):
            with pytest.raises(DeskRefusedError, match="no files in internal notes"):
                desk.add_comment("1", refused)
        note["public"] = False
        with pytest.raises(NotAtDeskError):
            desk.fetch_file("1", "a.txt")
    assert 'filename="a.txt"' in sent[0]
    assert "abc" in sent[0]


def test_files_and_priorities_that_no_file_describes() -> None:
    words = OutgoingComment("key-1", "key-1", files=(OutgoingFile("a.txt", "", b"abc"),))
    with answering(lambda *asked: (200, {}, {"title": "x"}), BASIC) as desk:
        with pytest.raises(DeskRefusedError, match="takes no files"):
            desk.add_comment("1", words)
        with pytest.raises(DeskRefusedError, match="does not take the priority"):
            desk.set_priority("1", 1)


def test_a_priority_that_stays_and_a_file_that_is_none() -> None:
    file = BASIC.replace("[ticket]\n", '[ticket]\npriority = "urgency"\n')
    file += '[priority]\nvalue = "{priority}"\npath = "/x"\n'
    file += MULTIPART.replace('path = "{file_address}"', 'path = "/f"\ncontent = "data"')
    note = {"id": 1, "at": 1, "html": "x", "public": True, "files": [{"n": "a.txt", "at": "/raw/a"}]}
    ticket = {"title": "x", "status": "done", "urgency": 3, "notes": [note], "times": [], "data": "a"}
    with answering(lambda *asked: (200, {}, ticket), file) as desk:
        desk.set_priority("1", 3)
        with pytest.raises(NotDoneError, match="should be “1” and is “3”"):
            desk.set_priority("1", 1)
        with pytest.raises(DeskRefusedError, match="no file in base64"):
            desk.fetch_file("1", "a.txt")


def test_a_session_that_never_works_is_no_session() -> None:
    with answering(lambda *asked: (200, {}, {})) as desk, pytest.raises(DeskKeyError, match="gave no session"):
        desk.health()


def test_secrets_are_not_in_what_the_desk_says() -> None:
    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        return (200, {"X-Session": "abcdef"}, {}) if path == "/login" else (401, {}, "abcdef and s3cret")

    with answering(answer) as desk, pytest.raises(DeskKeyError) as refused:
        desk.health()
    assert "(secret) and (secret)" in str(refused.value)


CODES: list[tuple[int, dict[str, str], Any, type[DeskError]]] = [
    (401, {}, "no", DeskKeyError),
    (403, {}, "no", DeskRefusedError),
    (404, {}, "no", NotAtDeskError),
    (409, {}, "no", DeskRefusedError),
    (412, {}, "no", DeskBusyError),
    (422, {}, "no", DeskRefusedError),
    (500, {}, "no", DeskUnreachableError),
    (302, {"Location": "https://elsewhere/"}, "", DeskRefusedError),
    (200, {}, {"busy": True}, DeskBusyError),
    (200, {}, {"name": ""}, DeskKeyError),
    (200, {}, "<html>Please sign in</html>", DeskKeyError),
]


@pytest.mark.parametrize(("code", "headers", "body", "error"), CODES, ids=lambda value: str(value)[:20])
def test_codes(code: int, headers: dict[str, str], body: Any, error: type[DeskError]) -> None:
    with answering(lambda *asked: (code, headers, body), BASIC) as desk, pytest.raises(error) as raised:
        desk.health()
    assert type(raised.value) is error


def test_how_long_to_wait() -> None:
    for headers, wait in (({}, 7), ({"Retry-After": "30"}, 30)):
        with answering(lambda *asked, said=headers: (429, said, ""), BASIC) as desk:
            with pytest.raises(DeskBusyError) as busy:
                desk.health()
            assert busy.value.wait == timedelta(seconds=wait)


def test_lists_without_end_and_lists_that_repeat() -> None:
    file = BASIC.replace("size = 2 }", "size = 2, most = 3 }")
    file = file.replace("newest_first = true\npaging", 'newest_first = true\nref = "ref"\npaging')

    def endless(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        return 200, {}, {"rows": [{"id": query["page"], "ref": "x"}]}

    with answering(endless, file) as desk, pytest.raises(DeskRefusedError, match="more pages than the 3"):
        desk.find_by_ref("r")
    with answering(lambda *asked: (200, {}, {"rows": [{"id": 1, "ref": "x"}]}), file) as desk:
        assert desk.find_by_ref("r") is None


def test_answers_that_lack_what_is_needed() -> None:
    with (
        answering(lambda *asked: (200, {}, {}), BASIC) as desk,
        pytest.raises(DeskUnreachableError, match="no header X-Id"),
    ):
        desk.create(a_query())
        with pytest.raises(DeskUnreachableError, match="no “n”"):
            desk.changes_since("")
    ticket = {"title": "x", "status": "done", "notes": [{"at": 1, "html": "y"}], "times": ["soon"]}
    with answering(lambda *asked: (200, {}, ticket), BASIC) as desk, pytest.raises(DeskUnreachableError, match="“id”"):
        desk.get("1")
    ticket["notes"] = []
    with (
        answering(lambda *asked: (200, {}, ticket), BASIC) as desk,
        pytest.raises(DeskUnreachableError, match="no time"),
    ):
        desk.get("1")
    with answering(lambda *asked: (200, {}, ["not", "one"]), BASIC) as desk, pytest.raises(DeskError):
        desk.get("1")


def test_words_that_are_not_there_or_come_out_wrong() -> None:
    ticket: dict[str, Any] = {"title": "x", "status": "done", "notes": [], "times": []}
    words = OutgoingComment("key-1", "words key-1")
    with (
        answering(lambda *asked: (200, {}, ticket), BASIC) as desk,
        pytest.raises(NotDoneError, match="are not at query"),
    ):
        desk.add_comment("1", words)
        ticket["notes"] = [{"id": 1, "at": 1, "html": "words key-1", "public": False}]
        with pytest.raises(NotDoneError, match="should be public"):
            desk.add_comment("1", words)


def test_what_an_administrator_must_enter() -> None:
    description = read_description(BASIC)
    with pytest.raises(DeskRefusedError, match="secrets are not entered: password"):
        connect(description, DeskSettings("odd", "odd", "http://127.0.0.1", {}, {}, {}, True))
    with pytest.raises(DeskRefusedError, match="no desk file is called odd"):
        connect_shipped(DeskSettings("odd", "file:odd", "http://127.0.0.1"))
    plain = BASIC[: BASIC.index("[note]")] + BASIC[BASIC.index("[status]") :]
    with (
        answering(lambda *asked: (200, {}, {}), plain) as desk,
        pytest.raises(DeskRefusedError, match="no internal notes"),
    ):
        desk.add_comment("1", OutgoingComment("k", "k", public=False))


def test_requests_that_cannot_be_made() -> None:
    file = BASIC.replace('text = "{text}", tags', 'text = "{text}", kind = "{class|kinds}", tags')
    file += '[values.kinds]\nincident = "i"\n' + "".join(
        f'{name} = "x"\n'
        for name in (
            "disaster",
            "service_request",
            "change_request",
            "complaint",
            "compliment",
            "improvement_suggestion",
            "suspicious_activity",
        )
    )
    with (
        answering(lambda *asked: (200, {}, {}), file) as desk,
        pytest.raises(DeskRefusedError, match=r"values\.kinds has neither “other”"),
    ):
        desk.create(a_query(query_class="other"))
    must = BASIC.replace('take_header = { id = "X-Id" }', 'take_header = { id = "X-Id" }\nmust = "fine = true"')
    with (
        answering(lambda *asked: (200, {}, {"fine": 1}), must) as desk,
        pytest.raises(DeskRefusedError, match="does not hold"),
    ):
        desk.create(a_query())
    once = BASIC.replace('path = "/me"', 'path = "/me"\ntake = { link = "link" }')
    elsewhere = once.replace(
        '[create]\npath = "/tickets"',
        '[[create.steps]]\npath = "/once"\ntake = { link = "link" }\n[[create.steps]]\npath = "{link}"',
    )
    with (
        answering(lambda *asked: (200, {}, {"link": "https://elsewhere.example/x"}), elsewhere) as desk,
        pytest.raises(DeskRefusedError, match=r"elsewhere\.example is not the host"),
    ):
        desk.create(a_query())


def test_a_session_in_the_body_and_links_to_the_next_page() -> None:
    file = FILE.replace('header = "Session"\nvalue = "{session}"\n', "")
    file = file.replace('take_header = { session = "X-Session" }', 'take = { session = "SessionID" }')
    file = file.replace('path = "/me"', 'path = "/me"\njson = { SessionID = "{session}" }')
    file = file.replace(
        'kind = "page", parameter = "page", size_parameter = "size", size = 2', 'kind = "next", next = "next"'
    )
    file = file.replace('path = "/tickets"\nitems', 'path = "/tickets"\nquery = { first = "1" }\nref = "ref"\nitems')

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        if path == "/login":
            return 200, {}, {"SessionID": "S1"}
        if path == "/me":
            return 200, {}, {"name": "bridge" if body["SessionID"] == "S1" else ""}
        if path == "/tickets":
            start = int(query.get("start", "0"))
            follows = f"http://inner.host/tickets?start={start + 1}" if start < 2 else None
            return 200, {}, {"rows": [{"id": start + 1, "ref": f"[r{start}]"}], "next": follows}
        return 200, {}, {"title": "[r2]", "status": "done", "notes": []}

    with answering(answer, file) as desk:
        assert desk.health().account == "bridge"
        found = desk.find_by_ref("r2")
        assert found is not None and found.id == "3"


def test_a_status_that_stays() -> None:
    file = BASIC.replace(
        "[status]\n", '[status]\npath = "/tickets/{id}/go"\njson = { to = "{status}" }\nwrite = { resolved = "done" }\n'
    )
    ticket = {"title": "x", "status": "new", "notes": []}
    with answering(lambda *asked: (200, {}, ticket), file) as desk, pytest.raises(NotDoneError, match="and is “new”"):
        desk.set_status("1", DeskStatus.RESOLVED)


def test_a_desk_without_a_clock() -> None:
    assert desk_time(Answer(200, {}, b"")) is None
    assert desk_time(Answer(200, {"date": "soon"}, b"")) is None


def test_a_query_that_is_there_already_at_its_status() -> None:
    file = BASIC.replace("[status]\n", '[status]\npath = "/x/{id}"\nwrite = { resolved = "done" }\n')
    sent: list[str] = []

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        sent.append(path)
        return 200, {}, {"title": "x", "status": "done", "notes": []}

    with answering(answer, file) as desk:
        desk.set_status("1", DeskStatus.RESOLVED)
    assert sent == ["/tickets/1"]


def test_what_should_be_taken_is_not_there() -> None:
    file = BASIC.replace('take = { comment_id = "id" }', 'take = { comment_id = "made.id" }')

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        return 200, {}, {"title": "x", "status": "done", "notes": []}

    with answering(answer, file) as desk, pytest.raises(DeskUnreachableError, match=r"the answer has no “made\.id”"):
        desk.add_comment("1", a_comment("x", public=False))

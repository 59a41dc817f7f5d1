"""Desks that say yes and do nothing, or answer what no desk was seen to answer: nobody is to believe them."""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bridge.desks.connectors import connect
from bridge.desks.contract import (
    Desk,
    DeskBusyError,
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
from community.core.outgoing import MOST_BYTES

from .test_contract import a_comment, a_query

Script = Mapping[str, Any]  # "METHOD pattern of the address" -> the JSON that comes

NOW = "2026-11-22T08:00:00Z"
RT_TICKET = {"id": 7, "Status": "new", "LastUpdated": NOW, "CustomFields": [], "Owner": {"id": "Nobody"}}
TICKET = {"id": 7, "status": 1, "on_hold": False, "custom_external_ref": "", "description": "", "followup_set": []}
ISSUE = {"id": "7", "activity": "2026-11-22.08:00:00", "status": {"name": "unread"}, "messages": [], "superseder": []}


@contextmanager
def desk_saying(kind: str, script: Script, **options: str) -> Iterator[Desk]:
    """A connector whose desk gives the first answer of the script that fits; 404 where none does."""

    class Scripted(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = f"{self.command} {self.path}"
            found = next((said for pattern, said in script.items() if re.match(pattern, asked)), None)
            body = json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - the names are the library's

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        chosen = {"account": "bridge", "queue": "1", "public": "all", **options}
        yield connect(DeskSettings("x", kind, url, chosen, {"password": "secret"}, allow_private=True))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def creates(desk: Desk) -> object:
    return desk.create(a_query())


def comments(desk: Desk) -> object:
    return desk.add_comment("7", a_comment("A word"))


def resolves(desk: Desk) -> None:
    desk.set_status("7", DeskStatus.RESOLVED)


def prioritises(desk: Desk) -> None:
    desk.set_priority("7", 1)


def sends_a_file(desk: Desk) -> object:
    return desk.add_comment("7", OutgoingComment("key-1", "A word key-1", files=(OutgoingFile("a.txt", "", b"abc"),)))


def listed(*items: object) -> dict[str, object]:
    return {"items": list(items)}


def collected(*items: object) -> dict[str, object]:
    return {"data": {"collection": list(items)}}


SAID = base64.b64encode(b"A word key-1").decode()
RT_WORDS = {"id": "3", "ContentType": "text/plain", "Filename": ""}
RT_FILE = {"id": "4", "ContentType": "text/plain", "Filename": "a.txt", "Headers": "X: 3\nContent-Length: 2\n"}
RT_SPEAKS: Script = {
    "GET .*/ticket/7": RT_TICKET,
    "POST .*/correspond": ["Added"],
    "GET .*/transactions": listed({"id": "9", "Type": "Correspond", "Created": NOW, "Creator": {"id": "agent"}}),
    "GET .*/attachment/3": {"Content": SAID},
}
MESSAGE = {"id": "7", "author.username": "bridge", "date": "2026-11-22.08:00:00", "content": "key-1", "public": 1}
SPOKEN_TO = {**ISSUE, "messages": [{"id": "7"}]}
FOLLOWUP = {"id": 9, "public": False, "comment": "A word key-1", "date": NOW}
MADE = {"data": {"id": "7", "link": "/rest/data/issue/@poe/once"}}
LIES: Mapping[str, tuple[str, Callable[[Desk], object], Script]] = {
    "rt makes nothing": ("rt", creates, {"POST .*/ticket": ["No permission"]}),
    "rt forgets the reference": ("rt", creates, {"POST .*/ticket": {"id": "7"}, "GET .*/ticket/7": RT_TICKET}),
    "rt drops a reply": (
        "rt",
        comments,
        {"GET .*/ticket/7": RT_TICKET, "POST .*/correspond": ["Added"], "GET .*/transactions": listed()},
    ),
    "rt adds another reply": (
        "rt",
        comments,
        {
            "GET .*/ticket/7": RT_TICKET,
            "POST .*/correspond": ["Added"],
            "GET .*/transactions": listed({"id": "9"}),
            "GET .*/transaction/9/att": listed({"id": "3", "ContentType": "image/png", "Filename": ""}),
        },
    ),
    "rt keeps the status": ("rt", resolves, {"GET .*/ticket/7": RT_TICKET, "PUT .*/ticket/7": ["No permission"]}),
    "roundup forgets the reference": (
        "roundup",
        creates,
        {"POST .*": MADE, "GET .*/issue": collected(ISSUE)},
    ),
    "roundup drops a message": (
        "roundup",
        comments,
        {"POST .*/msg": MADE, "PATCH .*": {}, "GET .*/issue": collected(ISSUE), "GET .*/msg": collected()},
    ),
    "roundup keeps the status": ("roundup", resolves, {"PATCH .*": {}, "GET .*/issue": collected(ISSUE)}),
    "django-helpdesk drops a comment": (
        "django_helpdesk",
        comments,
        {"POST .*/followups": {"id": 9}, "GET .*/tickets/7": TICKET},
    ),
    "django-helpdesk hides a comment": (
        "django_helpdesk",
        comments,
        {
            "POST .*/followups": {"id": 9},
            "GET .*/tickets/7": {**TICKET, "followup_set": [{"id": 9, "public": False, "comment": ""}]},
        },
    ),
    "django-helpdesk changes a comment": (
        "django_helpdesk",
        comments,
        {
            "POST .*/followups": {"id": 9},
            "GET .*/tickets/7": {**TICKET, "followup_set": [{"id": 9, "public": True, "comment": "Other"}]},
        },
    ),
    "rt drops a file": (
        "rt",
        sends_a_file,
        {**RT_SPEAKS, "GET .*/transaction/9/att": listed(RT_WORDS)},
    ),
    "rt cuts a file": (
        "rt",
        sends_a_file,
        {**RT_SPEAKS, "GET .*/transaction/9/att": listed(RT_WORDS, RT_FILE)},
    ),
    "rt keeps the priority": (
        "rt",
        prioritises,
        {"GET .*/ticket/7": {**RT_TICKET, "Priority": ""}, "PUT .*/ticket/7": ["No permission"]},
    ),
    "roundup drops a file": (
        "roundup",
        sends_a_file,
        {"POST .*": MADE, "PATCH .*": {}, "GET .*/issue": collected(SPOKEN_TO), "GET .*/msg": collected(MESSAGE)},
    ),
    "roundup keeps the priority": ("roundup", prioritises, {"PATCH .*": {}, "GET .*/issue": collected(ISSUE)}),
    "django-helpdesk drops a file": (
        "django_helpdesk",
        sends_a_file,
        {
            "POST .*": {"id": 9},
            "GET .*/tickets/7": {**TICKET, "followup_set": [FOLLOWUP]},
            "DELETE .*/followups/9": {},
        },
    ),
    "django-helpdesk keeps the priority": (
        "django_helpdesk",
        prioritises,
        {"GET .*/tickets/7": {**TICKET, "priority": 3}, "PATCH .*/tickets/7": TICKET},
    ),
    "django-helpdesk keeps the status": (
        "django_helpdesk",
        resolves,
        {"GET .*/tickets/7": TICKET, "PATCH .*/tickets/7": TICKET},
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_yes_is_not_believed(lie: str) -> None:
    kind, does, script = LIES[lie]
    with desk_saying(kind, script) as desk, pytest.raises(NotDoneError):
        does(desk)


def test_rt_is_left_alone_where_nothing_is_to_change() -> None:
    with desk_saying("rt", {"GET .*/ticket/7": {**RT_TICKET, "Status": "resolved"}}) as desk:
        resolves(desk)


def test_rt_finds_only_the_very_reference() -> None:
    other = {**RT_TICKET, "CustomFields": [{"name": "ExternalRef", "values": ["ISTHMUS:1"]}]}
    with desk_saying("rt", {"GET .*page=1$": listed(other), "GET .*page=2$": listed()}) as desk:
        assert desk.find_by_ref("isthmus:1") is None


def test_rt_words_without_text_are_no_comment_unless_they_have_files() -> None:
    script = {
        "GET .*/ticket/7": RT_TICKET,
        "GET .*/transactions": listed(
            {"id": "8", "Type": "Comment", "Created": NOW, "Creator": {"id": "agent"}},
            {"id": "9", "Type": "Correspond", "Created": NOW, "Creator": {"id": "agent"}},
        ),
        "GET .*/transaction/9/att": listed({"id": "3", "ContentType": "image/png", "Filename": ""}),
    }
    with desk_saying("rt", script) as desk:
        assert desk.get("7").comments == ()
    file = {"id": "3", "ContentType": "text/plain", "Filename": "log.txt"}
    with desk_saying("rt", {**script, "GET .*/transaction/9/att": listed(file)}) as desk:
        assert [(item.text, len(item.files)) for item in desk.get("7").comments] == [("log.txt", 1)]


def test_rt_says_that_a_queue_is_not_there() -> None:
    with desk_saying("rt", {"GET .*/rt$": {"Version": "5"}}) as desk, pytest.raises(DeskRefusedError, match="queue"):
        desk.health()


def test_an_account_must_be_named() -> None:
    script = {"GET .*/rt$": {"Version": "5"}, "GET .*/user": collected()}
    for kind in ("rt", "roundup"):
        with desk_saying(kind, script, account="") as desk, pytest.raises(DeskKeyError):
            desk.health()


def test_roundup_adds_nothing_to_another_issue() -> None:
    script = {"GET .*/issue": collected({**ISSUE, "id": "77"})}
    with desk_saying("roundup", script) as desk, pytest.raises(DeskRefusedError, match="no issue 7"):
        desk.get("7")


def test_roundup_without_any_issue_starts_at_the_beginning() -> None:
    with desk_saying("roundup", {"GET .*/issue": collected()}) as desk:
        begun = desk.changes_since("")
        assert desk.changes_since(begun.cursor) == begun


def test_roundup_private_messages_stay_even_if_the_tracker_lists_them() -> None:
    message = {"author.username": "agent", "date": "2026-11-22.08:00:00", "content": "A word"}
    issue = {**ISSUE, "messages": [{"id": str(number)} for number in range(1, 5)]}
    marks: tuple[object, ...] = (None, 0, "yes", 1)
    found = [{**message, "id": str(number), "open": mark} for number, mark in enumerate(marks, start=1)]
    script = {"GET .*/issue": collected(issue), "GET .*/msg": collected(*found)}
    with desk_saying("roundup", script, public="open") as desk:
        assert [item.id for item in desk.get("7").comments] == ["4"]


def test_roundup_answers_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.desks.connectors.roundup.PAGE", 1)
    first, second = ({**ISSUE, "id": str(number), "external_ref": "isthmus:1"} for number in (12, 9))
    script = {"GET .*index=1": collected(first), "GET .*index=2": collected(second), "GET .*index=3": collected()}
    with desk_saying("roundup", script) as desk:
        found = desk.find_by_ref("isthmus:1")
    assert found is not None
    assert found.id == "9"


def test_django_helpdesk_accounts_may_not_make_tickets() -> None:
    with desk_saying("django_helpdesk", {"OPTIONS .*": {}}) as desk, pytest.raises(DeskRefusedError, match="may not"):
        desk.health()


def test_django_helpdesk_pages_may_go_away_or_be_added() -> None:
    with desk_saying("django_helpdesk", {"GET .*page_size=1$": {"count": 250}}) as desk, pytest.raises(DeskBusyError):
        desk.find_by_ref("isthmus:1")
    there = {"results": [{"id": 9, "custom_external_ref": "isthmus:1"}], "next": None}
    script = {
        "GET .*page_size=1$": {"count": 1},
        "GET .*page=1&": {"results": [], "next": "more"},
        "GET .*page=2&": there,
    }
    with desk_saying("django_helpdesk", script) as desk:
        found = desk.find_by_ref("isthmus:1")
    assert found is not None
    assert found.id == "9"


def test_times_that_are_none() -> None:
    script = {"GET .*/issue": collected({**ISSUE, "activity": "soon"})}
    with desk_saying("roundup", script) as desk, pytest.raises(DeskUnreachableError):
        desk.get("7")


def test_rt_gives_nothing_that_hangs_elsewhere() -> None:
    words = {"id": "4", "Filename": "", "TransactionId": {"id": "9"}}
    script = {**RT_SPEAKS, "GET .*/attachments": listed(words, {**words, "id": "5", "Filename": "a.txt"})}
    with desk_saying("rt", script) as desk:
        for file_id in ("4", "6"):
            with pytest.raises(NotAtDeskError):
                desk.fetch_file("7", file_id)


def test_files_that_are_too_large_are_not_asked_for_again() -> None:
    message = {**MESSAGE, "files": [{"id": "5"}]}
    script = {
        "GET .*/issue": collected(SPOKEN_TO),
        "GET .*/msg": collected({**message, "author.username": "agent"}),
        "GET .*/file/5": "x" * (MOST_BYTES + 1),
        "GET .*/file": collected({"id": "5", "name": None, "type": "text/plain; charset=utf-8"}),
    }
    with desk_saying("roundup", script) as desk:
        ((file,),) = (comment.files for comment in desk.get("7").comments)
        assert (file.name, file.content_type) == ("file5", "text/plain")
        with pytest.raises(DeskRefusedError, match="larger"):
            desk.fetch_file("7", "5")

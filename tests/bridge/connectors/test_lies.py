"""Desks that say yes and do nothing, or answer what no desk was seen to answer: nobody is to believe them."""

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
    NotDoneError,
)

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

        do_GET = do_POST = do_PUT = do_PATCH = do_OPTIONS = _answer  # noqa: N815 - the names are the library's

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


def listed(*items: object) -> dict[str, object]:
    return {"items": list(items)}


def collected(*items: object) -> dict[str, object]:
    return {"data": {"collection": list(items)}}


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


def test_rt_words_without_text_are_no_comment() -> None:
    script = {
        "GET .*/ticket/7": RT_TICKET,
        "GET .*/transactions": listed(
            {"id": "8", "Type": "Comment", "Created": NOW, "Creator": {"id": "agent"}},
            {"id": "9", "Type": "Correspond", "Created": NOW, "Creator": {"id": "agent"}},
        ),
        "GET .*/transaction/9/att": listed({"id": "3", "ContentType": "text/plain", "Filename": "log.txt"}),
    }
    with desk_saying("rt", script) as desk:
        assert desk.get("7").comments == ()


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

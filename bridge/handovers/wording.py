"""The words that people see for desks, hand-overs and what crosses."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from bridge.desks.contract import DeskStatus

from .models import HandOverState, MessageState

BUILT_IN = _l("The built-in desk")
DESK_STATUSES: dict[str, LazyString] = {
    DeskStatus.NEW: _l("New"),
    DeskStatus.IN_PROGRESS: _l("Being worked on"),
    DeskStatus.WAITING_USER: _l("Waiting for the author"),
    DeskStatus.WAITING_DESK: _l("Waiting for the desk"),
    DeskStatus.ON_HOLD: _l("On hold"),
    DeskStatus.RESOLVED: _l("Resolved"),
    DeskStatus.CLOSED: _l("Closed"),
    DeskStatus.REJECTED: _l("Declined"),
    DeskStatus.MERGED: _l("Merged into another"),
    DeskStatus.DELETED: _l("Deleted"),
}
# Glyph, tone and word of how far a query is on its way.
STAGES: dict[str, tuple[str, str, LazyString]] = {
    HandOverState.DRAFT: ("clock", "plain", _l("Not sent yet")),
    HandOverState.QUEUED: ("clock", "wait", _l("Waits to be sent")),
    HandOverState.SENDING: ("upload", "wait", _l("On its way")),
    HandOverState.SENT: ("check", "solved", _l("Arrived")),
    HandOverState.FAILED: ("history", "wait", _l("Not there yet, tried again by itself")),
    HandOverState.DEAD: ("warn", "bad", _l("Given up")),
    HandOverState.RETRACTED: ("reply", "plain", _l("Taken back")),
}
MESSAGES: dict[str, tuple[str, str, LazyString]] = {
    MessageState.QUEUED: ("clock", "wait", _l("Waits to be sent")),
    MessageState.SENDING: ("upload", "wait", _l("On its way")),
    MessageState.SENT: ("check", "solved", _l("Sent")),
    MessageState.DEAD: ("warn", "bad", _l("Given up")),
    MessageState.HELD: ("pause", "plain", _l("Held back")),
    MessageState.RECEIVED: ("download", "desk", _l("Received")),
}
FIELDS: dict[str, LazyString] = {
    "ref": _l("Our reference there"),
    "title": _l("Title"),
    "query_class": _l("Class"),
    "impact": _l("Impact"),
    "urgency": _l("Urgency"),
    "priority": _l("Priority"),
    "people": _l("People affected"),
    "requester_name": _l("Name of the author"),
    "requester_address": _l("Address of the author"),
    "thread_url": _l("Address of the thread"),
    "tags": _l("Tags"),
}

"""How states of people on the way into the programme are said."""

from flask_babel import lazy_gettext as _l

_SAID = {
    "proposed": _l("Proposed"),
    "offered": _l("Asked, no answer yet"),
    "accepted": _l("Begins soon"),
    "active": _l("New"),
    "paused": _l("Resting"),
}


def state_said(state: str) -> str:
    """The state in the reader's language."""
    return str(_SAID.get(state, state))

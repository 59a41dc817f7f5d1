"""How states, ways and ends of appointments are said."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# State: glyph, word, tone.
STATES: dict[str, tuple[str, LazyString, str]] = {
    "proposed": ("review", _l("Proposed"), "wait"),
    "offered": ("mail", _l("Offered"), "wait"),
    "accepted": ("calendar", _l("Offer accepted"), "plain"),
    "active": ("solved", _l("Active"), "solved"),
    "paused": ("pause", _l("Pausing"), "plain"),
    "declined": ("declined", _l("Declined"), "plain"),
    "ended": ("closed", _l("Ended"), "plain"),
}
WAYS: dict[str, LazyString] = {
    "appointed": _l("appointed by the provider"),
    "nominated": _l("nominated by members"),
    "applied": _l("applied"),
}
ENDS: dict[str, LazyString] = {
    "over": _l("the term was over"),
    "resigned": _l("resigned, with thanks"),
    "withdrawn": _l("ended by the provider"),
    "renewed": _l("a further term followed"),
    "declined": _l("declined by the person"),
    "not_now": _l("not now"),
    "taken_back": _l("the application was taken back"),
    "applied": _l("an application of theirs followed"),
    "expired": _l("nobody answered in time"),
}
STEPS: dict[str, LazyString] = {
    "proposed": _l("Proposed"),
    "offered": _l("Offered"),
    "reminded": _l("Reminded of the offer"),
    "undone": _l("The decision was taken back"),
    "refused": _l("Not now"),
    "accepted": _l("Offer accepted"),
    "declined": _l("Declined"),
    "begun": _l("The term began"),
    "paused": _l("Paused"),
    "resumed": _l("Back again"),
    "ends_soon": _l("Told that the term ends within 30 days"),
    "ended": _l("Ended"),
}
DUTIES = _l(
    "Answer and welcome people in your spaces, look at what is reported there, say when you are away, and pass on what "
    "the provider should know."
)

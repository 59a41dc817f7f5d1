"""The word, the glyph and the tone of every state, in one table; a word is translated when it is shown."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATES: dict[str, tuple[str, LazyString, str]] = {
    "open": ("open", _l("Open"), "open"),
    "answered": ("answered", _l("Answered"), "answered"),
    "solved": ("solved", _l("Solved"), "solved"),
    "desk": ("bridge", _l("With the service desk"), "desk"),
    "resolved": ("resolved", _l("Resolved"), "resolved"),
    "declined": ("declined", _l("Declined"), "declined"),
    "closed": ("closed", _l("Closed"), "closed"),
    "article": ("book", _l("Article"), "article"),
    "incident": ("warn", _l("Incident"), "bad"),
    "planned": ("clock", _l("Planned"), "wait"),
    "done": ("check", _l("Done"), "solved"),
    "idea": ("idea", _l("Idea"), "idea"),
    "news": ("news", _l("News"), "news"),
    "discussion": ("discussion", _l("Discussion"), "discussion"),
    "restricted": ("lock", _l("Restricted"), "wait"),
}

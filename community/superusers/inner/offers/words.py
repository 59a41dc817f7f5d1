"""Words about invitations."""

from flask_babel import lazy_gettext as _l

from .models import OfferKind

KINDS = {
    OfferKind.TEST.value: _l("Test"),
    OfferKind.DEMO.value: _l("Demo"),
    OfferKind.STORY.value: _l("User story"),
    OfferKind.REQUIREMENT.value: _l("Requirement"),
}
RATINGS = {
    "1": _l("1, of no use"),
    "2": _l("2, hardly useful"),
    "3": _l("3, fair"),
    "4": _l("4, useful"),
    "5": _l("5, very useful"),
}

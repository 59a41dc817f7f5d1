"""How letters are said, and the sheet itself: in the language of the letter, whoever reads it."""

from collections.abc import Mapping
from datetime import date

from flask import render_template
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from community.core import i18n

from . import operations
from .figures import all_figures, label_of
from .models import Letter, LetterState

STATES = {
    "draft": ("edit", _l("Draft"), "plain"),
    "shown": ("clock", _l("Shown to the person"), "wait"),
    "asked": ("reply", _l("A change is asked for"), "wait"),
    "agreed": ("check", _l("Waits for a signature"), "wait"),
    "signed": ("solved", _l("Signed"), "solved"),
    "discarded": ("closed", _l("Discarded"), "plain"),
}
STEPS = {
    "drafted": _l("Drafted"),
    "redrafted": _l("Draft changed"),
    "shown": _l("Shown"),
    "changed": _l("Changed"),
    "agreed": _l("Found right"),
    "asked": _l("A change asked for"),
    "hours_allowed": _l("Hours allowed"),
    "hours_refused": _l("Hours taken out"),
    "signed": _l("Signed"),
    "discarded": _l("Discarded"),
    "shared": _l("Shared by an address"),
    "revoked": _l("An address ended"),
}


def letter_state(letter: Letter) -> tuple[str, str, str]:
    """Glyph, word and tone of where a letter stands."""
    glyph, word, tone = STATES[letter.state]
    return glyph, str(word), tone


def figures_of(figures: Mapping[str, float]) -> list[tuple[str, str]]:
    """Labels with their numbers, in their order."""
    order = [figure.key for figure in all_figures()]
    keys = sorted(figures, key=lambda key: order.index(key) if key in order else len(order))
    return [(label_of(key), format_decimal(figures[key])) for key in keys]


def letter_title(letter: Letter) -> str:
    """What a page with the letter is called, in the letter's own language."""
    with i18n.speaking(letter.language):
        return _("Letter of recognition for %(name)s", name=letter.member.name)


def letter_sheet(letter: Letter) -> Markup:
    """The letter as it is printed, in its own language."""
    content = operations.content_of(letter)
    with i18n.speaking(letter.language):
        page = render_template(
            "superusers/letters/sheet.html",
            found=letter,
            figures=figures_of(content["figures"]),
            begins=long_day(letter.begins_on),
            ends=long_day(letter.ends_on),
            signed_on=long_day(letter.signed_at.date()) if letter.signed_at else "",
            hash=operations.hash_of(letter),
            signed=letter.state == LetterState.SIGNED,
        )
        return Markup(page)  # noqa: S704 - a template of our own


def long_day(day: date) -> str:
    """A day with its month in words and its year."""
    return str(format_date(day, "long"))

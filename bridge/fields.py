"""Fields that several forms of the bridge share."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from bridge import words
from bridge.triage.classes import IMPACTS, URGENCIES
from community.core.forms import clean

LONGEST = 10_000


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices of a field from (value, label) pairs; values may be numbers, labels lazy."""
    return [SelectChoice(value, label) for value, label in pairs]


def words_field(label: object, *, missing: object = None, longest: int = LONGEST) -> TextAreaField:
    """A field for a few words; required where `missing` says what to do first."""
    too_long = _l("This is too long. Put long logs into a file.")
    needed = [DataRequired(missing)] if missing else []
    return TextAreaField(label, filters=[clean], validators=[*needed, Length(max=longest, message=too_long)])


def class_field(label: object) -> RadioField:
    """The eight classes."""
    return RadioField(
        label,
        choices=choices(words.CLASSES.items()),
        validators=[DataRequired(_l("Choose the class that fits best."))],
    )


def impact_field() -> RadioField:
    """How many people are affected."""
    return RadioField(
        _l("Who is affected?"),
        coerce=int,
        choices=choices((value, words.IMPACTS[value]) for value in IMPACTS),
        validators=[DataRequired(_l("Say how many people are affected."))],
    )


def urgency_field() -> RadioField:
    """How much it hurts."""
    return RadioField(
        _l("How much does it hold people up?"),
        coerce=int,
        choices=choices((value, words.URGENCIES[value]) for value in URGENCIES),
        validators=[DataRequired(_l("Say how urgent it is."))],
    )

"""Forms around promotion and the author's page: clear messages, nothing typed is lost."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from bridge import words
from bridge.triage.classes import IMPACTS, URGENCIES
from community.core.markup import clean_text

LONGEST = 10_000


def clean(value: str | None) -> str | None:
    """Several lines of clean text, as kept."""
    return clean_text(value).strip() if value else value


def words_field(label: object, *, missing: object = None, longest: int = LONGEST) -> TextAreaField:
    """A field for a few words; required where `missing` says what to do first."""
    too_long = _l("This is too long. Put long logs into a file.")
    needed = [DataRequired(missing)] if missing else []
    return TextAreaField(label, filters=[clean], validators=[*needed, Length(max=longest, message=too_long)])


def class_field(label: object) -> RadioField:
    """The eight classes."""
    return RadioField(
        label,
        choices=list(words.CLASSES.items()),
        validators=[DataRequired(_l("Choose the class that fits best."))],
    )


def impact_field() -> RadioField:
    """How many people are affected."""
    return RadioField(
        _l("Who is affected?"),
        coerce=int,
        choices=[(value, words.IMPACTS[value]) for value in IMPACTS],
        validators=[DataRequired(_l("Say how many people are affected."))],
    )


def urgency_field() -> RadioField:
    """How much it hurts."""
    return RadioField(
        _l("How much does it hold people up?"),
        coerce=int,
        choices=[(value, words.URGENCIES[value]) for value in URGENCIES],
        validators=[DataRequired(_l("Say how urgent it is."))],
    )


class PromotionForm(FlaskForm):
    """Taking a thread to the desk."""

    query_class = class_field(_l("What is it?"))
    impact = impact_field()
    urgency = urgency_field()
    reason = words_field(_l("Why should the service desk take it?"), longest=1000)


class AdditionForm(FlaskForm):
    """The author has something to add."""

    text = words_field(_l("Add something"), missing=_l("Write a few words first."))


class NotHelpedForm(FlaskForm):
    """The proposed answer did not help."""

    still = words_field(_l("What is still wrong?"), missing=_l("Say what is still wrong, so that the desk can go on."))

"""Forms of those who say what is looked at before publishing."""

from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from community.accounts.words import option
from community.core import i18n
from community.core.db import utcnow
from community.core.forms import MomentField, PageForm, clean, tidy

from .models import Action, Look
from .watched import ACTIONS, LOOKS


def _number(label: object, most: int) -> IntegerField:
    said = _l("A whole number from 0 to %(max)s, or nothing.")
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(0, most, message=said)],
        render_kw={"inputmode": "numeric", "min": 0, "max": most},
    )


class HoldingForm(PageForm):
    """Numbers of the rules; an empty one is inherited, 0 turns a rule off."""

    first_posts = _number(_l("First posts of each person"), 100)
    newcomer_links = _number(_l("Newcomers: this many links or more"), 100)
    seconds = _number(_l("Newcomers: first post within seconds of opening the page"), 60)
    alike = _number(_l("Newcomers: this many percent like something recent"), 100)


class ReadOnlyForm(PageForm):
    """Why nobody writes for now, and until when."""

    why = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: everybody who wants to write reads it.")), Length(max=300)],
        render_kw={"maxlength": 300},
    )
    until = MomentField(_l("Until when?"), format="%Y-%m-%dT%H:%M", validators=[Optional()])

    def validate_until(self, field: Field) -> None:
        """Some time to come."""
        moment = self.moment()
        if moment is not None and moment <= utcnow():
            raise ValidationError(_("Choose a time to come."))

    def moment(self) -> datetime | None:
        """What was typed, as the clocks of whoever typed it show it."""
        if self.until.data is None:
            return None
        moment: datetime = self.until.data.replace(tzinfo=i18n.zone()).astimezone(UTC)
        return moment


class WordForm(PageForm):
    """One more text to watch for."""

    text = StringField(
        _l("Word, phrase or pattern"),
        validators=[
            DataRequired(_l("Type what to watch for.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
        filters=[lambda text: text.strip() if text else text],
        render_kw={"maxlength": 200, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
    )
    look = RadioField(
        _l("What is it?"), choices=[option(key.value, said) for key, said in LOOKS.items()], default=Look.WORD.value
    )
    action = RadioField(
        _l("What is done?"),
        choices=[option(key.value, said) for key, said in ACTIONS.items()],
        default=Action.HOLD.value,
    )


class TrialForm(PageForm):
    """A text that is tried and kept nowhere."""

    trial = TextAreaField(
        _l("Try a text"),
        filters=[clean],
        validators=[DataRequired(_l("Type a text to try.")), Length(max=5000, message=_l("At most 5,000 characters."))],
    )


class WithdrawForm(PageForm):
    """Why somebody is trusted no more."""

    reason = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Say why: those who review here read it.")),
            Length(max=300, message=_l("At most %(max)d characters.")),
        ],
        render_kw={"maxlength": 300},
    )

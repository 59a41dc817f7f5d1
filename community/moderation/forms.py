"""Forms of moderation."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from community.accounts.forms import refuse
from community.core.db import utcnow
from community.core.forms import DayField, PageForm, Suggesting, clean, tidy
from community.core.i18n import zone
from community.spaces.models import Space

from .rules import REASONS

LONGEST = timedelta(days=3653)


class FlagForm(PageForm):
    """What is wrong with it, in one of a few words, and in one's own."""

    reason = RadioField(_l("What is wrong"), validators=[DataRequired(_l("Choose what fits best."))])
    note = StringField(
        _l("In your own words"),
        filters=[tidy],
        validators=[Optional(), Length(max=500, message=_l("At most 500 characters."))],
        description=_l("Read by those who decide, and by nobody else."),
    )

    def offer(self) -> "FlagForm":
        """The reasons, in the reader's language."""
        self.reason.choices = [
            SelectChoice(value=reason.key, label=_("%(what)s: %(how)s", what=reason.label, how=reason.hint))
            for reason in REASONS.values()
        ]
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """Something else must be said in words."""
        if not super().validate(extra_validators):
            return False
        if REASONS[self.reason.data].needs_note and not self.note.data:
            refuse(self.note, _("Say in a few words what is wrong."))
            return False
        return True


class AppealForm(PageForm):
    """Why it should be looked at again."""

    words = TextAreaField(
        _l("Why should we look again?"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            Length(max=2000, message=_l("At most 2,000 characters.")),
        ],
    )


def _words_field(label: object = _l("What the person reads")) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[clean],
        validators=[
            DataRequired(_l("Say in a few words why. The person concerned reads them.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )


class EndForm(PageForm):
    """Until when a measure lasts."""

    until = DayField(_l("Until the end of"), validators=[Optional()])

    def validate_until(self, field: DayField) -> None:
        """A day that is not over yet, within ten years."""
        today = utcnow().astimezone(zone()).date()
        if field.data < today:
            raise ValidationError(_("This day is over."))
        if field.data > today + LONGEST:
            raise ValidationError(_("At most ten years from now."))

    @property
    def end(self) -> datetime | None:
        """When that day is over where the moderator lives."""
        day = self.until.data
        return datetime.combine(day + timedelta(days=1), time(), zone()).astimezone(UTC) if day else None


class PunishForm(EndForm):
    """A measure against a person: which, by which rule, until when, and why."""

    kind = RadioField(_l("Which measure?"), validators=[DataRequired(_l("Choose a measure."))])
    rule = SelectField(_l("By which rule?"))
    space = SelectField(_l("For which space?"), coerce=int)
    words = _words_field()

    def offer(
        self, kinds: Sequence[tuple[str, str]], rules: Sequence[tuple[str, str]], spaces: Sequence[Space]
    ) -> Self:
        """What this moderator can choose; managers act for the whole community."""
        self.kind.choices = [SelectChoice(key, said) for key, said in kinds]
        self.rule.choices = [SelectChoice(key, said) for key, said in rules]
        self.space.choices = [SelectChoice(str(space.id), space.name) for space in spaces]
        if not spaces:
            del self.space
        return self

    @property
    def space_id(self) -> int | None:
        """The space for which it is taken; None for all."""
        return int(self.space.data) if "space" in self else None


class CleanForm(PageForm):
    """Cleaning up after somebody: by which rule, and why."""

    rule = SelectField(_l("By which rule?"), default="spam")
    words = _words_field()

    def offer(self, rules: Sequence[tuple[str, str]]) -> Self:
        """The rules, in words."""
        self.rule.choices = [SelectChoice(key, said) for key, said in rules]
        return self


class OtherForm(PageForm):
    """Whose votes are looked at beside those of the person whose page it is. It only reads."""

    class Meta(PageForm.Meta):
        """Its fields stand in the address."""

        csrf = False

    other = StringField(
        _l("And who else?"),
        filters=[tidy, lambda text: text.removeprefix("@").lower() if text else text],
        validators=[Optional(), Length(max=31)],
        widget=Suggesting("people", one=True),
    )


class VoidForm(PageForm):
    """Why votes between two people are set aside."""

    words = _words_field(_l("What both of them read"))


class AskManagerForm(PageForm):
    """Why managers should look at somebody."""

    words = TextAreaField(
        _l("What should a manager know?"),
        filters=[clean],
        validators=[DataRequired(_l("Write a few words first.")), Length(max=500)],
    )

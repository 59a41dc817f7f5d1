"""Forms about letters of recognition."""

from datetime import timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from community.core.db import utcnow
from community.core.forms import DayField, PageForm, clean, tidy
from community.core.i18n import LANGUAGES, day_here, language
from community.core.policies import Actor
from community.groups.forms import MultiCheckboxField

from ..appointing.forms import handle_field, member_called
from .figures import HOURS, all_figures
from .models import LONGEST, Letter
from .operations import Told
from .queries import was_super_user


class LetterForm(PageForm):
    """What a letter says about whom."""

    handle = handle_field(_l("Super user"))
    addressee = StringField(
        _l("Written to"),
        filters=[tidy],
        validators=[Length(max=160, message=_l("At most 160 characters."))],
        description=_l("Their employer or manager, such as “Halden Ltd.”; leave it empty where it is for them alone."),
    )
    language = SelectField(_l("Language"), choices=[SelectChoice(key, name) for key, name in LANGUAGES.items()])
    begins = DayField(_l("From"), validators=[InputRequired(_l("Choose a day."))])
    ends = DayField(_l("Until the end of"), validators=[InputRequired(_l("Choose a day."))])
    figures = MultiCheckboxField(
        _l("What the record tells"),
        description=_l("What there was none of is left out. Hours stand in it only if they allow it themselves."),
    )
    words = TextAreaField(
        _l("In your words"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            Length(max=10_000, message=_l("At most 10,000 characters.")),
        ],
    )

    def __init__(self, actor: Actor, letter: Letter | None = None) -> None:
        """Begin with what stands, or with whom the address names."""
        super().__init__(data=_standing(letter) if letter else _fresh())
        self._actor = actor
        self.figures.choices = [SelectChoice(each.key, str(each.label)) for each in all_figures()]
        if letter is not None:
            del self.handle

    def validate_handle(self, field: StringField) -> None:
        """Somebody else who is a super user, or was one."""
        found = member_called(field.data)
        if found is None or not was_super_user(found):
            raise ValidationError(_("Name somebody who is a super user, or was one."))
        if found.id == self._actor.id:
            raise ValidationError(_("Nobody writes a letter about themselves."))

    def validate_ends(self, field: DayField) -> None:
        """Not before it begins, not after today, and not ages."""
        if self.begins.data is None or field.data is None:
            return
        if not self.begins.data <= field.data <= self.begins.data + LONGEST:
            raise ValidationError(_("Choose a day after it begins, within five years."))
        if field.data > day_here(utcnow()):
            raise ValidationError(_("A letter tells what was, not what will be."))

    def told(self) -> Told:
        """What was filled in."""
        return Told(
            addressee=self.addressee.data or "",
            language=self.language.data,
            begins_on=self.begins.data,
            ends_on=self.ends.data,
            words=self.words.data,
            figures=[each.key for each in all_figures() if each.key in (self.figures.data or ())],
        )


class WishForm(PageForm):
    """What somebody would like to be told differently."""

    words = TextAreaField(
        _l("What should it tell differently, or not at all?"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            Length(max=2000, message=_l("At most 2,000 characters.")),
        ],
    )


class LinkForm(PageForm):
    """For whom an address is."""

    note = StringField(
        _l("For whom?"),
        filters=[tidy],
        validators=[Length(max=80, message=_l("At most 80 characters."))],
        description=_l("So that you know later which one to end; only you read it."),
    )


def _fresh() -> dict[str, object]:
    handle = request.args.get("handle", "")[:31]
    found, today = member_called(handle), day_here(utcnow())
    return {
        "handle": handle,
        "language": found.language if found and found.language else language(),
        "begins": today - timedelta(days=364),
        "ends": today,
        "figures": [each.key for each in all_figures() if each.key not in HOURS],
    }


def _standing(letter: Letter) -> dict[str, object]:
    return {
        "addressee": letter.addressee,
        "language": letter.language,
        "begins": letter.begins_on,
        "ends": letter.ends_on,
        "figures": list(letter.told),
        "words": letter.words,
    }
